// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "shared/model/step.h"

#include <QList>

namespace danube::jobs {

/// How a job ended and why, as one sentence for people (empty for success).
struct Verdict
{
    JobState state = JobState::Failure;
    QString reason;
    bool operator==(const Verdict &) const = default;
};

/// What a verdict needs to know of a job's steps.
struct StepsSummary
{
    int unfinished = 0;      ///< steps without an outcome
    QString firstUnfinished; ///< its name
    QString lastFailed;      ///< its name; empty = none failed
    QString lastFailure;     ///< describe() of its outcome
};
StepsSummary summarize(const QList<Step> &steps); ///< in order of number

/// Success needs an exit with 0 and an outcome for every step. A failure names the last failed step, when there is one,
/// because that is what a person looks for: those before it were forgiven, or the script would not have gone on.
Verdict verdictOfExit(const StepOutcome &coordinator, const StepsSummary &steps);

/// The outcome of a step whose own never came, because its job ended so.
StepOutcome outcomeOfUnfinished(JobState verdict, bool lost, const QString &reason);

} // namespace danube::jobs
