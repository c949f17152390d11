// SPDX-License-Identifier: GPL-3.0-or-later
#include "shared/core/replacefile.h"

#include "shared/core/filedescriptor.h"

#include <QFile>
#include <QFileInfo>

#include <cerrno>
#include <cstdio>
#include <fcntl.h>
#include <unistd.h>

using namespace Qt::StringLiterals;

namespace danube {
namespace {

std::unexpected<Error> failed(const QString &attempt, int error)
{
    auto failure = failErrno(attempt, error);
    if (failure.error().code == ErrorCode::NotFound) // a directory that is gone: nobody asked for it
        failure.error().code = ErrorCode::Io;
    return failure;
}

Result<void> synced(int result, const QString &attempt)
{
    return result == 0 ? Result<void>() : failed(attempt, errno);
}

Result<void> writeAll(int file, QByteArrayView bytes, const QString &attempt, DiskCalls &calls)
{
    while (!bytes.isEmpty()) {
        const ssize_t written = calls.write(file, bytes.data(), static_cast<size_t>(bytes.size()));
        if (written < 0 && errno == EINTR)
            continue;
        if (written <= 0) // nothing written without an error is a full disk on some file systems
            return failed(attempt, written < 0 ? errno : ENOSPC);
        bytes = bytes.sliced(written);
    }
    return synced(calls.sync(file), attempt);
}

Result<void> makeFile(const QByteArray &path, QByteArrayView bytes, const QString &attempt, DiskCalls &calls)
{
    ::unlink(path.constData()); // of a write that was cut short
    const FileDescriptor file(::open(path.constData(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600));
    return file ? writeAll(file.get(), bytes, attempt, calls) : failed(attempt, errno);
}

Result<void> nameDurably(const QString &directory, const QString &attempt, DiskCalls &calls)
{
    const FileDescriptor file(::open(QFile::encodeName(directory).constData(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    return file ? synced(calls.syncDirectory(file.get()), attempt) : failed(attempt, errno);
}

} // namespace

ssize_t DiskCalls::write(int file, const char *data, size_t size)
{
    return ::write(file, data, size);
}
int DiskCalls::sync(int file)
{
    return ::fsync(file);
}
int DiskCalls::syncDirectory(int file)
{
    return ::fsync(file);
}

DiskCalls &DiskCalls::system()
{
    static DiskCalls calls;
    return calls;
}

Result<void> replaceFile(const QString &path, QByteArrayView bytes, DiskCalls &calls)
{
    const QString attempt = u"write %1"_s.arg(path);
    const QFileInfo named(path);
    const QFileInfo target(named.isSymLink() ? named.symLinkTarget() : path);
    const QByteArray place = QFile::encodeName(target.filePath());
    const QByteArray fresh = place + ".new";
    Result<void> made = makeFile(fresh, bytes, attempt, calls);
    if (made && ::rename(fresh.constData(), place.constData()) != 0)
        made = failed(attempt, errno);
    if (made)
        return nameDurably(target.absolutePath(), attempt, calls);
    ::unlink(fresh.constData());
    return made;
}

} // namespace danube
