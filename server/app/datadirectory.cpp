// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/app/datadirectory.h"

#include "server/logs/appendfile.h"

#include <QCoreApplication>
#include <QDeadlineTimer>
#include <QDir>
#include <QFileInfo>
#include <QSysInfo>
#include <QThread>

#include <cerrno>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

using namespace Qt::StringLiterals;

namespace danube::app {
namespace {

constexpr std::chrono::seconds lockPatience{3};

Result<void> makeFolder(const QString &path)
{
    if (::mkdir(QFile::encodeName(path).constData(), 0700) == 0 || (errno == EEXIST && QFileInfo(path).isDir()))
        return {};
    return failErrno(u"data directory: make "_s + path, errno);
}

// Root passes every permission check but a read-only mount; a probe file is the honest test.
Result<void> checkWritable(const QString &path)
{
    const QString probe = path + u"/.write-test"_s;
    QFile file(probe);
    if (!file.open(QIODevice::WriteOnly | QIODevice::Truncate))
        return fail(ErrorCode::Io, u"data directory %1 is not writable: %2"_s.arg(path, file.errorString()));
    file.close();
    QFile::remove(probe);
    return {};
}

/// The file's text is only for whom it refuses.
Result<std::unique_ptr<QFile>> takeLock(const QString &directory)
{
    auto file = std::make_unique<QFile>(directory + u"/lock"_s);
    if (!file->open(QIODevice::ReadWrite))
        return fail(ErrorCode::Io, u"data directory %1: open its lock: %2"_s.arg(directory, file->errorString()));
    // A child that a killed master had just forked has the lock until it becomes another program.
    for (const QDeadlineTimer patience(lockPatience); ::flock(file->handle(), LOCK_EX | LOCK_NB) != 0;) {
        if (errno != EWOULDBLOCK && errno != EINTR)
            return failErrno(u"data directory %1: lock it"_s.arg(directory), errno);
        if (!patience.hasExpired()) {
            QThread::msleep(20);
            continue;
        }
        const QString holder = QString::fromUtf8(file->read(200)).simplified();
        return fail(ErrorCode::Conflict,
                    u"data directory %1 is used by another danube-master (%2)"_s.arg(directory, holder));
    }
    const QString holder = u"pid %1 on %2\n"_s.arg(QCoreApplication::applicationPid()).arg(QSysInfo::machineHostName());
    const QByteArray text = holder.toUtf8();
    if (!file->resize(0) || file->write(text) != text.size() || !file->flush())
        return fail(ErrorCode::Io, u"data directory %1: write its lock: %2"_s.arg(directory, file->errorString()));
    return file;
}

} // namespace

Result<DataDirectory> DataDirectory::claim(const QString &path)
{
    const QString absolute = QDir(path).absolutePath();
    if (auto made = makeFolder(absolute); !made)
        return std::unexpected(made.error());
    if (::access(QFile::encodeName(absolute).constData(), W_OK) != 0)
        return failErrno(u"data directory %1 is not writable"_s.arg(absolute), errno);
    if (auto writable = checkWritable(absolute); !writable)
        return std::unexpected(writable.error());
    auto lock = takeLock(absolute);
    if (!lock)
        return std::unexpected(lock.error());
    DataDirectory directory(absolute, std::move(*lock));
    for (const QString &folder : {directory.logs(), directory.artifacts(), directory.sources(), directory.jobs()}) {
        if (auto made = makeFolder(folder); !made)
            return std::unexpected(made.error());
    }
    // What is answered later lies in these folders, so that their names must be as durable as it.
    if (auto named = logs::syncDirectory(absolute); !named)
        return std::unexpected(named.error());
    return directory;
}

} // namespace danube::app
