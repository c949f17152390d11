// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "server/agent/agentdirectory.h"
#include "server/agent/agentlink.h"
#include "server/agent/control.h"
#include "server/agent/exitrecord.h"
#include "server/agent/launch.h"
#include "server/agent/stepoutput.h"

#include <functional>
#include <memory>

namespace danube::agent {

/// What a step needs of its daemon; outlives it.
struct StepSurroundings
{
    EventLoop &loop;
    AgentDirectory &directory;
    const ContainerKey &key;
    ProcessDefaults defaults;
    /// A notice for the master, if there is a link.
    std::function<void(const Failed &)> report;
    std::function<void(const Started &)> reportStarted;
};

/// One step from its fork to its exit record: supervisor, output, timeout, kill. Single-threaded, driven by the loop
/// and by onTime(). The main process's status comes from the supervisor's waitpid alone; without it the step is never
/// "exited".
class StepRun final : public EventSource
{
public:
    /// Forks the supervisor. Error: nothing runs. `directory`: DIR/steps/<n>.
    static SystemResult<std::unique_ptr<StepRun>> start(StepSurroundings &around, const Start &request,
                                                        Descriptor directory);
    ~StepRun() override;

    std::uint32_t number() const { return m_number; }
    const Digest &specDigest() const { return m_specDigest; }
    pid_t supervisor() const { return m_supervisor; } ///< 0 after it was reaped
    /// Set once the step's process is there, or could not be made.
    bool isStartedReported() const { return m_started.wallMs != 0; }
    const Started &started() const { return m_started; }
    bool isFinished() const { return !m_record.empty(); }
    const Bytes &record() const { return m_record; } ///< sealed; empty until finished
    KnownStep known() const;

    /// TERM to the tree, KILL after the grace. The first cause stands; a later call may only shorten the grace.
    void kill(KillCause cause, std::int64_t graceMs);
    /// Never counts more than was sent.
    void acknowledge(const PerStream &offsets);
    /// Output before these offsets went out on some link.
    void noteSent(const PerStream &offsets);
    /// Frees the spool; the record of a finished step is not needed any more.
    void forget();
    Spool &spool() { return m_spool; }

    /// The supervisor was reaped.
    void onSupervisorGone();
    /// It went before its tree: everything left is the daemon's to kill (and cannot be told from other orphans).
    bool needsSweep() const { return m_isSupervisorLost && !m_isTreeGone; }
    void onSwept();
    bool isTreeGone() const { return m_isTreeGone; }

    void onReady(std::uint32_t events) override;
    SteadyMs deadline() const;
    void onTime(SteadyMs now);

private:
    StepRun(StepSurroundings &around, const Start &request, Descriptor directory);
    SystemResult<void> fork();
    void onControl(const ControlMessage &message);
    void onMainEnded(const ControlMessage &message);
    void onNotStarted(const ControlMessage &message);
    void announce(std::uint32_t pid);
    void sendKill(std::int64_t graceMs);
    void drainControl();
    void onTreeGone();
    void finishIfComplete();
    ExitRecord makeRecord() const;
    void describeEnd(ExitRecord &record) const;

    StepSurroundings &m_around;
    std::uint32_t m_number;
    Digest m_specDigest;
    StepSpec m_spec;
    Descriptor m_directory;
    SecretPage<HmacKey> m_key;
    Spool m_spool;
    std::unique_ptr<StepOutput> m_output;
    PerStream m_sent{};
    Descriptor m_control;
    pid_t m_supervisor = 0;
    Started m_started;
    SteadyMs m_startedAt = 0;
    std::int64_t m_startedWallMs = 0;
    SteadyMs m_timeoutAt = never;
    SteadyMs m_drainAt = never;    ///< background processes are killed then
    SteadyMs m_watchdogAt = never; ///< the supervisor is killed then, because it does not do its work
    SteadyMs m_killAt = never;
    std::optional<KillCause> m_killCause;
    std::optional<int> m_mainStatus;
    bool m_isMainKilled = false; ///< ended after our kill had reached the supervisor
    SteadyMs m_endedAt = 0;
    std::int64_t m_endedWallMs = 0;
    std::optional<ExitRecord> m_launchFailure; ///< code and message only
    int m_unkillable = 0;
    bool m_isTreeGone = false;
    bool m_isSupervisorLost = false;
    Bytes m_record;
};

} // namespace danube::agent
