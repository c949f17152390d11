// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "server/store/sqlite/database.h"
#include "server/store/store.h"

namespace danube::store {

/// Inserts, or replaces.
Result<void> saveJobEgressRow(Database &database, const JobId &job, const JobEgress &egress);
Result<std::optional<JobEgress>> readJobEgress(Database &database, const JobId &job);

} // namespace danube::store
