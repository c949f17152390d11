// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "shared/core/result.h"

#include <QByteArray>

#include <sys/types.h>

namespace danube::logs {

/// The system calls a log depends on, so that tests can let them fail. As in POSIX: -1 and errno.
class FileCalls
{
public:
    virtual ~FileCalls() = default;
    virtual ssize_t write(int file, const char *data, size_t size, off_t offset);
    virtual int sync(int file); ///< fdatasync
    virtual int truncate(int file, off_t size);
    static FileCalls &system();
};

/// A file written at offsets the caller keeps, so that a write that failed halfway is simply done again.
class AppendFile
{
public:
    enum class Mode { Create, MustExist };
    static Result<AppendFile> open(const QString &path, Mode mode, FileCalls &calls); ///< made with mode 0600
    AppendFile(AppendFile &&other) noexcept;
    AppendFile &operator=(AppendFile &&other) noexcept;
    ~AppendFile();

    /// All of it or an error; goes on after EINTR and short writes. Starts to write back what has grown large, so that
    /// sync() finds little left to wait for.
    Result<void> writeAt(qint64 offset, QByteArrayView bytes);
    /// As many of `size` bytes as there are.
    Result<QByteArray> readAt(qint64 offset, qint64 size) const;
    Result<void> sync();
    Result<void> truncate(qint64 size);
    Result<qint64> size() const;
    const QString &path() const { return m_path; }

private:
    AppendFile(int file, QString path, FileCalls &calls) : m_file(file), m_path(std::move(path)), m_calls(&calls) {}
    int m_file;
    QString m_path;
    void startWriteback(qint64 end);
    FileCalls *m_calls;
    qint64 m_writebackFrom = 0; ///< what lies before it is on its way to the disk
};

/// Makes the names in a directory durable.
Result<void> syncDirectory(const QString &path);
/// pread until `size` bytes or the end; used by writer and readers.
Result<qint64> readFully(int file, char *data, qint64 size, qint64 offset, const QString &path);

} // namespace danube::logs
