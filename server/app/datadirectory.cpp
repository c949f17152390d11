// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/app/datadirectory.h"

#include <QDir>
#include <QFileInfo>

#include <cerrno>
#include <sys/stat.h>
#include <unistd.h>

using namespace Qt::StringLiterals;

namespace danube::app {
namespace {

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
    auto lock = std::make_unique<QLockFile>(absolute + u"/lock"_s);
    lock->setStaleLockTime(
        std::chrono::milliseconds(0)); // a master may run for years; a dead one's lock is recognised by its pid
    if (!lock->tryLock(std::chrono::milliseconds(0))) {
        qint64 pid = 0;
        QString host;
        QString application;
        lock->getLockInfo(&pid, &host, &application);
        return fail(
            ErrorCode::Conflict,
            u"data directory %1 is used by another danube-master (pid %2 on %3)"_s.arg(absolute).arg(pid).arg(host));
    }
    DataDirectory directory(absolute, std::move(lock));
    for (const QString &folder : {directory.logs(), directory.artifacts(), directory.sources(), directory.jobs()}) {
        if (auto made = makeFolder(folder); !made)
            return std::unexpected(made.error());
    }
    return directory;
}

} // namespace danube::app
