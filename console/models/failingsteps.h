// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "shared/model/step.h"

#include <QList>

namespace danube::console {

/// A job that failed, with its steps.
struct FailedJob
{
    JobId id;
    int64_t number = 0;
    QList<Step> steps;
};

/// A step by its name, and in how many of the failed jobs it failed.
struct FailingStep
{
    QString name;
    int jobs = 0;
    JobId lastJob; ///< the newest of them
    int64_t lastNumber = 0;
    StepOutcome lastOutcome; ///< in that one
    bool operator==(const FailingStep &) const = default;
};

/// The steps that failed, those of most jobs first. A step that was cancelled is a consequence and does not count; two
/// failures of one name in one job count once.
QList<FailingStep> failingSteps(const QList<FailedJob> &jobs);

} // namespace danube::console
