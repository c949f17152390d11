// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "console/app/page.h"
#include "shared/model/job.h"

namespace danube::console {

/// What the details dock says about a job: state, source, trigger, parameters, times.
QList<Detail> jobDetails(const Job &job, const QString &master, WallTime now);

} // namespace danube::console
