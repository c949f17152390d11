// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "server/artifacts/artifactstore.h"
#include "server/artifacts/layout.h"
#include "server/artifacts/partialfile.h"

#include <map>

namespace danube::artifacts {

/// The writing half of ArtifactStore, on its thread; see there for what the calls mean.
class ArtifactWriter final : public QObject
{
    Q_OBJECT
public:
    template <class T> using Done = ArtifactStore::Done<T>;

    ArtifactWriter(const ArtifactSettings &settings, store::ArtifactTable &table, const Clock &clock);

    UploadResult<ByteCount> query(const UploadKey &key) const;
    void begin(UploadKey key, ByteCount offset, Done<UploadStart> done);
    UploadResult<void> append(UploadId id, QByteArrayView bytes);
    void finish(UploadId id, Done<Artifact> done);
    void abandon(UploadId id);
    void removeFile(const Artifact &artifact);
    void startSweeping(); ///< now and then every hour

private:
    struct Upload
    {
        UploadKey key;
        PartialFile file;
        std::optional<UploadError> failure; ///< what every later call is told
    };
    /// An upload whose row is on its way to the table.
    struct Settled
    {
        Artifact artifact;
        QString path;
        QString partialPath;
    };

    Result<std::optional<Artifact>> named(const UploadKey &key) const; ///< the job's artifact of that name, if any
    UploadResult<PartialFile> openPartial(const UploadKey &key, ByteCount offset);
    Result<void> checkReserve(qint64 more) const;
    void hashThenAnswer(UploadId id, Done<UploadStart> done);
    void takeFromOther(const UploadKey &key);
    Upload *find(UploadId id);
    void close(UploadId id);
    void drop(UploadId id);             ///< and its file
    void forgetUsage(const JobId &job); ///< unless an upload of the job is open
    UploadResult<Settled> settle(Upload &upload);
    UploadResult<Artifact> afterInsert(const Settled &settled, const Result<void> &inserted);
    void sweep();
    void sweepJob(const JobId &job);
    void sweepOrphans(const JobId &job, const QDateTime &limit) const;

    const ArtifactSettings &m_settings;
    store::ArtifactTable &m_table;
    const Clock &m_clock;
    uint64_t m_lastId = 0;
    std::map<UploadId, Upload> m_uploads;
    std::map<JobId, Usage> m_usage; ///< of jobs with an open upload
    QTimer m_sweepTimer;
    Mailbox m_self{this};
};

} // namespace danube::artifacts
