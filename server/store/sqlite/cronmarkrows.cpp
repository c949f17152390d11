// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/store/sqlite/cronmarkrows.h"

using namespace Qt::StringLiterals;

namespace danube::store {

Result<void> saveCronMarkRow(Database &database, const CronMark &mark)
{
    auto statement = database.prepare("INSERT INTO cron_marks (pipeline, schedule, branch, until) VALUES (?, ?, ?, ?) "
                                      "ON CONFLICT (pipeline, schedule, branch) DO UPDATE SET until = excluded.until");
    if (!statement)
        return std::unexpected(statement.error());
    return statement->bind(mark.pipeline).bind(mark.schedule).bind(mark.branch).bind(mark.until).run();
}

Result<void> removeCronMarkRow(Database &database, const CronMark &mark)
{
    auto statement = database.prepare("DELETE FROM cron_marks WHERE pipeline = ? AND schedule = ? AND branch = ?");
    if (!statement)
        return std::unexpected(statement.error());
    return statement->bind(mark.pipeline).bind(mark.schedule).bind(mark.branch).run();
}

Result<QList<CronMark>> readCronMarks(Database &database)
{
    auto statement = database.prepare("SELECT pipeline, schedule, branch, until FROM cron_marks");
    if (!statement)
        return std::unexpected(statement.error());
    return statement->all<CronMark>(
        [](const Statement &row) { return CronMark{row.text(0), row.text(1), row.text(2), row.time(3)}; });
}

} // namespace danube::store
