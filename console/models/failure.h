// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "shared/model/job.h"
#include "shared/model/step.h"

namespace danube::console {

/// The step a failed job is blamed on: the last one that did not succeed; nullptr when none.
const Step *blamedStep(const QList<Step> &steps);

/// Why the job ended as it did (or what it waits for), in one sentence: the master's own when it gives one, else what
/// the steps say. Empty for a job that is well.
QString reasonOf(const Job &job, const QList<Step> &steps);

} // namespace danube::console
