// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "server/store/sqlite/database.h"
#include "shared/model/artifact.h"

namespace danube::store {

Result<void> insertArtifactRow(Database &database, const Artifact &artifact);
Result<QList<Artifact>> readArtifacts(Database &database, const JobId &job); ///< by name
Result<Artifact> readArtifact(Database &database, const ArtifactId &id);

Result<QList<Artifact>> readArtifactsBefore(Database &database, WallTime createdBefore, int limit); ///< oldest first
Result<void> removeArtifactRows(Database &database, const QList<ArtifactId> &artifacts);

Result<void> insertGrantRow(Database &database, const JobId &job, const QString &key);
Result<QStringList> readGrants(Database &database, const JobId &job);

} // namespace danube::store
