// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "server/artifacts/upload.h"
#include "server/quota/volume.h"
#include "server/store/store.h"
#include "shared/core/mailbox.h"

#include <QThread>

#include <atomic>

namespace danube::artifacts {

class ArtifactWriter;

struct ArtifactSettings
{
    QString directory = {};                  ///< made when missing
    ByteCount bytesPerJob{qint64(10) << 30}; ///< finished and unfinished together
    quota::Reserve reserve = {};             ///< of the volume, for others
    int filesPerJob = 10'000;                ///< the same
    int openUploads = 256;                   ///< at once, over all jobs
    std::chrono::hours partialAge{24};       ///< an upload not continued for so long is forgotten
};

struct StoredArtifact
{
    Artifact artifact;
    QString path; ///< a file of artifact.size bytes that never changes
};

/// Artifact files: directory/<job>/<artifact id>, and directory/<job>/partial/… while they arrive. Names never become
/// paths. A file counts when its row is in the table: bytes durable, then renamed, then the row durable, then answered.
///
/// Writing happens on a thread of its own, in order of the calls. Every method is for any thread. Answers are posted to
/// the mailbox given beside them and may capture values and weak pointers only.
class ArtifactStore
{
public:
    template <class T> using Done = std::move_only_function<void(UploadResult<T>)>;

    /// `table` and `clock` outlive the store. Starts the thread and, there, the sweep of forgotten uploads.
    static Result<std::unique_ptr<ArtifactStore>> open(ArtifactSettings settings, store::ArtifactTable &table,
                                                       const Clock &clock);
    ~ArtifactStore(); ///< leaves open uploads as they are, to be resumed; waits for the write at hand only
    ArtifactStore(const ArtifactStore &) = delete;
    ArtifactStore &operator=(const ArtifactStore &) = delete;

    /// How many bytes of the upload are here; the artifact's size when it is finished.
    void query(UploadKey key, const Mailbox &home, Done<ByteCount> done);
    /// Opens an upload, taking it from whoever has it open (whose next write fails with Conflict). `offset` must be the
    /// bytes that are here. Errors: InvalidArgument, AlreadyExists for the name with another digest, WrongOffset,
    /// OverQuota, ResourceExhausted.
    void begin(UploadKey key, ByteCount offset, const Mailbox &home, Done<UploadStart> done);
    /// Takes bytes; `done` when they are in the file (not yet durable). After an error only abandon() makes sense.
    void append(UploadId upload, QByteArray bytes, const Mailbox &home, Done<void> done);
    /// Checks the digest, makes all durable and gives the artifact. The upload is over, also on error.
    void finish(UploadId upload, const Mailbox &home, Done<Artifact> done);
    /// Closes an upload; what came stays for a later begin(). Unknown ones are ignored.
    void abandon(UploadId upload);

    /// Removes the file of an artifact whose row is gone. Should this be forgotten by a crash, a later sweep does it.
    void removeFile(Artifact artifact);

    /// For readers. NotFound; DataLoss when the file is missing or has another size.
    Result<StoredArtifact> open(const ArtifactId &id) const;

private:
    ArtifactStore(ArtifactSettings settings, store::ArtifactTable &table, const Clock &clock);
    ArtifactSettings m_settings;
    store::ArtifactTable &m_table;
    QThread m_thread;
    ArtifactWriter *m_writer; ///< lives in m_thread and is deleted there
    Mailbox m_toWriter;
};

} // namespace danube::artifacts
