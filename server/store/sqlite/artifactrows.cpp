// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/store/sqlite/artifactrows.h"

using namespace Qt::StringLiterals;

namespace danube::store {
namespace {

Artifact artifactFromRow(const Statement &row)
{
    return {ArtifactId(row.text(0)),  JobId(row.text(1)), row.text(2),
            ByteCount(row.number(3)), row.blob(4),        row.time(5)};
}

} // namespace

Result<void> insertArtifactRow(Database &database, const Artifact &artifact)
{
    auto statement =
        database.prepare("INSERT INTO artifacts (id, job, name, size, sha256, created_at) VALUES (?, ?, ?, ?, ?, ?)");
    if (!statement)
        return std::unexpected(statement.error());
    statement->bind(artifact.id.value()).bind(artifact.job.value()).bind(artifact.name).bind(toInt(artifact.size));
    statement->bind(QString::fromLatin1(artifact.sha256)).bind(artifact.createdAt);
    return statement->run().transform_error([&](const Error &error) {
        return error.in(u"insert artifact %1 of job %2"_s.arg(artifact.name, artifact.job.value()));
    });
}

Result<QList<Artifact>> readArtifacts(Database &database, const JobId &job)
{
    auto statement =
        database.prepare("SELECT id, job, name, size, sha256, created_at FROM artifacts WHERE job = ? ORDER BY name");
    if (!statement)
        return std::unexpected(statement.error());
    statement->bind(job.value());
    return statement->all<Artifact>(artifactFromRow);
}

Result<QList<Artifact>> readArtifactsBefore(Database &database, WallTime createdBefore, int limit)
{
    auto statement = database.prepare("SELECT id, job, name, size, sha256, created_at FROM artifacts "
                                      "WHERE created_at < ? ORDER BY created_at, id LIMIT ?");
    if (!statement)
        return std::unexpected(statement.error());
    statement->bind(createdBefore).bind(int64_t(limit));
    return statement->all<Artifact>(artifactFromRow);
}

Result<void> removeArtifactRows(Database &database, const QList<ArtifactId> &artifacts)
{
    for (const ArtifactId &id : artifacts) {
        auto statement = database.prepare("DELETE FROM artifacts WHERE id = ?");
        if (!statement)
            return std::unexpected(statement.error());
        if (auto removed = statement->bind(id.value()).run(); !removed)
            return std::unexpected(removed.error().in(u"remove artifact %1"_s.arg(id.value())));
    }
    return {};
}

Result<Artifact> readArtifact(Database &database, const ArtifactId &id)
{
    auto statement = database.prepare("SELECT id, job, name, size, sha256, created_at FROM artifacts WHERE id = ?");
    if (!statement)
        return std::unexpected(statement.error());
    const auto row = statement->bind(id.value()).step();
    if (!row)
        return std::unexpected(row.error());
    if (!*row)
        return fail(ErrorCode::NotFound, u"there is no artifact %1"_s.arg(id.value()));
    return artifactFromRow(*statement);
}

Result<void> insertGrantRow(Database &database, const JobId &job, const QString &key)
{
    // Not OR IGNORE alone: that would also swallow other constraints.
    auto statement = database.prepare("INSERT INTO grants (job, key) VALUES (?, ?) ON CONFLICT (job, key) DO NOTHING");
    if (!statement)
        return std::unexpected(statement.error());
    return statement->bind(job.value()).bind(key).run().transform_error([&](const Error &error) {
        return error.in(u"remember secret %1 of job %2"_s.arg(key, job.value()));
    });
}

Result<QStringList> readGrants(Database &database, const JobId &job)
{
    auto statement = database.prepare("SELECT key FROM grants WHERE job = ? ORDER BY key");
    if (!statement)
        return std::unexpected(statement.error());
    statement->bind(job.value());
    return statement->all<QString>([](const Statement &row) { return row.text(0); });
}

} // namespace danube::store
