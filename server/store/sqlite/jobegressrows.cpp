// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/store/sqlite/jobegressrows.h"

using namespace Qt::StringLiterals;

namespace danube::store {

Result<void> saveJobEgressRow(Database &database, const JobId &job, const JobEgress &egress)
{
    auto statement =
        database.prepare("INSERT INTO job_egress (job, level, reason) VALUES (?, ?, ?) "
                         "ON CONFLICT (job) DO UPDATE SET level = excluded.level, reason = excluded.reason");
    if (!statement)
        return std::unexpected(statement.error());
    if (auto done = statement->bind(job.value()).bind(egress.level).bind(egress.reason).run(); !done)
        return std::unexpected(done.error().in(u"note what guards job %1"_s.arg(job.value())));
    return {};
}

Result<std::optional<JobEgress>> readJobEgress(Database &database, const JobId &job)
{
    auto statement = database.prepare("SELECT level, reason FROM job_egress WHERE job = ?");
    if (!statement)
        return std::unexpected(statement.error());
    const auto row = statement->bind(job.value()).step();
    if (!row)
        return std::unexpected(row.error());
    return *row ? std::optional(JobEgress{.level = statement->text(0), .reason = statement->text(1)}) : std::nullopt;
}

} // namespace danube::store
