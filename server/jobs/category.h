// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QLoggingCategory>

namespace danube::jobs {
Q_DECLARE_LOGGING_CATEGORY(lcJobs)
}
