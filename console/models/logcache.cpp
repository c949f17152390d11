// SPDX-License-Identifier: GPL-3.0-or-later
#include "console/models/logcache.h"

#include <QCryptographicHash>
#include <QDateTime>
#include <QDir>
#include <QDirIterator>
#include <QFileInfo>

using namespace Qt::StringLiterals;

namespace danube::console {

QString LogCache::folderOf(const QString &name) const
{
    const QByteArray hash = QCryptographicHash::hash(name.toUtf8(), QCryptographicHash::Sha256).toHex().first(16);
    return m_directory + u'/' + QString::fromLatin1(hash);
}

QString LogCache::marksOf(const QString &master, const JobId &job) const
{
    return isSafeId(job.value()) ? u"%1/%2.marks"_s.arg(folderOf(master), job.value()) : QString();
}

QString LogCache::marksOfFile(const QString &path) const
{
    return folderOf(u"file:"_s + QFileInfo(path).absoluteFilePath()) + ".marks"_L1;
}

Result<std::unique_ptr<LogStore>> LogCache::open(const QString &master, const JobId &job) const
{
    if (!isSafeId(job.value()))
        return fail(ErrorCode::InvalidArgument, u"open the log of job '%1': that is no job id"_s.arg(job.value()));
    const QString folder = folderOf(master);
    if (!QDir().mkpath(folder))
        return fail(ErrorCode::Io, u"make the folder '%1' for logs: not possible"_s.arg(folder));
    QFile(m_directory).setPermissions(QFile::ReadOwner | QFile::WriteOwner | QFile::ExeOwner);
    auto store = LogStore::openCache(folder + u'/' + job.value() + ".log"_L1);
    if (store || store.error().code != ErrorCode::Conflict)
        return store;
    const QString path = folder + u'/' + job.value() + u'-' + randomHex(6) + ".log"_L1;
    store = LogStore::openCache(path);
    QFile::remove(path); // lives on for as long as it is open
    QFile::remove(path + ".runs"_L1);
    return store;
}

void LogCache::clear() const
{
    LogCache(m_directory, ByteCount(0)).prune();
}

void LogCache::prune() const
{
    QFileInfoList logs;
    qint64 total = 0;
    QDirIterator files(m_directory, {u"*.log"_s}, QDir::Files, QDirIterator::Subdirectories);
    while (files.hasNext()) {
        logs.append(files.nextFileInfo());
        total += logs.constLast().size();
    }
    std::sort(logs.begin(), logs.end(),
              [](const QFileInfo &left, const QFileInfo &right) { return left.lastModified() < right.lastModified(); });
    for (const QFileInfo &log : logs) {
        if (total <= toInt(m_limit))
            return;
        if (!LogStore::openCache(log.filePath()))
            continue;
        total -= log.size();
        QFile::remove(log.filePath() + ".runs"_L1);
        QFile::remove(log.filePath());
    }
}

} // namespace danube::console
