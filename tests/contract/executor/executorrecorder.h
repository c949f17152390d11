// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "server/jobs/executor.h"

#include <map>

namespace danube::tests {

/// Remembers what an executor says, in order.
class ExecutorRecorder : public QObject
{
public:
    using StepKey = std::pair<JobId, StepNumber>;

    void follow(const jobs::Executor &executor);
    void clear();

    /// The last outcome told of a step.
    std::optional<StepOutcome> outcome(const JobId &job, uint32_t step) const;
    bool hasStarted(const JobId &job, uint32_t step) const;

    QList<JobId> started;
    QList<StepKey> stepsStarted;
    std::map<StepKey, QList<StepOutcome>> outcomes;
    std::map<JobId, StepOutcome> exits;
    std::map<JobId, QString> lost;
    QList<JobId> released;
};

} // namespace danube::tests
