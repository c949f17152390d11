// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "server/http/httplimits.h"
#include "server/http/sseinbox.h"

#include <atomic>
#include <map>
#include <memory>
#include <thread>
#include <unordered_map>

namespace danube::http {

/// The SSE thread: thousands of sockets behind one epoll descriptor. A client is a position in a feed and at most one
/// block (64 KiB of log), shared with others; whoever does not read costs nothing and delays nobody. Public methods are
/// for any thread and do not block on clients.
class SseHub
{
public:
    struct Sources
    {
        LogFeed::OpenLog openLog;
        LogFeed::FindJob findJob;
    };
    SseHub(Sources sources, const HttpLimits &limits, const Clock &clock, QByteArray epoch);
    ~SseHub(); ///< closes all streams and joins the thread (it never waits for a client)

    Result<void> start();
    bool hasRoom() const { return m_count.load() < m_limits.streams; }
    int clients() const { return m_count.load(); }

    /// Takes the descriptor of a connection whose request is answered here, from the response head on.
    void followLog(int descriptor, JobId job, SsePosition position);
    /// `lastEventId` empty = from now on.
    void followEvents(int descriptor, QByteArray lastEventId);
    void logChanged(const JobId &job) { logObserver()(job); } ///< grown, sealed, or the job's state changed
    /// logChanged() for another thread that may still call when the hub is gone: then it does nothing.
    std::function<void(const JobId &)> logObserver() const;
    void publish(QByteArray type, QByteArray json);

private:
    struct Client;
    struct LogGroup;

    void join(SseNewcomer newcomer);
    void run();
    void sleepUntilReady(std::chrono::nanoseconds most) const;
    bool takeInbox(); ///< false = stop
    void admit(SseNewcomer newcomer);
    void begin(Client &client, SseFeed &feed);
    void refreshLog(const JobId &job);
    void lookAtDue();
    void wakeClients(const std::vector<Client *> &clients);
    void schedule(Client &client);
    void turn(Client &client);
    bool fill(Client &client);
    bool flush(Client &client);
    void onReady(Client &client, uint32_t events);
    void watch(Client &client, bool writable);
    void tick();
    void close(Client &client);
    void bury();

    const Sources m_sources;
    const HttpLimits m_limits;
    const Clock &m_clock;
    std::thread m_thread;
    int m_epoll = -1;
    std::atomic<int> m_count = 0; ///< newcomers included
    const std::shared_ptr<SseInbox> m_inbox;

    // SSE thread only.
    EventFeed m_events;
    std::vector<Client *> m_eventClients;
    std::unordered_map<QString, std::unique_ptr<LogGroup>> m_logs;
    std::unordered_map<Client *, std::unique_ptr<Client>> m_clients;
    std::multimap<SteadyTime, JobId> m_due; ///< logs that changed soon after the last look at them
    std::deque<Client *> m_ready;           ///< with something to do, in turn
    std::vector<Client *> m_dead;           ///< closed in this turn, freed after it
    quint64 m_lastNumber = 0;
    quint64 m_tick = 0;
    SteadyTime m_nextTick;
};

} // namespace danube::http
