// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/jobs/category.h"

namespace danube::jobs {
Q_LOGGING_CATEGORY(lcJobs, "danube.jobs")
}
