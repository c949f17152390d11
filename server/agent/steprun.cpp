// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/agent/steprun.h"

#include "server/agent/supervisor.h"

#include <fcntl.h>
#include <sys/socket.h>
#include <sys/wait.h>

#include <algorithm>
#include <csignal>

namespace danube::agent {
namespace {

constexpr SteadyMs drainMs = 2'000;            // what background processes get after the main one
constexpr SteadyMs supervisorLimitMs = 15'000; // beyond the grace, until a supervisor counts as stuck
constexpr int pipeSize = 256 << 10;

struct PipeEnds
{
    Descriptor read;
    Descriptor write;
};

SystemResult<PipeEnds> makePipe()
{
    int ends[2];
    if (pipe2(ends, O_CLOEXEC) != 0)
        return refused("make a pipe");
    PipeEnds pipe{Descriptor(ends[0]), Descriptor(ends[1])};
    fcntl(ends[0], F_SETFL, O_NONBLOCK); // the step's end stays blocking
    fcntl(ends[0], F_SETPIPE_SZ, pipeSize);
    return pipe;
}

} // namespace

StepRun::StepRun(StepSurroundings &around, const Start &request, Descriptor directory)
    : m_around(around),
      m_number(request.step),
      m_specDigest(request.specDigest),
      m_spec(request.spec),
      m_directory(std::move(directory)),
      m_key(stepKey(*around.key, request.step)),
      m_spool([&around] { return around.directory.makeSegment(); }, *m_key, request.step, request.spec.spoolBytes)
{}

StepRun::~StepRun()
{
    if (m_control.isOpen())
        m_around.loop.remove(m_control.get(), *this);
}

SystemResult<std::unique_ptr<StepRun>> StepRun::start(StepSurroundings &around, const Start &request,
                                                      Descriptor directory)
{
    std::unique_ptr<StepRun> run(new StepRun(around, request, std::move(directory)));
    if (auto forked = run->fork(); !forked)
        return std::unexpected(forked.error());
    return run;
}

SystemResult<void> StepRun::fork()
{
    auto standardOutput = makePipe();
    auto standardError = makePipe();
    if (!standardOutput || !standardError)
        return std::unexpected(!standardOutput ? standardOutput.error() : standardError.error());
    int pair[2];
    if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, pair) != 0)
        return refused("make a socket pair");
    m_control = Descriptor(pair[0]);
    Descriptor theirs(pair[1]);
    if (auto added = m_around.loop.add(m_control.get(), EPOLLIN, *this); !added)
        return added;
    m_startedAt = steadyMs();
    m_startedWallMs = wallMs();
    m_supervisor = ::fork();
    if (m_supervisor == 0)
        runSupervisor({m_spec, m_around.defaults, theirs.get(), standardOutput->write.get(), standardError->write.get(),
                       m_directory.get()});
    if (m_supervisor < 0) {
        m_supervisor = 0;
        return refused("fork");
    }
    m_output = std::make_unique<StepOutput>(m_around.loop, m_spool, std::move(standardOutput->read),
                                            std::move(standardError->read));
    if (m_spec.timeoutMs > 0)
        m_timeoutAt =
            m_startedAt + static_cast<SteadyMs>(std::min<std::uint64_t>(m_spec.timeoutMs, INT32_MAX * 1000ULL));
    return {};
}

KnownStep StepRun::known() const
{
    return {m_number, isFinished() ? KnownState::Exited : KnownState::Running, m_spool.head().offsets,
            m_spool.acknowledged()};
}

void StepRun::onReady(std::uint32_t)
{
    drainControl();
}

void StepRun::drainControl()
{
    ControlMessage message;
    while (m_control.isOpen()) {
        const ControlStatus status = receiveControl(m_control.get(), message);
        if (status == ControlStatus::Nothing)
            return;
        if (status == ControlStatus::Message) {
            onControl(message);
            continue;
        }
        m_around.loop.remove(m_control.get(), *this);
        m_control.close(); // its end is known when it is reaped
    }
}

void StepRun::onControl(const ControlMessage &message)
{
    switch (message.kind) {
    case ControlKind::Started:
        return announce(static_cast<std::uint32_t>(message.first));
    case ControlKind::NotStarted:
        return onNotStarted(message);
    case ControlKind::MainEnded:
        return onMainEnded(message);
    case ControlKind::TreeGone:
        m_unkillable = message.first;
        return onTreeGone();
    case ControlKind::Kill:
    case ControlKind::Record:
        return;
    }
}

void StepRun::announce(std::uint32_t pid)
{
    m_started = {m_number, pid, m_startedWallMs};
    m_around.reportStarted(m_started);
}

void StepRun::onNotStarted(const ControlMessage &message)
{
    const auto stage = static_cast<LaunchStage>(message.first);
    ExitRecord failure;
    failure.code = exitCodeOf(stage, message.second);
    failure.message = describeLaunchFailure(stage, message.second, m_spec);
    m_output->appendMessage("danube: " + failure.message + "\n");
    m_launchFailure = std::move(failure);
    m_endedAt = message.at;
    m_endedWallMs = wallMs();
    m_timeoutAt = never;
    announce(0);
}

void StepRun::onMainEnded(const ControlMessage &message)
{
    if (m_mainStatus)
        return;
    m_mainStatus = message.first;
    m_isMainKilled = message.second != 0;
    m_endedAt = message.at;
    m_endedWallMs = wallMs();
    m_timeoutAt = never;
    m_output->hurry();
    if (!m_isTreeGone)
        m_drainAt = steadyMs() + drainMs;
}

