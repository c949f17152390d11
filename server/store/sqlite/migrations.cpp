// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/store/sqlite/migrations.h"

#include <QDir>
#include <QFile>

using namespace Qt::StringLiterals;

namespace danube::store {
namespace {

constexpr int64_t applicationId = 0x44414e55; // "DANU", in the file's header: tells our database from others

Result<int64_t> queryNumber(Database &database, const QByteArray &sql)
{
    auto statement = database.prepare(sql);
    if (!statement)
        return std::unexpected(statement.error());
    return statement->step().transform([&statement](bool row) { return row ? statement->number(0) : 0; });
}

Result<void> refuseForeign(Database &database, const QString &name)
{
    const auto application = queryNumber(database, "PRAGMA application_id");
    const auto objects = queryNumber(database, "SELECT count(*) FROM sqlite_schema");
    if (!application || !objects)
        return std::unexpected(application ? objects.error() : application.error());
    if (*application == applicationId || (*application == 0 && *objects == 0))
        return {};
    return fail(ErrorCode::InvalidArgument, u"database %1 belongs to another program"_s.arg(name));
}

Result<void> apply(Database &database, const Migration &migration)
{
    const QByteArray number = QByteArray::number(migration.number);
    const QByteArray script = "BEGIN IMMEDIATE;\n" + migration.script +
                              "\n;PRAGMA application_id = " + QByteArray::number(applicationId) +
                              ";PRAGMA user_version = " + number + ";COMMIT;";
    auto done = database.executeScript(script);
    if (!done && database.inTransaction())
        std::ignore = database.executeScript("ROLLBACK");
    return done;
}

} // namespace

Result<QList<Migration>> embeddedMigrations()
{
    QList<Migration> migrations;
    const QDir directory(u":/danube/sql"_s);
    for (const QString &file : directory.entryList({u"*.sql"_s}, QDir::Files, QDir::Name)) {
        QFile script(directory.filePath(file));
        const int number = file.section(u'_', 0, 0).toInt();
        if (!script.open(QIODevice::ReadOnly) || number != migrations.size() + 1)
            return fail(ErrorCode::Internal,
                        u"migration %1 does not follow number %2"_s.arg(file).arg(migrations.size()));
        migrations.append({number, file.chopped(4), script.readAll()});
    }
    if (migrations.isEmpty())
        return fail(ErrorCode::Internal, u"no migrations are embedded in this program"_s);
    return migrations;
}

Result<int64_t> schemaVersion(Database &database)
{
    return queryNumber(database, "PRAGMA user_version");
}

Result<void> migrate(Database &database, const QString &name, const QList<Migration> &migrations)
{
    const auto version = schemaVersion(database);
    if (!version && version.error().code == ErrorCode::DataLoss)
        return fail(ErrorCode::DataLoss, u"%1 is damaged or not a database: %2"_s.arg(name, version.error().message));
    if (!version)
        return std::unexpected(version.error().in(u"read schema of database %1"_s.arg(name)));
    if (auto ours = refuseForeign(database, name); !ours)
        return ours;
    const int newest = migrations.last().number;
    if (*version > newest) {
        return fail(
            ErrorCode::Conflict,
            u"database %1 has schema %2, this danube-master knows up to %3"_s.arg(name).arg(*version).arg(newest));
    }
    for (const Migration &migration : migrations.sliced(*version)) {
        if (auto done = apply(database, migration); !done)
            return std::unexpected(done.error().in(u"migrate database %1 by %2"_s.arg(name, migration.name)));
    }
    return {};
}

} // namespace danube::store
