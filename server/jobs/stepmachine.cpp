// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/jobs/stepmachine.h"

namespace danube::jobs {
namespace {

using Actions = QList<StepAction>;

Actions finish(StepMachine &machine, StepOutcome outcome, WallTime at)
{
    if (outcome.kind != OutcomeKind::Exited && outcome.exitCode == 0)
        outcome.exitCode = -1; // 0 belongs to an exit with 0 alone
    machine.phase = StepPhase::Recording;
    machine.step.state = StepState::Finished;
    machine.step.finishedAt = at;
    if (machine.step.startedAt == WallTime{})
        machine.step.startedAt = at - outcome.duration;
    machine.step.outcome = std::move(outcome);
    return {StepAction::PersistResult};
}

Actions start(StepMachine &machine, StepAction how)
{
    machine.phase = StepPhase::Starting;
    return {how};
}

Actions inClaimed(StepMachine &machine, const StepEvent &event)
{
    switch (event.kind) {
    case StepEventKind::IntentDurable:
        return machine.ending ? finish(machine, *machine.ending, event.at) : start(machine, StepAction::Start);
    case StepEventKind::IntentFailed:
        machine.phase = StepPhase::Refused;
        return {StepAction::Refuse};
    case StepEventKind::Ending:
    case StepEventKind::Closed:
        machine.ending = event.outcome;
        return {};
    default:
        return {};
    }
}

Actions begin(StepMachine &machine, WallTime at)
{
    machine.phase = StepPhase::Running;
    machine.step.state = StepState::Running;
    machine.step.startedAt = at;
    return {StepAction::PersistRunning};
}

Actions inOrphaned(StepMachine &machine, const StepEvent &event)
{
    switch (event.kind) {
    case StepEventKind::Adopted:
        // Without a request id nobody can come back for it.
        return machine.step.request.isEmpty() ? start(machine, StepAction::Attach) : Actions{};
    case StepEventKind::Commanded:
        return start(machine, StepAction::Start);
    case StepEventKind::Started:
        return begin(machine, event.at);
    case StepEventKind::Finished:
    case StepEventKind::Ending:
    case StepEventKind::Closed:
        return finish(machine, event.outcome, event.at);
    default:
        return {};
    }
}

Actions inStarted(StepMachine &machine, const StepEvent &event)
{
    switch (event.kind) {
    case StepEventKind::Adopted:
        return {StepAction::Attach};
    case StepEventKind::Started:
        return machine.phase == StepPhase::Starting ? begin(machine, event.at) : Actions{};
    case StepEventKind::Ending:
        return {StepAction::Kill};
    case StepEventKind::Finished:
    case StepEventKind::Closed:
        return finish(machine, event.outcome, event.at);
    default:
        return {};
    }
}

Actions inRecording(StepMachine &machine, const StepEvent &event)
{
    if (event.kind != StepEventKind::ResultDurable)
        return {};
    machine.phase = StepPhase::Finished;
    return {StepAction::Answer};
}

Actions act(StepMachine &machine, const StepEvent &event)
{
    switch (machine.phase) {
    case StepPhase::Claimed:
        return inClaimed(machine, event);
    case StepPhase::Orphaned:
        return inOrphaned(machine, event);
    case StepPhase::Starting:
    case StepPhase::Running:
        return inStarted(machine, event);
    case StepPhase::Recording:
        return inRecording(machine, event);
    case StepPhase::Finished:
    case StepPhase::Refused:
        return {};
    }
    return {};
}

} // namespace

StepTransition next(StepMachine machine, const StepEvent &event)
{
    Actions actions = act(machine, event);
    return {std::move(machine), std::move(actions)};
}

StepMachine restored(Step row)
{
    StepMachine machine;
    machine.step = std::move(row);
    switch (machine.step.state) {
    case StepState::Intended:
        machine.phase = StepPhase::Orphaned;
        break;
    case StepState::Running:
        machine.phase = StepPhase::Running;
        break;
    case StepState::Finished:
        machine.phase = StepPhase::Finished;
        break;
    }
    return machine;
}

bool isUnfinished(const StepMachine &machine)
{
    switch (machine.phase) {
    case StepPhase::Claimed:
    case StepPhase::Orphaned:
    case StepPhase::Starting:
    case StepPhase::Running:
        return true;
    default:
        return false;
    }
}

} // namespace danube::jobs
