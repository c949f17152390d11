// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/logs/appendfile.h"

#include <QFile>

#include <cerrno>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

using namespace Qt::StringLiterals;

namespace danube::logs {

ssize_t FileCalls::write(int file, const char *data, size_t size, off_t offset)
{
    return pwrite(file, data, size, offset);
}
int FileCalls::sync(int file)
{
    return fdatasync(file);
}
int FileCalls::truncate(int file, off_t size)
{
    return ftruncate(file, size);
}

FileCalls &FileCalls::system()
{
    static FileCalls calls;
    return calls;
}

Result<AppendFile> AppendFile::open(const QString &path, Mode mode, FileCalls &calls)
{
    const int create = mode == Mode::Create ? O_CREAT : 0;
    const int file = ::open(QFile::encodeName(path).constData(), O_RDWR | O_CLOEXEC | O_NOFOLLOW | create, 0600);
    if (file < 0)
        return failErrno(u"open %1"_s.arg(path), errno);
    return AppendFile(file, path, calls);
}

AppendFile::AppendFile(AppendFile &&other) noexcept
    : m_file(std::exchange(other.m_file, -1)),
      m_path(std::move(other.m_path)),
      m_calls(other.m_calls),
      m_writebackFrom(other.m_writebackFrom)
{}

AppendFile &AppendFile::operator=(AppendFile &&other) noexcept
{
    std::swap(m_file, other.m_file);
    std::swap(m_path, other.m_path);
    std::swap(m_calls, other.m_calls);
    std::swap(m_writebackFrom, other.m_writebackFrom);
    return *this;
}

AppendFile::~AppendFile()
{
    if (m_file >= 0)
        ::close(m_file);
}

Result<void> AppendFile::writeAt(qint64 offset, QByteArrayView bytes)
{
    while (!bytes.isEmpty()) {
        const ssize_t written = m_calls->write(m_file, bytes.data(), static_cast<size_t>(bytes.size()), offset);
        if (written < 0 && errno == EINTR)
            continue;
        if (written <= 0) // nothing written without an error is a full disk on some file systems
            return failErrno(u"write %1"_s.arg(m_path), written < 0 ? errno : ENOSPC);
        bytes = bytes.sliced(written);
        offset += written;
    }
    startWriteback(offset);
    return {};
}

// Advice only: what went wrong with it is told by the sync that follows.
void AppendFile::startWriteback(qint64 end)
{
    constexpr qint64 stride = 1 << 20;
    m_writebackFrom = std::min(m_writebackFrom, end); // cut and written again
    if (end - m_writebackFrom < stride)
        return;
    std::ignore = sync_file_range(m_file, m_writebackFrom, end - m_writebackFrom, SYNC_FILE_RANGE_WRITE);
    m_writebackFrom = end;
}

Result<QByteArray> AppendFile::readAt(qint64 offset, qint64 size) const
{
    QByteArray bytes(size, Qt::Uninitialized);
    return readFully(m_file, bytes.data(), size, offset, m_path).transform([&bytes](qint64 got) {
        bytes.truncate(got);
        return std::move(bytes);
    });
}

Result<void> AppendFile::sync()
{
    int result = 0;
    do {
        result = m_calls->sync(m_file);
    } while (result != 0 && errno == EINTR);
    if (result != 0)
        return failErrno(u"sync %1"_s.arg(m_path), errno);
    return {};
}

Result<void> AppendFile::truncate(qint64 size)
{
    if (m_calls->truncate(m_file, size) != 0)
        return failErrno(u"cut %1"_s.arg(m_path), errno);
    return {};
}

Result<qint64> AppendFile::size() const
{
    struct stat status{};
    if (fstat(m_file, &status) != 0)
        return failErrno(u"look at %1"_s.arg(m_path), errno);
    return status.st_size;
}

Result<void> syncDirectory(const QString &path)
{
    const int directory = ::open(QFile::encodeName(path).constData(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (directory < 0)
        return failErrno(u"open directory %1"_s.arg(path), errno);
    const int result = fsync(directory);
    const int error = errno;
    ::close(directory);
    if (result != 0)
        return failErrno(u"sync directory %1"_s.arg(path), error);
    return {};
}

Result<qint64> readFully(int file, char *data, qint64 size, qint64 offset, const QString &path)
{
    qint64 done = 0;
    while (done < size) {
        const ssize_t got = pread(file, data + done, static_cast<size_t>(size - done), offset + done);
        if (got < 0 && errno == EINTR)
            continue;
        if (got < 0)
            return failErrno(u"read %1"_s.arg(path), errno);
        if (got == 0)
            break;
        done += got;
    }
    return done;
}

} // namespace danube::logs
