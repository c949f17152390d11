// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/jobs/jobmachine.h"

using namespace Qt::StringLiterals;

namespace danube::jobs {
namespace {

using Actions = QList<JobAction>;

Actions persist(JobMachine &machine)
{
    ++machine.persist;
    return {JobAction::Persist};
}

Actions decide(JobMachine &machine, Verdict verdict)
{
    machine.job.verdict = verdict.state;
    machine.job.reason = std::move(verdict.reason);
    machine.phase = Phase::Deciding;
    return persist(machine);
}

Actions failBecause(JobMachine &machine, const QString &reason)
{
    return decide(machine, {JobState::Failure, reason});
}

Actions cancel(JobMachine &machine, const QString &by)
{
    machine.job.cancelRequested = true;
    return decide(machine, {JobState::Cancelled, by.isEmpty() ? u"cancelled"_s : u"cancelled by %1"_s.arg(by)});
}

Actions timeOut(JobMachine &machine)
{
    const auto allowed = std::chrono::duration_cast<seconds>(machine.maxDuration).count();
    return decide(machine, {JobState::Timeout, u"the job took longer than %1 s"_s.arg(allowed)});
}

Actions closeSteps(JobMachine &machine)
{
    machine.phase = Phase::ClosingSteps;
    return {JobAction::CloseSteps};
}

Actions release(JobMachine &machine)
{
    machine.phase = Phase::Releasing;
    machine.tries = 1;
    return {JobAction::Release, JobAction::StartReleaseTimer};
}

Actions seal(JobMachine &machine)
{
    machine.phase = Phase::Sealing;
    machine.tries = 1;
    return {JobAction::SealLog, JobAction::StartSealTimer};
}

Actions record(JobMachine &machine, WallTime at)
{
    machine.phase = Phase::Recording;
    machine.job.state = *machine.job.verdict;
    machine.job.finishedAt = at;
    return persist(machine);
}

// The verdict is durable: tear down what there is.
Actions tearDown(JobMachine &machine)
{
    if (machine.attached && !machine.lost) {
        machine.phase = Phase::Stopping;
        return {JobAction::StartStopTimer, JobAction::KillSteps};
    }
    // Beyond Pending, containers may exist, made by this master or a former one.
    return machine.job.state == JobState::Pending ? closeSteps(machine) : release(machine);
}

Actions start(JobMachine &machine, WallTime at)
{
    machine.phase = Phase::Running;
    machine.job.state = JobState::Running;
    machine.job.startedAt = at;
    machine.job.reason.clear(); // what it waited for
    return persist(machine);
}

Actions goOnWithOpenLog(JobMachine &machine)
{
    if (machine.job.verdict)
        return tearDown(machine);
    switch (machine.job.state) {
    case JobState::Scheduling:
        machine.phase = Phase::Starting;
        break;
    case JobState::Running:
        machine.phase = Phase::Running;
        break;
    default:
        machine.phase = Phase::Resolving;
        return {JobAction::ResolveSource};
    }
    machine.attached = true;
    return {JobAction::Launch, JobAction::AttachSteps, JobAction::StartDeadlineTimer};
}

bool runsUndecided(const JobMachine &machine)
{
    return machine.job.state == JobState::Running && !machine.job.verdict;
}

Actions inQueued(JobMachine &machine, const JobEvent &event)
{
    switch (event.kind) {
    case JobEventKind::Admitted:
        machine.phase = Phase::Preparing;
        // What runs already is bounded by its deadline alone: a new master that is slow ends no job.
        return {runsUndecided(machine) ? JobAction::StartDeadlineTimer : JobAction::StartSchedulingTimer,
                JobAction::OpenLog};
    case JobEventKind::Refused:
        return failBecause(machine, event.text);
    case JobEventKind::CancelRequested:
        return cancel(machine, event.text);
    default:
        return {};
    }
}

Actions inPreparing(JobMachine &machine, const JobEvent &event)
{
    switch (event.kind) {
    case JobEventKind::LogOpened:
        return goOnWithOpenLog(machine);
    case JobEventKind::LogFailed:
    case JobEventKind::SchedulingTimedOut:
        if (machine.job.verdict)
            return tearDown(machine);
        if (runsUndecided(machine))
            return event.kind == JobEventKind::LogFailed ? Actions{JobAction::OpenLogLater} : Actions{};
        return failBecause(machine, event.text);
    case JobEventKind::DeadlinePassed:
        return machine.job.verdict ? Actions{} : timeOut(machine);
    case JobEventKind::CancelRequested:
        return machine.job.verdict ? Actions{} : cancel(machine, event.text);
    case JobEventKind::Violated: // told once, maybe while the log of an adopted job is still to be opened
        return runsUndecided(machine) ? failBecause(machine, event.text) : Actions{};
    default:
        return {};
    }
}

// What may happen to an admitted job before it has containers.
Actions inUnattached(JobMachine &machine, const JobEvent &event)
{
    switch (event.kind) {
    case JobEventKind::SchedulingTimedOut:
        return failBecause(machine, event.text);
    case JobEventKind::CancelRequested:
        return cancel(machine, event.text);
    default:
        return {};
    }
}

Actions inResolving(JobMachine &machine, const JobEvent &event)
{
    switch (event.kind) {
    case JobEventKind::SourceResolved:
        machine.phase = Phase::Scheduling;
        machine.job.state = JobState::Scheduling;
        machine.job.commit = event.commit;
        if (!event.branch.isEmpty())
            machine.job.branch = event.branch;
        machine.job.deadline = event.at + machine.maxDuration;
        return persist(machine);
    case JobEventKind::SourceFailed:
        return failBecause(machine, event.text);
    default:
        return inUnattached(machine, event);
    }
}

Actions inScheduling(JobMachine &machine, const JobEvent &event)
{
    switch (event.kind) {
    case JobEventKind::Persisted:
        if (event.persist != machine.persist)
            return {};
        machine.phase = Phase::Starting;
        machine.attached = true;
        return {JobAction::Launch, JobAction::StartDeadlineTimer};
    default:
        return inUnattached(machine, event);
    }
}

Actions lose(JobMachine &machine, const QString &reason)
{
    machine.lost = true;
    return failBecause(machine, reason.isEmpty() ? u"the job's containers are gone"_s : reason);
}

// What may happen to a job with containers, started or not.
Actions inAttached(JobMachine &machine, const JobEvent &event)
{
    switch (event.kind) {
    case JobEventKind::CoordinatorExited:
        return decide(machine, verdictOfExit(event.outcome.value_or(StepOutcome{}), event.steps));
    case JobEventKind::JobLost:
        return lose(machine, event.text);
    case JobEventKind::Violated:
        return failBecause(machine, event.text);
    case JobEventKind::DeadlinePassed:
        return timeOut(machine);
    case JobEventKind::CancelRequested:
        return cancel(machine, event.text);
    default:
        return {};
    }
}

// The executor is at work, and the job's deadline bounds it: only its silence lets the scheduling time out.
Actions wait(JobMachine &machine, const QString &reason)
{
    Actions actions{JobAction::StartSchedulingTimer};
    if (std::exchange(machine.job.reason, reason) != reason)
        actions += persist(machine);
    return actions;
}

Actions inStarting(JobMachine &machine, const JobEvent &event)
{
    const QString waited = machine.job.reason.isEmpty() ? QString() : u": "_s + machine.job.reason;
    switch (event.kind) {
    case JobEventKind::Waiting:
        return wait(machine, event.text);
    case JobEventKind::Started:
        return start(machine, event.at);
    case JobEventKind::SchedulingTimedOut:
        return failBecause(machine, event.text + waited);
    case JobEventKind::CoordinatorExited:
        start(machine, event.at); // it must have been up: one row tells both
        return inAttached(machine, event);
    default:
        return inAttached(machine, event);
    }
}

Actions inDeciding(JobMachine &machine, const JobEvent &event)
{
    if (event.kind == JobEventKind::JobLost)
        machine.lost = true;
    if (event.kind == JobEventKind::Persisted && event.persist == machine.persist)
        return tearDown(machine);
    return {};
}

Actions inStopping(JobMachine &machine, const JobEvent &event)
{
    switch (event.kind) {
    case JobEventKind::JobLost:
        machine.lost = true;
        return release(machine);
    case JobEventKind::StepsEnded:
    case JobEventKind::StopTimedOut:
        return release(machine);
    default:
        return {};
    }
}

Actions inReleasing(JobMachine &machine, const JobEvent &event)
{
    if (event.kind == JobEventKind::Released)
        return closeSteps(machine);
    if (event.kind != JobEventKind::ReleaseTimedOut)
        return {};
    // What is left then is removed by the sweep at the next start.
    if (machine.tries >= JobMachine::maxTries)
        return closeSteps(machine);
    ++machine.tries;
    return {JobAction::Release, JobAction::StartReleaseTimer};
}

Actions inSealing(JobMachine &machine, const JobEvent &event)
{
    if (event.kind == JobEventKind::Sealed)
        return record(machine, event.at);
    if (event.kind != JobEventKind::SealTimedOut)
        return {};
    if (machine.tries >= JobMachine::maxTries)
        return record(machine, event.at);
    ++machine.tries;
    return {JobAction::SealLog, JobAction::StartSealTimer};
}

Actions inRecording(JobMachine &machine, const JobEvent &event)
{
    if (event.kind != JobEventKind::Persisted || event.persist != machine.persist)
        return {};
    machine.phase = Phase::Ended;
    return {JobAction::Finish};
}

Actions act(JobMachine &machine, const JobEvent &event)
{
    switch (machine.phase) {
    case Phase::Queued:
        return inQueued(machine, event);
    case Phase::Preparing:
        return inPreparing(machine, event);
    case Phase::Resolving:
        return inResolving(machine, event);
    case Phase::Scheduling:
        return inScheduling(machine, event);
    case Phase::Starting:
        return inStarting(machine, event);
    case Phase::Running:
        return inAttached(machine, event);
    case Phase::Deciding:
        return inDeciding(machine, event);
    case Phase::Stopping:
        return inStopping(machine, event);
    case Phase::Releasing:
        return inReleasing(machine, event);
    case Phase::ClosingSteps:
        return event.kind == JobEventKind::StepsClosed ? seal(machine) : Actions{};
    case Phase::Sealing:
        return inSealing(machine, event);
    case Phase::Recording:
        return inRecording(machine, event);
    case Phase::Ended:
        return {};
    }
    return {};
}

} // namespace

JobTransition next(JobMachine machine, const JobEvent &event)
{
    Actions actions = act(machine, event);
    return {std::move(machine), std::move(actions)};
}

JobMachine restored(Job row, milliseconds maxDuration)
{
    JobMachine machine;
    machine.job = std::move(row);
    machine.maxDuration = maxDuration;
    if (machine.job.cancelRequested && !machine.job.verdict)
        machine.job.verdict = JobState::Cancelled;
    if (isFinal(machine.job.state))
        machine.phase = Phase::Ended;
    return machine;
}

bool acceptsSteps(const JobMachine &machine)
{
    return machine.phase == Phase::Starting || machine.phase == Phase::Running;
}

bool isEnding(const JobMachine &machine)
{
    return machine.job.verdict.has_value() || isFinal(machine.job.state);
}

} // namespace danube::jobs
