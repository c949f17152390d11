// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "server/agent/connection.h"
#include "server/agent/streamsender.h"

#include <list>

namespace danube::agent {

struct DaemonOptions
{
    int passed = -1;              ///< a descriptor that every step inherits (ProcessDefaults); -1 = none
    SteadyMs orphanLimit = never; ///< how long it waits for a master (ms); then it ends, and all steps with it
};

/// The agent proper: parent of all steps, listener, keeper of spools and records. Single-threaded; run() returns when
/// SHUTDOWN, SIGTERM or SIGINT ended it, or when no master is to be expected any more.
class Daemon
{
public:
    static SystemResult<std::unique_ptr<Daemon>> create(const std::string &path, const DaemonOptions &options);
    ~Daemon();
    /// The exit code.
    int run();

private:
    explicit Daemon(AgentDirectory directory);
    struct Listener;
    struct Signals;

    SystemResult<void> open();
    SystemResult<void> listen();
    void becomeParent();
    SteadyMs deadline() const;
    void onTurn();

    // connections
    void acceptFrom(int listener);
    bool isWelcome(int socket) const;
    void setDeaf(bool isDeaf);
    void limitUnproven();
    void serveConnections(SteadyMs now);
    void takeLease(Connection &connection);
    void sendToLease();
    void guardPlace(SteadyMs now);
    void mindOrphanhood(SteadyMs now);

    // children
    void onSignal(int signal, int sender);
    void reap();
    StepRun *stepOfSupervisor(pid_t process);
    void sweep(SteadyMs now);
    std::set<pid_t> supervisors() const;

    // commands, only from the lease
    void handle(const Start &start);
    void handle(const Resume &resume);
    void handle(const Ack &ack);
    void handle(const Credit &credit);
    void handle(const Kill &kill);
    void handle(const Forget &forget);
    void handle(const Ping &ping);
    void handle(const Shutdown &shutdown);
    void startNew(const Start &start);
    void fail(std::uint32_t step, FailureCode code, std::string text);
    void shutDown(std::int64_t graceMs);
    bool isDone(SteadyMs now);
    StepRun *find(std::uint32_t step);

    EventLoop m_loop;
    AgentDirectory m_directory;
    ContainerKey m_key;
    BootId m_bootId{};
    StepSurroundings m_around;
    std::unique_ptr<Listener> m_listener;
    std::unique_ptr<Signals> m_signals;
    std::list<std::unique_ptr<Connection>> m_connections;
    Connection *m_lease = nullptr;
    StreamSender m_sender;
    std::map<std::uint32_t, std::unique_ptr<StepRun>> m_steps;
    std::list<std::unique_ptr<StepRun>> m_leaving; ///< forgotten, their supervisors still ending
    std::set<std::uint32_t> m_forgotten;
    std::map<pid_t, int> m_stops; ///< how often a supervisor was found stopped
    SteadyMs m_orphanLimit = never;
    SteadyMs m_aloneSince = never; ///< without a master's link
    SteadyMs m_lostSince = never;  ///< without a place where one could reach us
    SteadyMs m_guardAt = 0;
    SteadyMs m_sweepAt = never;
    SteadyMs m_sweepUntil = never;
    SteadyMs m_exitBy = never;
    bool m_isDeaf = false; ///< no descriptor was left for who wanted to connect
    bool m_hasChildrenEnded = false;
    bool m_isShuttingDown = false;
    bool m_hasMoreToSend = false;
};

} // namespace danube::agent
