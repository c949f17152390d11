// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "server/store/sqlite/database.h"
#include "shared/model/step.h"

namespace danube::store {

Result<void> insertStepRow(Database &database, const Step &step);
Result<void> updateStepRow(Database &database, const Step &step);
Result<QList<Step>> readSteps(Database &database, const JobId &job);

} // namespace danube::store
