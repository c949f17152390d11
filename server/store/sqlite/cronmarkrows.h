// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "server/store/sqlite/database.h"
#include "server/store/store.h"

namespace danube::store {

Result<void> saveCronMarkRow(Database &database, const CronMark &mark);
Result<void> removeCronMarkRow(Database &database, const CronMark &mark);
Result<QList<CronMark>> readCronMarks(Database &database);

} // namespace danube::store
