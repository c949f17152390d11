// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "server/store/sqlite/database.h"

namespace danube::store {

/// One file of resources/sql, embedded: NNN_name.sql takes the schema from NNN-1 to NNN. Never edited once released.
struct Migration
{
    int number = 0;
    QString name; ///< "001_initial"
    QByteArray script;
};

/// 1, 2, … without a gap; a gap is a bug (Internal).
Result<QList<Migration>> embeddedMigrations();

/// Brings the schema up to the last of `migrations`, each in a transaction of its own together with its number. Errors:
/// not SQLite at all, SQLite of another program, a schema newer than the last migration. `name` is for the messages.
Result<void> migrate(Database &database, const QString &name, const QList<Migration> &migrations);

Result<int64_t> schemaVersion(Database &database);

} // namespace danube::store
