// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "shared/core/clock.h"
#include "shared/core/filedescriptor.h"

#include <cstdint>
#include <functional>
#include <map>
#include <vector>

namespace danube::guard {

/// Told of a descriptor's events. `tag` is what was given to watch().
class EventSink
{
public:
    virtual void onEvents(int tag, uint32_t events) = 0;

protected:
    ~EventSink() = default;
};

/// epoll, timers and tasks of one thread. All functions on that thread, but wake(). A watch or timer that was removed
/// is never told of again, also not of events that the kernel gave before; a sink must not delete itself within
/// onEvents() (post() a task instead).
class EventLoop
{
public:
    using Task = std::move_only_function<void()>;
    struct WatchId
    {
        uint32_t slot = UINT32_MAX;
        uint32_t generation = 0;
    };
    using TimerId = std::pair<SteadyTime, uint64_t>;
    static constexpr TimerId noTimer{};

    EventLoop();
    /// `events`: of epoll_ctl(2), EPOLLET included. The descriptor must stay open until it is unwatched.
    WatchId watch(int descriptor, uint32_t events, EventSink &sink, int tag = 0);
    void unwatch(WatchId &watch);
    TimerId startTimer(milliseconds after, Task task);
    void stopTimer(TimerId &timer);
    void post(Task task); ///< in the next turn
    void wake();          ///< from any thread: `onWake` is called soon
    std::move_only_function<void()> onWake;

    void run(); ///< until stop()
    void stop() { m_isStopping = true; }
    SteadyTime now() const { return m_now; } ///< of the turn

private:
    struct Slot
    {
        EventSink *sink = nullptr;
        int descriptor = -1;
        int tag = 0;
        uint32_t generation = 0;
    };
    int waitTime() const;
    void runTimers();
    void runTasks();

    FileDescriptor m_epoll;
    FileDescriptor m_wake;
    std::vector<Slot> m_slots;
    std::vector<uint32_t> m_free;
    std::map<TimerId, Task> m_timers;
    uint64_t m_lastTimer = 0;
    std::vector<Task> m_tasks;
    SteadyTime m_now = std::chrono::steady_clock::now();
    bool m_isStopping = false;
};

} // namespace danube::guard
