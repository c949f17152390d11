// SPDX-License-Identifier: GPL-3.0-or-later
#include "console/models/failingsteps.h"

#include <QHash>
#include <QSet>

#include <tuple>

namespace danube::console {

namespace {

bool hasFailed(const Step &step)
{
    return step.outcome && !step.outcome->isSuccess() && step.outcome->kind != OutcomeKind::Cancelled;
}

} // namespace

QList<FailingStep> failingSteps(const QList<FailedJob> &jobs)
{
    QHash<QString, FailingStep> byName;
    for (const FailedJob &job : jobs) {
        QSet<QString> counted;
        for (const Step &step : job.steps) {
            if (!hasFailed(step) || counted.contains(step.name))
                continue;
            counted.insert(step.name);
            FailingStep &failing = byName[step.name];
            if (failing.jobs++ == 0 || job.number > failing.lastNumber) {
                failing.lastJob = job.id;
                failing.lastNumber = job.number;
                failing.lastOutcome = *step.outcome;
            }
            failing.name = step.name;
        }
    }
    QList<FailingStep> steps = byName.values();
    std::ranges::sort(steps, [](const FailingStep &a, const FailingStep &b) {
        return std::tuple(-a.jobs, -a.lastNumber, a.name) < std::tuple(-b.jobs, -b.lastNumber, b.name);
    });
    return steps;
}

} // namespace danube::console
