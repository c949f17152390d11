// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "server/http/ssefeed.h"

#include <atomic>
#include <mutex>

namespace danube::http {

/// A connection whose request is answered by the SSE thread.
struct SseNewcomer
{
    int descriptor = -1;
    std::optional<JobId> job = {}; ///< nullopt = the event stream
    SsePosition position = {};
    QByteArray lastEventId = {};
};

/// What other threads have for the SSE thread, which epoll wakes for it. Outlives the hub while somebody may still put
/// something in; what nobody took is closed with it. Any thread, where nothing else is said.
class SseInbox
{
public:
    /// More events than `maxEvents` at once are lost, and told to be.
    explicit SseInbox(qsizetype maxEvents) : m_maxEvents(maxEvents) {}
    ~SseInbox();

    /// Before there are other threads.
    Result<void> open();
    /// Readable when there is something; readAll() makes it wait for more. SSE thread.
    int descriptor() const { return m_descriptor; }
    void readAll();

    void put(SseNewcomer newcomer);
    void noteChanged(const JobId &job); ///< once, however often
    void publish(QByteArray type, QByteArray json);
    void stop();

    struct Content
    {
        std::vector<SseNewcomer> newcomers;
        std::vector<JobId> changed;
        std::vector<std::pair<QByteArray, QByteArray>> events; ///< type and JSON
        bool eventsLost = false;
    };
    /// All that came since the last call; nullopt = stop. SSE thread.
    std::optional<Content> take();

private:
    void wake();

    const qsizetype m_maxEvents;
    int m_descriptor = -1; ///< eventfd
    std::atomic<bool> m_isWoken = false;
    std::mutex m_mutex;
    Content m_content;     ///< guarded by m_mutex
    bool m_isOver = false; ///< the same
};

} // namespace danube::http
