// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/contract/executor/executorrecorder.h"

namespace danube::tests {

using jobs::Executor;

void ExecutorRecorder::follow(const Executor &executor)
{
    connect(&executor, &Executor::jobStarted, this, [this](const JobId &job) { started.append(job); });
    connect(&executor, &Executor::stepStarted, this,
            [this](const JobId &job, StepNumber step) { stepsStarted.append({job, step}); });
    connect(&executor, &Executor::stepFinished, this,
            [this](const JobId &job, StepNumber step, const StepOutcome &outcome) {
                outcomes[{job, step}].append(outcome);
            });
    connect(&executor, &Executor::coordinatorExited, this,
            [this](const JobId &job, const StepOutcome &outcome) { exits[job] = outcome; });
    connect(&executor, &Executor::jobLost, this,
            [this](const JobId &job, const QString &reason) { lost[job] = reason; });
    connect(&executor, &Executor::released, this, [this](const JobId &job) { released.append(job); });
}

void ExecutorRecorder::clear()
{
    started.clear();
    stepsStarted.clear();
    outcomes.clear();
    exits.clear();
    lost.clear();
    released.clear();
}

std::optional<StepOutcome> ExecutorRecorder::outcome(const JobId &job, uint32_t step) const
{
    const auto found = outcomes.find({job, StepNumber(step)});
    return found == outcomes.end() ? std::nullopt : std::optional(found->second.last());
}

bool ExecutorRecorder::hasStarted(const JobId &job, uint32_t step) const
{
    return stepsStarted.contains({job, StepNumber(step)});
}

} // namespace danube::tests
