// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "shared/model/step.h"

#include <QList>

namespace danube::jobs {

enum class StepPhase {
    Claimed,  ///< the intent row is being written
    Orphaned, ///< found as intended after a restart: waits for its caller, who alone knows the command
    Starting, ///< the executor was told
    Running,
    Recording, ///< the outcome is known, its row is being written
    Finished,
    Refused, ///< the intent row could not be written: nothing has happened
};
inline constexpr StepPhase allStepPhases[] = {StepPhase::Claimed, StepPhase::Orphaned,  StepPhase::Starting,
                                              StepPhase::Running, StepPhase::Recording, StepPhase::Finished,
                                              StepPhase::Refused};

enum class StepEventKind {
    IntentDurable,
    IntentFailed,
    Adopted,   ///< after a restart: attach to it without a command
    Commanded, ///< a caller came (again) with the command
    Started,
    Finished,
    Ending, ///< the job ends: kill; `outcome` is for a step that never began
    Closed, ///< nobody will report any more; `outcome` stands for the unknown one
    ResultDurable,
};
inline constexpr StepEventKind allStepEventKinds[] = {
    StepEventKind::IntentDurable, StepEventKind::IntentFailed, StepEventKind::Adopted,
    StepEventKind::Commanded,     StepEventKind::Started,      StepEventKind::Finished,
    StepEventKind::Ending,        StepEventKind::Closed,       StepEventKind::ResultDurable};

struct StepEvent
{
    StepEventKind kind;
    WallTime at{};
    StepOutcome outcome; ///< Finished, Ending, Closed
};

enum class StepAction {
    Start,  ///< executor.startStep with the command
    Attach, ///< executor.startStep without one
    Kill,
    PersistRunning, ///< nobody waits for it
    PersistResult,  ///< → ResultDurable
    Answer,         ///< all callers, with the outcome
    Refuse,         ///< all callers, with the error of the intent row
};

struct StepMachine
{
    Step step;
    StepPhase phase = StepPhase::Claimed;
    std::optional<StepOutcome> ending; ///< the job ended while the intent row was being written
    bool operator==(const StepMachine &) const = default;
};

struct StepTransition
{
    StepMachine machine;
    QList<StepAction> actions;
};

/// The rules of a step's life: pure. The first outcome stands; late and repeated events change nothing.
StepTransition next(StepMachine machine, const StepEvent &event);

/// The machine of a row found in the store; feed Adopted to go on with it.
StepMachine restored(Step row);

bool isUnfinished(const StepMachine &machine); ///< its outcome is not known yet

} // namespace danube::jobs
