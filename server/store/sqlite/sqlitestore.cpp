// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/store/sqlite/sqlitestore.h"

#include "server/store/sqlite/artifactrows.h"
#include "server/store/sqlite/cronmarkrows.h"
#include "server/store/sqlite/jobegressrows.h"
#include "server/store/sqlite/jobrows.h"
#include "server/store/sqlite/migrations.h"
#include "server/store/sqlite/refusalrows.h"
#include "server/store/sqlite/steprows.h"

#include <QFile>
#include <QFileInfo>

#include <cerrno>
#include <fcntl.h>
#include <unistd.h>

using namespace Qt::StringLiterals;

namespace danube::store {
namespace {

constexpr off_t alwaysWritable = 8 << 20; // bytes of write-ahead log: twice what it grows to

/// SQLite would say "unable to open database file" for all of these.
Result<void> checkPlace(const QString &path)
{
    const QString attempt = u"open database %1"_s.arg(path);
    const QString directory = QFileInfo(path).absolutePath();
    if (!QFileInfo(directory).isDir())
        return fail(ErrorCode::NotFound, attempt + u": there is no directory %1"_s.arg(directory));
    // SQLite makes its journal beside the file, so a writable file alone is not enough.
    if (faccessat(AT_FDCWD, QFile::encodeName(directory).constData(), W_OK | X_OK, AT_EACCESS) != 0)
        return failErrno(attempt + u": directory %1 is not writable"_s.arg(directory), errno);
    // Made here for its mode: 0600, as nobody else may read it.
    const int file = ::open(QFile::encodeName(path).constData(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    if (file < 0)
        return failErrno(attempt, errno);
    ::close(file);
    return {};
}

/// A job that has filled the volume gives its room back only after its verdict is written (docs/adr/0020): that must
/// find room. Where the file system cannot promise any, all is as without.
void keepRoom(const QString &path)
{
    const QByteArray log = QFile::encodeName(path + u"-wal"_s); // SQLite's locks are not on this file
    const int file = ::open(log.constData(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    if (file < 0)
        return;
    std::ignore = ::fallocate(file, FALLOC_FL_KEEP_SIZE, 0, alwaysWritable);
    ::close(file);
}

Result<std::unique_ptr<Database>> openWriter(const QString &path, const SqliteSettings &settings)
{
    auto migrations = embeddedMigrations();
    if (!migrations)
        return std::unexpected(migrations.error());
    auto database = Database::open(path, Database::Access::ReadWrite, settings.busyTimeout);
    if (!database)
        return std::unexpected(database.error().in(u"open database %1"_s.arg(path)));
    if (auto migrated = migrate(**database, path, *migrations); !migrated)
        return std::unexpected(migrated.error());
    auto ready = (*database)->enableWriteAheadLog();
    // What a killed master wrote into its log and never synced would be read from now on as if it were durable; a
    // checkpoint syncs it first.
    if (ready)
        ready = (*database)->execute("PRAGMA wal_checkpoint(PASSIVE)");
    if (ready && settings.maxPages > 0)
        ready = (*database)->execute("PRAGMA max_page_count = " + QByteArray::number(settings.maxPages));
    if (!ready)
        return std::unexpected(ready.error().in(u"open database %1"_s.arg(path)));
    keepRoom(path);
    return database;
}

} // namespace

Result<std::unique_ptr<Store>> Store::open(const QString &path)
{
    return SqliteStore::open(path, {});
}

Result<std::unique_ptr<Store>> SqliteStore::open(const QString &path, const SqliteSettings &settings)
{
    return checkPlace(path)
        .and_then([&] { return openWriter(path, settings); })
        .transform([&](std::unique_ptr<Database> writer) -> std::unique_ptr<Store> {
            return std::make_unique<SqliteStore>(path, std::move(writer), settings);
        });
}

SqliteStore::SqliteStore(const QString &path, std::unique_ptr<Database> writer, const SqliteSettings &settings)
    : m_reads(path, settings.busyTimeout), m_writes(std::move(writer), settings.queueBound)
{}

template <class T, class Change>
void SqliteStore::write(WriteExtent extent, QObject *context, Done<T> done, Change change)
{
    m_writes.push(
        std::make_unique<WriteOf<T, Change>>(extent, std::move(change), Reply<Result<T>>(context, std::move(done))));
}

void SqliteStore::insertJob(const Job &job, QObject *context, Done<Job> done)
{
    write<Job>(WriteExtent::OneStatement, context, std::move(done),
               [job](Database &database) { return insertJobRow(database, job); });
}

void SqliteStore::updateJob(const Job &job, QObject *context, Done<void> done)
{
    write<void>(WriteExtent::OneStatement, context, std::move(done),
                [job](Database &database) { return updateJobRow(database, job); });
}

void SqliteStore::updateJobReport(const Job &job, QObject *context, Done<void> done)
{
    write<void>(WriteExtent::OneStatement, context, std::move(done),
                [id = job.id, message = job.message, progress = job.progress](Database &database) {
                    return updateJobReportRow(database, id, message, progress);
                });
}

Result<Job> SqliteStore::job(const JobId &id) const
{
    return m_reads.run([&](Database &database) { return readJob(database, id); });
}

Result<QList<Job>> SqliteStore::unfinishedJobs() const
{
    return m_reads.run([](Database &database) { return readUnfinishedJobs(database); });
}

Result<JobPage> SqliteStore::jobs(const JobFilter &filter, int limit, const QString &cursor) const
{
    return m_reads.run([&](Database &database) { return readJobPage(database, filter, limit, cursor); });
}

void SqliteStore::insertStep(const Step &step, QObject *context, Done<void> done)
{
    write<void>(WriteExtent::OneStatement, context, std::move(done),
                [step](Database &database) { return insertStepRow(database, step); });
}

void SqliteStore::updateStep(const Step &step, QObject *context, Done<void> done)
{
    write<void>(WriteExtent::OneStatement, context, std::move(done),
                [step](Database &database) { return updateStepRow(database, step); });
}

Result<QList<Step>> SqliteStore::steps(const JobId &job) const
{
    return m_reads.run([&](Database &database) { return readSteps(database, job); });
}

void SqliteStore::insertGrant(const JobId &job, const QString &key, QObject *context, Done<void> done)
{
    write<void>(WriteExtent::OneStatement, context, std::move(done),
                [job, key](Database &database) { return insertGrantRow(database, job, key); });
}

Result<QStringList> SqliteStore::grants(const JobId &job) const
{
    return m_reads.run([&](Database &database) { return readGrants(database, job); });
}

void SqliteStore::insertArtifact(const Artifact &artifact, QObject *context, Done<void> done)
{
    write<void>(WriteExtent::OneStatement, context, std::move(done),
                [artifact](Database &database) { return insertArtifactRow(database, artifact); });
}

Result<QList<Artifact>> SqliteStore::artifacts(const JobId &job) const
{
    return m_reads.run([&](Database &database) { return readArtifacts(database, job); });
}

Result<Artifact> SqliteStore::artifact(const ArtifactId &id) const
{
    return m_reads.run([&](Database &database) { return readArtifact(database, id); });
}

Result<QList<Artifact>> SqliteStore::artifactsBefore(WallTime createdBefore, int limit) const
{
    return m_reads.run([&](Database &database) { return readArtifactsBefore(database, createdBefore, limit); });
}

void SqliteStore::removeArtifacts(const QList<ArtifactId> &artifacts, QObject *context, Done<void> done)
{
    write<void>(WriteExtent::Several, context, std::move(done),
                [artifacts](Database &database) { return removeArtifactRows(database, artifacts); });
}

void SqliteStore::saveRefusals(const QList<EgressRefusal> &refusals, QObject *context, Done<void> done)
{
    write<void>(WriteExtent::Several, context, std::move(done),
                [refusals](Database &database) { return saveRefusalRows(database, refusals); });
}

Result<QList<EgressRefusal>> SqliteStore::refusals(const JobId &job) const
{
    return m_reads.run([&](Database &database) { return readRefusals(database, job); });
}

Result<QList<EgressRefusal>> SqliteStore::refusals(const RefusalFilter &filter) const
{
    return m_reads.run([&](Database &database) { return readRefusals(database, filter); });
}

void SqliteStore::saveJobEgress(const JobId &job, const JobEgress &egress, QObject *context, Done<void> done)
{
    write<void>(WriteExtent::OneStatement, context, std::move(done),
                [job, egress](Database &database) { return saveJobEgressRow(database, job, egress); });
}

Result<std::optional<JobEgress>> SqliteStore::jobEgress(const JobId &job) const
{
    return m_reads.run([&](Database &database) { return readJobEgress(database, job); });
}

void SqliteStore::saveCronMark(const CronMark &mark, QObject *context, Done<void> done)
{
    write<void>(WriteExtent::Several, context, std::move(done),
                [mark](Database &database) { return saveCronMarkRow(database, mark); });
}

void SqliteStore::removeCronMark(const CronMark &mark, QObject *context, Done<void> done)
{
    write<void>(WriteExtent::Several, context, std::move(done),
                [mark](Database &database) { return removeCronMarkRow(database, mark); });
}

Result<QList<CronMark>> SqliteStore::cronMarks() const
{
    return m_reads.run([](Database &database) { return readCronMarks(database); });
}

Result<void> SqliteStore::close(milliseconds timeout)
{
    auto stopped = m_writes.stop(timeout);
    m_reads.close();
    return stopped;
}

} // namespace danube::store
