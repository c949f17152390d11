// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/artifacts/artifactwriter.h"

#include <QDir>
#include <QFile>
#include <QLoggingCategory>

using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

namespace danube::artifacts {
namespace {

Q_LOGGING_CATEGORY(artifactLog, "danube.artifacts")

constexpr qint64 hashSlice = 8 << 20; // between two slices others get their turn

std::unexpected<UploadError> refuse(const Error &error)
{
    return std::unexpected(UploadError{.error = error});
}

std::unexpected<UploadError> refuse(ErrorCode code, QString message)
{
    return refuse(Error{code, std::move(message)});
}

UploadError overQuota(const JobId &job, ByteCount limit)
{
    return {.kind = UploadError::Kind::OverQuota,
            .error = {ErrorCode::ResourceExhausted,
                      u"job %1: its artifacts would exceed %2"_s.arg(job.value(), toText(limit))}};
}

} // namespace

ArtifactWriter::ArtifactWriter(const ArtifactSettings &settings, store::ArtifactTable &table, const Clock &clock)
    : m_settings(settings), m_table(table), m_clock(clock), m_sweepTimer(this)
{}

Result<std::optional<Artifact>> ArtifactWriter::named(const UploadKey &key) const
{
    const auto all = m_table.artifacts(key.job);
    if (!all)
        return std::unexpected(all.error());
    const auto found = std::ranges::find(*all, key.name, &Artifact::name);
    if (found == all->end())
        return std::nullopt;
    if (found->sha256 != key.sha256)
        return fail(ErrorCode::AlreadyExists,
                    u"artifact '%1' exists with sha256 %2"_s.arg(key.name, QString::fromLatin1(found->sha256)));
    if (const qint64 size = QFileInfo(artifactPath(m_settings.directory, *found)).size(); size != toInt(found->size))
        return fail(ErrorCode::DataLoss,
                    u"artifact '%1' has %2 of its %3 bytes"_s.arg(key.name).arg(size).arg(toInt(found->size)));
    return *found;
}

UploadResult<ByteCount> ArtifactWriter::query(const UploadKey &key) const
{
    if (const auto good = checkUploadKey(key); !good)
        return refuse(good.error());
    const auto existing = named(key);
    if (!existing)
        return refuse(existing.error());
    if (*existing)
        return (*existing)->size;
    return ByteCount(QFileInfo(partialPath(m_settings.directory, key)).size());
}

void ArtifactWriter::begin(UploadKey key, ByteCount offset, Done<UploadStart> done)
{
    if (const auto good = checkUploadKey(key); !good)
        return done(refuse(good.error()));
    const auto existing = named(key);
    if (!existing)
        return done(refuse(existing.error()));
    if (*existing)
        return done(**existing);
    takeFromOther(key);
    if (m_uploads.size() >= static_cast<size_t>(m_settings.openUploads))
        return done(refuse(ErrorCode::Unavailable, u"too many uploads are open; try again"_s));
    auto file = openPartial(key, offset);
    if (!file) {
        forgetUsage(key.job);
        return done(std::unexpected(file.error()));
    }
    const UploadId id{++m_lastId};
    m_uploads.emplace(id, Upload{std::move(key), std::move(*file), {}});
    hashThenAnswer(id, std::move(done));
}

UploadResult<PartialFile> ArtifactWriter::openPartial(const UploadKey &key, ByteCount offset)
{
    const QFileInfo present(partialPath(m_settings.directory, key));
    if (const auto size = present.size(); size != toInt(offset)) {
        const auto message = u"offset: %1 bytes are here, got offset %2"_s.arg(size).arg(toInt(offset));
        return std::unexpected(
            UploadError{UploadError::Kind::WrongOffset, {ErrorCode::Conflict, message}, ByteCount(size)});
    }
    auto usage = m_usage.find(key.job);
    if (usage == m_usage.end())
        usage = m_usage.emplace(key.job, usageOf(m_settings.directory, key.job)).first;
    const int newFiles = present.exists() ? 0 : 1;
    if (usage->second.files + newFiles > m_settings.filesPerJob)
        return refuse(ErrorCode::ResourceExhausted,
                      u"job %1 has %2 artifacts; no more are taken"_s.arg(key.job.value()).arg(m_settings.filesPerJob));
    if (!QDir().mkpath(present.path()))
        return refuse(ErrorCode::Io, u"make directory %1"_s.arg(present.path()));
    auto file = PartialFile::open(present.filePath());
    if (!file)
        return refuse(file.error());
    usage->second.files += newFiles;
    return std::move(*file);
}

void ArtifactWriter::hashThenAnswer(UploadId id, Done<UploadStart> done)
{
    Upload *upload = find(id);
    if (!upload)
        return done(refuse(ErrorCode::Cancelled, u"the upload was abandoned"_s));
    if (const auto failure = upload->failure) {
        close(id); // nobody else knows of it
        return done(std::unexpected(*failure));
    }
    if (const auto hashed = upload->file.hashMore(hashSlice); !hashed) {
        close(id);
        return done(refuse(hashed.error()));
    }
    if (upload->file.isHashed())
        return done(id);
    m_self.post([this, id, done = std::move(done)]() mutable { hashThenAnswer(id, std::move(done)); });
}

// The newest connection wins: the older one is most likely half-open after a cut.
void ArtifactWriter::takeFromOther(const UploadKey &key)
{
    for (auto &[id, upload] : m_uploads) {
        if (upload.key == key && !upload.failure)
            upload.failure = UploadError{.error = {ErrorCode::Conflict, u"the upload was continued by another call"_s}};
    }
}

ArtifactWriter::Upload *ArtifactWriter::find(UploadId id)
{
    const auto found = m_uploads.find(id);
    return found == m_uploads.end() ? nullptr : &found->second;
}

UploadResult<void> ArtifactWriter::append(UploadId id, QByteArrayView bytes)
{
    Upload *upload = find(id);
    if (!upload)
        return refuse(ErrorCode::NotFound, u"the upload is not open"_s);
    if (upload->failure)
        return std::unexpected(*upload->failure);
    Usage &usage = m_usage[upload->key.job];
    if (usage.bytes + bytes.size() > toInt(m_settings.bytesPerJob)) {
        upload->failure = overQuota(upload->key.job, m_settings.bytesPerJob);
        return std::unexpected(*upload->failure);
    }
    if (const auto kept = checkReserve(bytes.size()); !kept) {
        upload->failure = UploadError{.error = kept.error()};
        return std::unexpected(*upload->failure);
    }
    const auto before = upload->file.size();
    const auto written = upload->file.append(bytes);
    usage.bytes += upload->file.size() - before;
    if (written)
        return {};
    upload->failure = UploadError{.error = written.error()};
    return std::unexpected(*upload->failure);
}

Result<void> ArtifactWriter::checkReserve(qint64 more) const
{
    auto volume = quota::lookAtVolume(m_settings.directory);
    if (!volume)
        return std::unexpected(volume.error());
    volume->freeBytes -= more;
    if (m_settings.reserve.isKept(*volume))
        return {};
    return fail(ErrorCode::ResourceExhausted,
                u"the master's data volume has only its reserve of %1 free (quota.free_reserve)"_s.arg(
                    toText(ByteCount(m_settings.reserve.of(*volume)))));
}

void ArtifactWriter::finish(UploadId id, Done<Artifact> done)
{
    Upload *upload = find(id);
    if (!upload)
        return done(refuse(ErrorCode::NotFound, u"the upload is not open"_s));
    if (upload->failure)
        return done(std::unexpected(*upload->failure));
    auto settled = settle(*upload);
    if (!settled && (settled.error().kind == UploadError::Kind::WrongDigest || upload->file.isSuspect()))
        drop(id);
    else
        close(id);
    if (!settled)
        return done(std::unexpected(settled.error()));
    const Artifact artifact = settled->artifact;
    m_table.insertArtifact(
        artifact, this, [this, settled = std::move(*settled), done = std::move(done)](Result<void> inserted) mutable {
            done(afterInsert(settled, inserted));
        });
}

UploadResult<ArtifactWriter::Settled> ArtifactWriter::settle(Upload &upload)
{
    const QByteArray digest = upload.file.digest();
    if (digest != upload.key.sha256) {
        const auto message = u"sha256: expected %1, the %2 bytes sent have %3"_s;
        return std::unexpected(
            UploadError{UploadError::Kind::WrongDigest,
                        {ErrorCode::InvalidArgument, message.arg(QString::fromLatin1(upload.key.sha256))
                                                         .arg(upload.file.size())
                                                         .arg(QString::fromLatin1(digest))},
                        ByteCount(upload.file.size())});
    }
    const Artifact artifact{newArtifactId(m_clock),        upload.key.job,    upload.key.name,
                            ByteCount(upload.file.size()), upload.key.sha256, m_clock.wall()};
    Settled settled{artifact, artifactPath(m_settings.directory, artifact), upload.file.path()};
    // The name of the job's own folder: whoever made it may have been killed before it was durable.
    if (const auto named = syncDirectory(m_settings.directory); !named)
        return refuse(named.error());
    if (const auto moved = upload.file.settle(settled.path); !moved)
        return refuse(moved.error());
    return settled;
}

UploadResult<Artifact> ArtifactWriter::afterInsert(const Settled &settled, const Result<void> &inserted)
{
    if (inserted)
        return settled.artifact;
    if (inserted.error().code != ErrorCode::AlreadyExists) {
        // Back to where the next try finds it, so that nothing needs to be sent again.
        const auto undone = renameDurably(settled.path, settled.partialPath);
        if (!undone)
            qCWarning(artifactLog).noquote()
                << u"artifact not kept job=%1 error=\"%2\""_s.arg(settled.artifact.job.value(), undone.error().message);
        return refuse(inserted.error());
    }
    QFile::remove(settled.path); // another upload of this name was first
    const auto first = named({settled.artifact.job, settled.artifact.name, settled.artifact.sha256});
    if (!first)
        return refuse(first.error());
    return *first ? UploadResult<Artifact>(**first) : refuse(inserted.error());
}

void ArtifactWriter::abandon(UploadId id)
{
    const Upload *upload = find(id);
    if (!upload)
        return;
    const bool isUseless =
        upload->file.size() == 0 || (upload->failure && upload->failure->kind == UploadError::Kind::OverQuota);
    if (isUseless)
        drop(id);
    else
        close(id);
}

void ArtifactWriter::close(UploadId id)
{
    const auto found = m_uploads.find(id);
    const JobId job = found->second.key.job;
    m_uploads.erase(found);
    forgetUsage(job);
}

void ArtifactWriter::forgetUsage(const JobId &job)
{
    const auto isOfJob = [&job](const auto &entry) { return entry.second.key.job == job; };
    if (std::ranges::none_of(m_uploads, isOfJob))
        m_usage.erase(job);
}

void ArtifactWriter::drop(UploadId id)
{
    const Upload &upload = m_uploads.at(id);
    const auto isOther = [&](const auto &entry) {
        return entry.first != id && entry.second.key == upload.key && !entry.second.failure;
    };
    if (std::ranges::none_of(m_uploads, isOther) && QFile::remove(upload.file.path())) {
        Usage &usage = m_usage[upload.key.job];
        usage.bytes -= upload.file.size();
        --usage.files;
    }
    close(id);
}

void ArtifactWriter::removeFile(const Artifact &artifact)
{
    const QString path = artifactPath(m_settings.directory, artifact);
    if (!QFile::remove(path) && QFile::exists(path))
        qCWarning(artifactLog).noquote() << u"artifact-not-removed path=%1"_s.arg(path);
    forgetUsage(artifact.job);
    QDir().rmdir(jobDirectory(m_settings.directory, artifact.job)); // when empty
}

void ArtifactWriter::startSweeping()
{
    connect(&m_sweepTimer, &QTimer::timeout, this, &ArtifactWriter::sweep);
    m_sweepTimer.start(1h);
    sweep();
}

void ArtifactWriter::sweep()
{
    const QStringList jobs = QDir(m_settings.directory).entryList(QDir::Dirs | QDir::NoDotAndDotDot);
    for (const QString &name : jobs) {
        const JobId job(name);
        if (isSafeId(name) && !m_usage.contains(job)) // a job with an open upload waits for the next time
            sweepJob(job);
    }
}

void ArtifactWriter::sweepJob(const JobId &job)
{
    const auto age = std::chrono::duration_cast<milliseconds>(m_settings.partialAge);
    const auto limit = QDateTime::fromStdTimePoint(m_clock.wall() - age);
    const QDir partial(partialDirectory(m_settings.directory, job));
    for (const QFileInfo &file : partial.entryInfoList(QDir::Files)) {
        if (file.lastModified() < limit && QFile::remove(file.filePath()))
            qCInfo(artifactLog).noquote()
                << u"forgotten upload removed job=%1 bytes=%2"_s.arg(job.value()).arg(file.size());
    }
    partial.rmdir(partial.path()); // when empty
    sweepOrphans(job, limit);
}

/// A crash between file and row, or between the end of a row and that of its file, leaves a file nobody can ask for.
void ArtifactWriter::sweepOrphans(const JobId &job, const QDateTime &limit) const
{
    const auto rows = m_table.artifacts(job);
    if (!rows)
        return;
    const QDir directory(jobDirectory(m_settings.directory, job));
    for (const QFileInfo &file : directory.entryInfoList(QDir::Files)) {
        const bool hasRow = std::ranges::contains(*rows, ArtifactId(file.fileName()), &Artifact::id);
        if (!hasRow && file.lastModified() < limit && QFile::remove(file.filePath()))
            qCInfo(artifactLog).noquote()
                << u"file without artifact removed job=%1 bytes=%2"_s.arg(job.value()).arg(file.size());
    }
    directory.rmdir(directory.path()); // when empty
}

} // namespace danube::artifacts
