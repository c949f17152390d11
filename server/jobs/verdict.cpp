// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/jobs/verdict.h"

using namespace Qt::StringLiterals;

namespace danube::jobs {

StepsSummary summarize(const QList<Step> &steps)
{
    StepsSummary summary;
    for (const Step &step : steps) {
        if (!step.outcome) {
            if (summary.unfinished++ == 0)
                summary.firstUnfinished = step.name;
            continue;
        }
        if (step.outcome->isSuccess())
            continue;
        summary.lastFailed = step.name;
        summary.lastFailure = describe(*step.outcome);
    }
    return summary;
}

Verdict verdictOfExit(const StepOutcome &coordinator, const StepsSummary &steps)
{
    if (coordinator.isSuccess() && steps.unfinished == 0)
        return {JobState::Success, {}};
    if (coordinator.isSuccess())
        return {JobState::Failure,
                u"the pipeline script ended while step '%1' was still running"_s.arg(steps.firstUnfinished)};
    if (coordinator.kind != OutcomeKind::Exited)
        return {JobState::Failure, u"the coordinator ended: %1"_s.arg(describe(coordinator))};
    if (!steps.lastFailed.isEmpty())
        return {JobState::Failure, u"step '%1' failed: %2"_s.arg(steps.lastFailed, steps.lastFailure)};
    const QString detail = coordinator.message.isEmpty() ? QString() : u": "_s + coordinator.message;
    return {JobState::Failure, u"the pipeline script failed: %1%2"_s.arg(describe(coordinator), detail)};
}

StepOutcome outcomeOfUnfinished(JobState verdict, bool lost, const QString &reason)
{
    StepOutcome outcome{.kind = OutcomeKind::Cancelled, .message = u"the job ended first"_s};
    if (verdict == JobState::Timeout)
        outcome = {.kind = OutcomeKind::Timeout, .message = u"the job timed out"_s};
    if (lost)
        outcome = {.kind = OutcomeKind::Lost, .message = reason};
    return outcome;
}

} // namespace danube::jobs
