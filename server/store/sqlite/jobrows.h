// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "server/store/sqlite/database.h"
#include "server/store/store.h"

namespace danube::store {

Result<Job> insertJobRow(Database &database, Job job); ///< the same job with its number
Result<void> updateJobRow(Database &database, const Job &job);
Result<void> updateJobReportRow(Database &database, const JobId &id, const QString &message, double progress);
Result<Job> readJob(Database &database, const JobId &id);
Result<QList<Job>> readUnfinishedJobs(Database &database);
Result<JobPage> readJobPage(Database &database, const JobFilter &filter, int limit, const QString &cursor);

} // namespace danube::store
