// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/artifacts/partialfile.h"

#include <QFile>
#include <QFileInfo>

#include <cerrno>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

using namespace Qt::StringLiterals;

namespace danube::artifacts {
namespace {

// The kernel writes behind us in steps of this, so that the final fsync is short.
constexpr qint64 flushStep = 8 << 20;
constexpr qsizetype readStep = 256 * 1024;

} // namespace

PartialFile::PartialFile(QString path, int descriptor, qint64 size)
    : m_path(std::move(path)), m_descriptor(descriptor), m_size(size), m_flushStarted(size)
{}

PartialFile::PartialFile(PartialFile &&other) noexcept
    : m_path(std::move(other.m_path)),
      m_descriptor(std::exchange(other.m_descriptor, -1)),
      m_size(other.m_size),
      m_hashed(other.m_hashed),
      m_flushStarted(other.m_flushStarted),
      m_isSuspect(other.m_isSuspect),
      m_digest(std::move(other.m_digest))
{}

PartialFile::~PartialFile()
{
    if (m_descriptor >= 0)
        ::close(m_descriptor);
}

Result<PartialFile> PartialFile::open(const QString &path)
{
    constexpr int flags = O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW;
    const int descriptor = ::open(QFile::encodeName(path).constData(), flags, 0600);
    if (descriptor < 0)
        return failErrno(u"open upload %1"_s.arg(path), errno);
    struct stat status{};
    if (::fstat(descriptor, &status) == 0)
        return PartialFile(path, descriptor, status.st_size);
    const int failed = errno;
    ::close(descriptor);
    return failErrno(u"look at upload %1"_s.arg(path), failed);
}

Result<void> PartialFile::hashMore(qint64 limit)
{
    QByteArray buffer(readStep, Qt::Uninitialized);
    for (qint64 left = std::min(limit, m_size - m_hashed); left > 0;) {
        const auto wanted = static_cast<size_t>(std::min<qint64>(left, readStep));
        const auto read = ::pread(m_descriptor, buffer.data(), wanted, m_hashed);
        if (read < 0 && errno == EINTR)
            continue;
        if (read < 0)
            return failErrno(u"read upload %1"_s.arg(m_path), errno);
        if (read == 0)
            return fail(ErrorCode::DataLoss, u"read upload %1: it shrank"_s.arg(m_path));
        m_digest.add(QByteArrayView(buffer.constData(), read));
        m_hashed += read;
        left -= read;
    }
    return {};
}

Result<void> PartialFile::append(QByteArrayView bytes)
{
    Q_ASSERT(isHashed());
    while (!bytes.isEmpty()) {
        const auto written = ::pwrite(m_descriptor, bytes.data(), static_cast<size_t>(bytes.size()), m_size);
        if (written < 0 && errno == EINTR)
            continue;
        if (written <= 0) // nothing written without an error is a full disk on some file systems
            return failErrno(u"write upload %1"_s.arg(m_path), written < 0 ? errno : ENOSPC);
        m_digest.add(bytes.first(written));
        m_size += written;
        m_hashed = m_size;
        bytes = bytes.sliced(written);
    }
    if (m_size - m_flushStarted >= flushStep) {
        ::sync_file_range(m_descriptor, m_flushStarted, m_size - m_flushStarted, SYNC_FILE_RANGE_WRITE);
        m_flushStarted = m_size;
    }
    return {};
}

Result<void> PartialFile::settle(const QString &target)
{
    std::ignore = ::futimens(m_descriptor, nullptr); // an old file without a row is swept, and this one has none yet
    if (::fsync(m_descriptor) != 0) {
        const int failed = errno;
        m_isSuspect = true;
        return failErrno(u"sync upload %1"_s.arg(m_path), failed);
    }
    auto moved = renameDurably(m_path, target);
    if (moved)
        m_path = target;
    return moved;
}

Result<void> syncDirectory(const QString &path)
{
    const int descriptor = ::open(QFile::encodeName(path).constData(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (descriptor < 0)
        return failErrno(u"open directory %1"_s.arg(path), errno);
    const int failed = ::fsync(descriptor) == 0 ? 0 : errno;
    ::close(descriptor);
    if (failed != 0)
        return failErrno(u"sync directory %1"_s.arg(path), failed);
    return {};
}

Result<void> renameDurably(const QString &from, const QString &to)
{
    if (::rename(QFile::encodeName(from).constData(), QFile::encodeName(to).constData()) != 0)
        return failErrno(u"rename %1 to %2"_s.arg(from, to), errno);
    const QString target = QFileInfo(to).path();
    const QString origin = QFileInfo(from).path();
    return syncDirectory(target).and_then([&] { return target == origin ? Result<void>() : syncDirectory(origin); });
}

} // namespace danube::artifacts
