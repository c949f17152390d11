// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "server/store/sqlite/database.h"
#include "server/store/store.h"

namespace danube::store {

/// Inserts, or replaces what the row of the same place said.
Result<void> saveRefusalRows(Database &database, const QList<EgressRefusal> &refusals);
Result<QList<EgressRefusal>> readRefusals(Database &database, const JobId &job);
Result<QList<EgressRefusal>> readRefusals(Database &database, const RefusalFilter &filter);

} // namespace danube::store
