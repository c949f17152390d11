// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/logs/keeperworker.h"

#include "server/logs/logcompressor.h"
#include "server/logs/logformat.h"
#include "server/logs/logseal.h"

#include <QDateTime>
#include <QDirIterator>
#include <QLoggingCategory>

#include <cerrno>
#include <sys/resource.h>
#include <unistd.h>

using namespace Qt::StringLiterals;

namespace danube::logs {
namespace {

Q_LOGGING_CATEGORY(lcKeeper, "danube.logs.keeper")

constexpr std::chrono::minutes retryPause{10};
constexpr std::chrono::minutes longestSleep{1}; // the clock is looked at again, whatever the timer thinks
constexpr int lowestPriority = 19;

Result<void> removeFile(const QString &path)
{
    if (::unlink(QFile::encodeName(path).constData()) != 0 && errno != ENOENT)
        return failErrno(u"remove %1"_s.arg(path), errno);
    return {};
}

WallTime sealTime(const QString &directory, const JobId &job)
{
    return WallTime(milliseconds(QFileInfo(logPaths(directory, job).seal).lastModified().toMSecsSinceEpoch()));
}

} // namespace

KeeperWorker::KeeperWorker(QString directory, milliseconds compressAfter, const Clock &clock,
                           const std::atomic<bool> &stop)
    : m_directory(std::move(directory)), m_compressAfter(compressAfter), m_clock(clock), m_stop(stop), m_timer(this)
{
    m_timer.setSingleShot(true);
    connect(&m_timer, &QTimer::timeout, this, &KeeperWorker::compressNext);
}

void KeeperWorker::start()
{
    std::ignore = ::setpriority(PRIO_PROCESS, static_cast<id_t>(::gettid()), lowestPriority); // of this thread only
    for (QDirIterator left(m_directory, {u"*.log.zst.new"_s}, QDir::Files); left.hasNext();)
        QFile::remove(left.next());
    endRemovals();
    for (QDirIterator plain(m_directory, {u"*.log"_s}, QDir::Files); plain.hasNext() && !m_stop.load();) {
        const JobId job(plain.nextFileInfo().completeBaseName());
        const auto seal = readSeal(m_directory, job);
        if (!seal || !*seal || (*seal)->removedAt)
            continue; // unfinished, or an open() will tell what is wrong with it
        if ((*seal)->size < smallestCompressed)
            continue;
        const milliseconds age = m_clock.wall() - sealTime(m_directory, job);
        schedule(job, std::clamp(m_compressAfter - age, milliseconds(0), m_compressAfter));
    }
}

/// Of logs that say they are removed: whatever is still there.
void KeeperWorker::endRemovals()
{
    const QStringList kinds{u".idx"_s, u".log"_s, u".log.zst"_s};
    for (const QString &kind : kinds) {
        for (QDirIterator files(m_directory, {u'*' + kind}, QDir::Files); files.hasNext() && !m_stop.load();) {
            const JobId job(files.nextFileInfo().fileName().chopped(kind.size()));
            if (kind != kinds.first() && QFile::exists(logPaths(m_directory, job).index))
                continue; // was looked at because of that
            if (const auto seal = readSeal(m_directory, job); seal && *seal && (*seal)->removedAt)
                std::ignore = remove(job);
        }
    }
}

void KeeperWorker::noteSealed(const JobId &job)
{
    schedule(job, m_compressAfter);
}

void KeeperWorker::schedule(const JobId &job, milliseconds in)
{
    m_due.emplace(m_clock.steady() + in, job);
    wakeForNext();
}

void KeeperWorker::wakeForNext()
{
    if (m_due.empty())
        return m_timer.stop();
    const auto left = std::chrono::ceil<milliseconds>(m_due.begin()->first - m_clock.steady());
    m_timer.start(std::clamp<milliseconds>(left, milliseconds(0), longestSleep));
}

void KeeperWorker::compressNext()
{
    if (m_stop.load())
        return;
    if (m_due.empty() || m_due.begin()->first > m_clock.steady())
        return wakeForNext();
    const JobId job = m_due.begin()->second;
    m_due.erase(m_due.begin());
    if (const auto seal = readSeal(m_directory, job); seal && *seal && (*seal)->removedAt) {
        std::ignore = remove(job); // it failed halfway
        return wakeForNext();
    }
    const auto done = compressLog(m_directory, job, m_stop);
    if (done && *done == Compressed::Done)
        emit compressed(job);
    if (!done && done.error().code != ErrorCode::Cancelled && done.error().code != ErrorCode::Conflict) {
        qCWarning(lcKeeper).noquote() << u"compress-failed job=%1 error=\"%2\""_s.arg(job.value(),
                                                                                      done.error().message);
        if (done.error().code != ErrorCode::DataLoss) // that does not heal
            schedule(job, retryPause);
    }
    wakeForNext();
}

Result<void> KeeperWorker::remove(const JobId &job)
{
    auto seal = isSafeId(job.value()) ? readSeal(m_directory, job) : fail(ErrorCode::InvalidArgument, u"no job id"_s);
    if (!seal)
        return std::unexpected(seal.error());
    if (!*seal)
        return fail(ErrorCode::Conflict, u"remove the log of job %1: it is not finished"_s.arg(job.value()));
    const LogPaths paths = logPaths(m_directory, job);
    auto done = Result<void>();
    if (!(*seal)->removedAt) { // said before it is done: a crash between must not leave a log that looks damaged
        (*seal)->removedAt = m_clock.wall();
        done = writeSeal(m_directory, job, **seal);
    }
    if (!done)
        return done;
    // The index last: it is what an unfinished removal is found by.
    auto removed = removeFile(paths.compressed).and_then([&] { return removeFile(paths.log); }).and_then([&] {
        return removeFile(paths.index);
    });
    if (!removed) {
        qCWarning(lcKeeper).noquote() << u"remove-failed job=%1 error=\"%2\""_s.arg(job.value(),
                                                                                    removed.error().message);
        schedule(job, retryPause);
    }
    return removed;
}

QList<FinishedLog> KeeperWorker::list() const
{
    QList<FinishedLog> logs;
    for (QDirIterator indexes(m_directory, {u"*.idx"_s}, QDir::Files); indexes.hasNext() && !m_stop.load();) {
        const QFileInfo index = indexes.nextFileInfo();
        const JobId job(index.completeBaseName());
        const LogPaths paths = logPaths(m_directory, job);
        if (const auto seal = readSeal(m_directory, job); !seal || !*seal || (*seal)->removedAt)
            continue;
        logs.append({job, sealTime(m_directory, job),
                     index.size() + QFileInfo(paths.log).size() + QFileInfo(paths.compressed).size()});
    }
    return logs;
}

} // namespace danube::logs
