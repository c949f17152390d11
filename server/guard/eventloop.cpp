// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/guard/eventloop.h"

#include <algorithm>
#include <array>
#include <climits>

#include <sys/epoll.h>
#include <sys/eventfd.h>

namespace danube::guard {
namespace {

constexpr uint64_t wakeMark = UINT64_MAX;
constexpr int eventsAtOnce = 256;

} // namespace

EventLoop::EventLoop() : m_epoll(epoll_create1(EPOLL_CLOEXEC)), m_wake(eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK))
{
    epoll_event event{};
    event.events = EPOLLIN;
    event.data.u64 = wakeMark;
    epoll_ctl(m_epoll.get(), EPOLL_CTL_ADD, m_wake.get(), &event);
}

EventLoop::WatchId EventLoop::watch(int descriptor, uint32_t events, EventSink &sink, int tag)
{
    if (m_free.empty()) {
        m_free.push_back(static_cast<uint32_t>(m_slots.size()));
        m_slots.emplace_back();
    }
    const uint32_t index = m_free.back();
    Slot &slot = m_slots[index];
    epoll_event event{};
    event.events = events;
    event.data.u64 = uint64_t(slot.generation) << 32 | index;
    if (epoll_ctl(m_epoll.get(), EPOLL_CTL_ADD, descriptor, &event) < 0)
        return {};
    m_free.pop_back();
    slot.sink = &sink;
    slot.descriptor = descriptor;
    slot.tag = tag;
    return {index, slot.generation};
}

void EventLoop::unwatch(WatchId &watch)
{
    const WatchId old = std::exchange(watch, {});
    if (old.slot >= m_slots.size() || m_slots[old.slot].generation != old.generation)
        return;
    Slot &slot = m_slots[old.slot];
    epoll_ctl(m_epoll.get(), EPOLL_CTL_DEL, slot.descriptor, nullptr);
    slot = {nullptr, -1, 0, slot.generation + 1};
    m_free.push_back(old.slot);
}

EventLoop::TimerId EventLoop::startTimer(milliseconds after, Task task)
{
    const TimerId id(m_now + after, ++m_lastTimer);
    m_timers.emplace(id, std::move(task));
    return id;
}

void EventLoop::stopTimer(TimerId &timer)
{
    m_timers.erase(std::exchange(timer, noTimer));
}

void EventLoop::post(Task task)
{
    m_tasks.push_back(std::move(task));
}

void EventLoop::wake()
{
    eventfd_write(m_wake.get(), 1);
}

int EventLoop::waitTime() const
{
    if (!m_tasks.empty())
        return 0;
    if (m_timers.empty())
        return -1;
    const auto left = std::chrono::ceil<milliseconds>(m_timers.begin()->first.first - std::chrono::steady_clock::now());
    return static_cast<int>(std::clamp<milliseconds::rep>(left.count(), 0, INT_MAX));
}

void EventLoop::runTimers()
{
    while (!m_isStopping && !m_timers.empty() && m_timers.begin()->first.first <= m_now) {
        auto due = m_timers.extract(m_timers.begin());
        due.mapped()();
    }
}

void EventLoop::runTasks()
{
    auto tasks = std::exchange(m_tasks, {});
    for (Task &task : tasks)
        task();
}

void EventLoop::run()
{
    std::array<epoll_event, eventsAtOnce> events{};
    while (!m_isStopping) {
        const int count = epoll_wait(m_epoll.get(), events.data(), eventsAtOnce, waitTime());
        m_now = std::chrono::steady_clock::now();
        for (int i = 0; i < count && !m_isStopping; ++i) {
            const uint64_t mark = events[static_cast<size_t>(i)].data.u64;
            if (mark == wakeMark) {
                eventfd_t ignored = 0;
                eventfd_read(m_wake.get(), &ignored);
                if (onWake)
                    onWake();
                continue;
            }
            const auto index = static_cast<uint32_t>(mark);
            const Slot slot = m_slots[index];
            if (slot.sink && slot.generation == mark >> 32)
                slot.sink->onEvents(slot.tag, events[static_cast<size_t>(i)].events);
        }
        runTimers();
        runTasks();
    }
}

} // namespace danube::guard
