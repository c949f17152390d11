// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "console/app/page.h"
#include "shared/model/job.h"
#include "shared/model/jobegress.h"

namespace danube::console {

/// What the details dock says about a job: state, source, trigger, parameters, times.
/// `egress`: what guards it, where that is known.
QList<Detail> jobDetails(const Job &job, const QString &master, WallTime now,
                         const std::optional<JobEgress> &egress = {});

} // namespace danube::console
