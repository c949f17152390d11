// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "server/artifacts/digest.h"
#include "shared/core/result.h"

#include <QString>

namespace danube::artifacts {

/// The bytes of an upload so far, in a file, with their digest. What an earlier try left is kept and hashed again by
/// hashMore() before the first append(). Any thread, one at a time; file errors are Io or ResourceExhausted.
class PartialFile
{
public:
    static Result<PartialFile> open(const QString &path); ///< makes it when missing, mode 0600
    PartialFile(PartialFile &&other) noexcept;
    PartialFile &operator=(PartialFile &&) = delete;
    ~PartialFile(); ///< closes; the file stays

    qint64 size() const { return m_size; }
    const QString &path() const { return m_path; }
    bool isHashed() const { return m_hashed == m_size; }
    Result<void> hashMore(qint64 limit); ///< at most `limit` bytes of what was found
    Result<void> append(QByteArrayView bytes);
    QByteArray digest() { return m_digest.finish(); } ///< of all bytes; once, at the end
    /// Makes the bytes durable and moves the file, durably, to `target` in an existing directory.
    Result<void> settle(const QString &target);
    /// A sync failed: the kernel may take pages for clean that are not on the disk, so that neither reading them again
    /// nor another sync says whether they are. The bytes must come again.
    bool isSuspect() const { return m_isSuspect; }

private:
    PartialFile(QString path, int descriptor, qint64 size);

    QString m_path;
    int m_descriptor = -1;
    qint64 m_size = 0;
    qint64 m_hashed = 0;
    qint64 m_flushStarted = 0; ///< bytes the kernel was asked to write out
    bool m_isSuspect = false;
    Digest m_digest;
};

/// Makes the names in a directory durable.
Result<void> syncDirectory(const QString &path);
/// Moves a file and makes that durable in both directories.
Result<void> renameDurably(const QString &from, const QString &to);

} // namespace danube::artifacts
