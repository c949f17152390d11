// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/agent/daemon.h"

#include "server/agent/processtree.h"

#include <sys/wait.h>

#include <algorithm>
#include <csignal>

// The daemon's children and the commands about them.
namespace danube::agent {
namespace {

constexpr std::ptrdiff_t maxRunningSteps = 256;
constexpr std::size_t maxKnownSteps = 4096; // ended ones that nobody forgot hold their spool
constexpr int maxStops = 100;
constexpr SteadyMs sweepIntervalMs = 20;
constexpr SteadyMs sweepLimitMs = 10'000;
constexpr std::uint64_t maxSpoolBytes = 16ULL << 30;

bool hasNul(const std::string &text)
{
    return text.find('\0') != std::string::npos;
}

bool isRunnable(const StepSpec &spec)
{
    const auto isVariable = [](const std::string &entry) {
        return !hasNul(entry) && entry.find('=') != std::string::npos && entry[0] != '=';
    };
    return !spec.argv.empty() && !spec.argv[0].empty() && std::ranges::none_of(spec.argv, hasNul) &&
           std::ranges::all_of(spec.environment, isVariable) && !hasNul(spec.workingDirectory) &&
           spec.spoolBytes <= maxSpoolBytes;
}

} // namespace

StepRun *Daemon::find(std::uint32_t step)
{
    const auto found = m_steps.find(step);
    return found == m_steps.end() ? nullptr : found->second.get();
}

StepRun *Daemon::stepOfSupervisor(pid_t process)
{
    for (const auto &[number, run] : m_steps) {
        if (run->supervisor() == process)
            return run.get();
    }
    for (const auto &run : m_leaving) {
        if (run->supervisor() == process)
            return run.get();
    }
    return nullptr;
}

std::set<pid_t> Daemon::supervisors() const
{
    std::set<pid_t> processes;
    for (const auto &[number, run] : m_steps)
        processes.insert(run->supervisor());
    for (const auto &run : m_leaving)
        processes.insert(run->supervisor());
    return processes;
}

void Daemon::reap()
{
    int status = 0;
    pid_t process = 0;
    while ((process = waitpid(-1, &status, WNOHANG | WUNTRACED | __WALL)) > 0) {
        StepRun *run = stepOfSupervisor(process);
        if (run && WIFSTOPPED(status)) {
            // Only the step itself can want that. A supervisor that is stopped for ever could not time it out.
            ::kill(process, ++m_stops[process] < maxStops ? SIGCONT : SIGKILL);
        } else if (run) {
            m_stops.erase(process);
            run->onSupervisorGone();
        }
    }
    for (auto at = m_leaving.begin(); at != m_leaving.end();) {
        if ((*at)->supervisor() == 0) {
            (*at)->forget(); // the supervisor may have written the record after it was forgotten
            at = m_leaving.erase(at);
        } else {
            ++at;
        }
    }
}

void Daemon::sweep(SteadyMs now)
{
    const auto needsSweep = [](const auto &entry) { return entry.second->needsSweep(); };
    if (std::ranges::none_of(m_steps, needsSweep)) {
        m_sweepAt = m_sweepUntil = never;
        return;
    }
    if (m_sweepAt == never)
        m_sweepUntil = now + sweepLimitMs;
    else if (now < m_sweepAt)
        return;
    m_sweepAt = now + sweepIntervalMs;
    const auto spared = supervisors();
    const auto children = childrenOf(getpid());
    const bool isClean = std::ranges::all_of(children, [&spared](pid_t child) { return spared.contains(child); });
    if (!isClean && now < m_sweepUntil)
        return killTreeOnce(spared);
    for (const auto &[number, run] : m_steps) {
        if (run->needsSweep())
            run->onSwept();
    }
    m_sweepAt = m_sweepUntil = never;
}

void Daemon::fail(std::uint32_t step, FailureCode code, std::string text)
{
    m_lease->link().send(Failed{step, code, std::move(text)});
}

void Daemon::handle(const Start &start)
{
    if (StepRun *run = find(start.step)) {
        if (run->specDigest() != start.specDigest)
            return fail(start.step, FailureCode::SpecMismatch, "the step was started with another command");
        if (run->isStartedReported())
            m_lease->link().send(run->started());
        return m_sender.open(m_lease->link(), *run, start.from);
    }
    if (m_forgotten.contains(start.step))
        return fail(start.step, FailureCode::Forgotten, "the step ended and was forgotten");
    if (m_isShuttingDown)
        return fail(start.step, FailureCode::ShuttingDown, "the agent is shutting down");
    if (!isRunnable(start.spec))
        return fail(start.step, FailureCode::BadRequest, "the command or environment cannot be run as given");
    const auto isRunning = [](const auto &entry) { return !entry.second->isFinished(); };
    if (m_steps.size() >= maxKnownSteps || std::ranges::count_if(m_steps, isRunning) >= maxRunningSteps)
        return fail(start.step, FailureCode::TooManySteps,
                    "256 steps are running, or 4096 ended ones were not forgotten");
    startNew(start);
}

void Daemon::startNew(const Start &start)
{
    Descriptor directory;
    const auto claim = m_directory.claim(start.step, directory);
    if (!claim)
        return fail(start.step, FailureCode::StartFailed, claim.error().text());
    if (*claim == AgentDirectory::Claim::ClaimedEarlier)
        return fail(start.step, FailureCode::ClaimedEarlier, "the step was claimed by an earlier agent");
    auto run = StepRun::start(m_around, start, std::move(directory));
    if (!run) {
        m_directory.unclaim(start.step);
        return fail(start.step, FailureCode::StartFailed, run.error().text());
    }
    StepRun &started = **run;
    m_steps[start.step] = std::move(*run);
    m_sender.open(m_lease->link(), started, start.from);
}

void Daemon::handle(const Resume &resume)
{
    if (StepRun *run = find(resume.step))
        return m_sender.open(m_lease->link(), *run, resume.from);
    if (m_forgotten.contains(resume.step))
        return fail(resume.step, FailureCode::Forgotten, "the step ended and was forgotten");
    fail(resume.step, FailureCode::UnknownStep, "this agent never started the step");
}

void Daemon::handle(const Ack &ack)
{
    if (StepRun *run = find(ack.step))
        run->acknowledge(ack.offsets);
}

void Daemon::handle(const Credit &credit)
{
    m_sender.credit(credit.step, credit.limit);
}

void Daemon::handle(const Kill &kill)
{
    if (StepRun *run = find(kill.step))
        run->kill(kill.cause, kill.graceMs);
}

void Daemon::handle(const Forget &forget)
{
    const auto found = m_steps.find(forget.step);
    if (found == m_steps.end() || !found->second->isFinished())
        return;
    m_sender.close(forget.step);
    m_forgotten.insert(forget.step);
    found->second->forget();
    if (found->second->supervisor() != 0)
        m_leaving.push_back(std::move(found->second));
    m_steps.erase(found);
}

void Daemon::handle(const Ping &ping)
{
    m_lease->link().send(Pong{ping.token});
}

void Daemon::handle(const Shutdown &shutdown)
{
    shutDown(shutdown.graceMs);
}

} // namespace danube::agent
