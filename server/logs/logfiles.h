// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "server/logs/logrecovery.h"
#include "server/logs/logwriter.h"

typedef struct evp_md_ctx_st EVP_MD_CTX;

namespace danube::logs {

/// Log and index of one unsealed job on disk: runs in, bytes then record. A call that failed changed nothing and may be
/// repeated. One thread.
class LogFiles
{
public:
    /// Creates or recovers both files; Conflict when the job's log is sealed. `recovered()` tells what was found.
    static Result<std::unique_ptr<LogFiles>> open(const QString &directory, const JobId &job, WallTime now,
                                                  FileCalls &calls);
    ~LogFiles();

    const RecoveredLog &recovered() const { return m_recovered; }
    /// `record` lacks only offset, length and check. Where mostUnsynced would be exceeded, it syncs first, and takes
    /// nothing while that fails.
    Result<void> append(IndexRecord record, QByteArrayView bytes);
    /// After it everything appended before is durable. After a failed sync the kernel may take the pages for clean, so
    /// the next one first writes them again.
    Result<void> sync();
    qint64 size() const { return m_size; }
    qint64 diskBytes() const { return m_size + m_indexSize; }
    qint64 unsyncedBytes() const { return m_size - m_durableSize; }
    bool isSynced() const { return m_indexSize == m_durableIndexSize && !m_rewrite; }
    /// Adds up to 2 MiB of what was there before to the digest, so that a recovered log is not hashed all at its seal.
    void hashSome();
    /// SHA-256 of the whole log, hex. Reads what was not hashed while it was written.
    Result<QByteArray> sha256();
    quint32 generation() const { return m_recovered.generation; }

private:
    LogFiles(AppendFile log, AppendFile index, RecoveredLog recovered);
    Result<void> rewriteUnsynced();
    Result<void> hashUpTo(qint64 end);

    struct FreeDigest
    {
        void operator()(EVP_MD_CTX *digest) const;
    };

    AppendFile m_log;
    AppendFile m_index;
    RecoveredLog m_recovered;
    qint64 m_size;
    qint64 m_indexSize;
    qint64 m_durableSize;
    qint64 m_durableIndexSize;
    bool m_rewrite = false;
    std::unique_ptr<EVP_MD_CTX, FreeDigest> m_digest;
    qint64 m_hashed = 0; ///< leading bytes of the log that are in the digest
};

} // namespace danube::logs