void StepRun::kill(KillCause cause, std::int64_t graceMs)
{
    if (isFinished() || m_isTreeGone)
        return;
    if (!m_killCause && !m_mainStatus && !m_launchFailure)
        m_killCause = cause;
    sendKill(graceMs);
}

void StepRun::sendKill(std::int64_t graceMs)
{
    const SteadyMs at = steadyMs() + std::clamp<std::int64_t>(graceMs, 0, INT32_MAX);
    if (at >= m_killAt)
        return;
    m_killAt = at;
    m_watchdogAt = at + supervisorLimitMs;
    sendControl(m_control.get(), {ControlKind::Kill, static_cast<std::int32_t>(at - steadyMs()), 0, 0, {}});
}

void StepRun::acknowledge(const PerStream &offsets)
{
    PerStream limited = offsets;
    for (std::size_t i = 0; i < limited.size(); ++i)
        limited[i] = std::min(limited[i], m_sent[i]);
    m_spool.acknowledge(limited);
    if (isFinished() && m_spool.acknowledged() == m_spool.head().offsets)
        m_spool.discard(); // also a last segment that holds little
    m_output->unblock();
}

void StepRun::noteSent(const PerStream &offsets)
{
    for (std::size_t i = 0; i < offsets.size(); ++i)
        m_sent[i] = std::max(m_sent[i], offsets[i]);
}

void StepRun::forget()
{
    m_spool.discard();
    m_around.directory.removeRecord(m_number);
}

void StepRun::onSupervisorGone()
{
    drainControl();
    m_supervisor = 0;
    m_watchdogAt = never;
    if (m_isTreeGone)
        return;
    m_isSupervisorLost = true;
    if (m_started.wallMs == 0)
        announce(0);
    if (m_endedAt == 0) {
        m_endedAt = steadyMs();
        m_endedWallMs = wallMs();
    }
}

void StepRun::onSwept()
{
    onTreeGone();
}

void StepRun::onTreeGone()
{
    m_isTreeGone = true;
    m_drainAt = m_timeoutAt = m_watchdogAt = never;
    m_output->expectEnd();
    finishIfComplete();
}

SteadyMs StepRun::deadline() const
{
    return std::min({m_timeoutAt, m_drainAt, m_watchdogAt, m_output->deadline()});
}

void StepRun::onTime(SteadyMs now)
{
    m_output->onTime(now);
    if (std::string trouble = m_output->takeTrouble(); !trouble.empty())
        m_around.report({m_number, FailureCode::SpoolBlocked, trouble});
    if (m_timeoutAt <= now) {
        m_timeoutAt = never;
        kill(KillCause::Timeout, m_spec.graceMs);
    }
    if (m_drainAt <= now) {
        // As long as nobody takes the output, a background process cannot have written all of its own.
        m_drainAt = m_output->isBlocked() ? now + drainMs : never;
        if (m_drainAt == never)
            sendKill(0);
    }
    if (m_watchdogAt <= now) {
        m_watchdogAt = never;
        if (m_supervisor > 0)
            ::kill(m_supervisor, SIGKILL);
    }
    finishIfComplete();
}

void StepRun::finishIfComplete()
{
    if (isFinished())
        return;
    // With both pipes closed nothing is left to wait for; what still runs in the background is not waited for.
    if (m_output->isComplete() && m_drainAt != never && (m_mainStatus || m_launchFailure)) {
        m_drainAt = never;
        sendKill(0);
    }
    if (!m_isTreeGone || !m_output->isComplete())
        return;
    m_record = sealExitRecord(makeRecord(), *m_key);
    const bool isTaken = m_control.isOpen() && sendControl(m_control.get(), {ControlKind::Record, 0, 0, 0, m_record});
    if (!isTaken)
        writeRecord(m_directory.get(), m_record);
    m_directory.close();
}

ExitRecord StepRun::makeRecord() const
{
    ExitRecord record;
    describeEnd(record);
    record.step = m_number;
    record.startedWallMs = m_startedWallMs;
    record.finishedWallMs = m_endedWallMs;
    record.durationMs = static_cast<std::uint64_t>(std::max<SteadyMs>(m_endedAt - m_startedAt, 0));
    record.bytes = m_spool.head().offsets;
    record.frames = m_spool.head().sequence;
    record.chain = m_spool.head().chain;
    if (m_unkillable > 0 && record.message.empty())
        record.message = std::to_string(m_unkillable) + " processes could not be killed";
    return record;
}

void StepRun::describeEnd(ExitRecord &record) const
{
    if (m_launchFailure) {
        record.kind = ExitKind::Exited;
        record.code = m_launchFailure->code;
        record.message = m_launchFailure->message;
        return;
    }
    if (m_mainStatus && WIFEXITED(*m_mainStatus))
        record.code = WEXITSTATUS(*m_mainStatus);
    if (m_mainStatus && WIFSIGNALED(*m_mainStatus))
        record.signal = WTERMSIG(*m_mainStatus);
    const bool isOurs = m_killCause && (m_isMainKilled || !m_mainStatus);
    if (isOurs) {
        record.kind = *m_killCause == KillCause::Timeout ? ExitKind::Timeout : ExitKind::Cancelled;
    } else if (m_mainStatus) {
        record.kind = WIFEXITED(*m_mainStatus) ? ExitKind::Exited : ExitKind::Signalled;
    } else {
        record.kind = ExitKind::LostSupervisor;
        record.message = "the step's supervisor was killed, so how its command ended is unknown";
    }
}

} // namespace danube::agent
