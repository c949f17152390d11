// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/logs/logworker.h"

#include "server/logs/secretforms.h"

#include <QElapsedTimer>
#include <QLoggingCategory>

using namespace Qt::StringLiterals;

namespace danube::logs {
namespace {

Q_LOGGING_CATEGORY(lcLogs, "danube.logs")

// Of one log at most every half millisecond, of hundreds together less often: each is told to two threads, which then
// look at it.
constexpr std::chrono::microseconds shortestGrowthPause{500};
constexpr std::chrono::microseconds longestGrowthPause{20'000};
constexpr std::chrono::microseconds pausePerGrownLog{50};
constexpr milliseconds fragmentTick{250};
constexpr milliseconds shortestSyncPause{200};
constexpr milliseconds longestSyncPause{5'000};
constexpr milliseconds shortestSealPause{1'000};
constexpr milliseconds longestSealPause{15'000};
constexpr int syncShare = 500; // the thread waits for the disk one part in so many of its time, and lines wait with it
constexpr qint64 largestUnsynced = 8 * 1024 * 1024;

/// Time may mend it: room, or a disk that answers again.
bool mayHeal(const Error &error)
{
    return error.code != ErrorCode::DataLoss && error.code != ErrorCode::Conflict &&
           error.code != ErrorCode::InvalidArgument;
}

} // namespace

LogWorker::LogWorker(QString directory, const Clock &clock, FileCalls &calls)
    : m_directory(std::move(directory)),
      m_clock(clock),
      m_calls(calls),
      m_sealPause(shortestSealPause),
      m_seals(this),
      m_growth(this),
      m_growthPause(shortestGrowthPause),
      m_fragments(this),
      m_sync(this),
      m_syncPause(shortestSyncPause)
{
    m_growth.setSingleShot(true);
    m_growth.setTimerType(Qt::PreciseTimer);
    m_sync.setSingleShot(true);
    m_seals.setSingleShot(true);
    connect(&m_growth, &QTimer::timeout, this, &LogWorker::announceGrowth);
    connect(&m_fragments, &QTimer::timeout, this, &LogWorker::flushFragments);
    connect(&m_sync, &QTimer::timeout, this, &LogWorker::syncAll);
    connect(&m_seals, &QTimer::timeout, this, &LogWorker::sealWhatIsLeft);
}

LogWorker::~LogWorker()
{
    syncAll();
}

Result<void> LogWorker::open(const JobId &job)
{
    if (m_entries.contains(job))
        return {};
    auto writer = FileLogWriter::open(m_directory, job, m_clock, m_calls);
    if (!writer)
        return std::unexpected(writer.error());
    Entry &entry = m_entries[job];
    entry.writer = std::move(*writer);
    entry.writer->onWritten([this, &entry] { noteWritten(entry); }); // map nodes stay where they are
    if (const auto early = m_early.find(job); early != m_early.end()) {
        entry.writer->addSecrets(early->second);
        m_early.erase(early);
    }
    if (!m_fragments.isActive())
        m_fragments.start(fragmentTick);
    return {};
}

void LogWorker::addSecrets(const JobId &job, std::vector<Secret> values)
{
    const auto isShort = [](const Secret &value) { return secretForms(value.reveal()).isEmpty(); };
    if (std::erase_if(values, isShort) > 0)
        qCWarning(lcLogs).noquote() << u"secret-too-short-to-mask job=%1"_s.arg(job.value());
    if (values.empty())
        return;
    if (const auto found = m_entries.find(job); found != m_entries.end())
        found->second.writer->addSecrets(values);
    else
        std::ranges::move(values, std::back_inserter(m_early[job]));
}

void LogWorker::note(const JobId &job, StepNumber step, const QString &text)
{
    const auto found = m_entries.find(job);
    if (found == m_entries.end() || found->second.writer->isSealed())
        return;
    report(job, found->second, u"note"_s, found->second.writer->note(step, text));
}

Result<LogSeal> LogWorker::seal(const JobId &job)
{
    auto seal = trySeal(job);
    if (seal || !mayHeal(seal.error()))
        m_unsealed.erase(job);
    else if (m_unsealed.insert(job).second)
        qCWarning(lcLogs).noquote() << u"log-seal-failed job=%1 error=\"%2\""_s.arg(job.value(), seal.error().message);
    if (!m_unsealed.empty() && !m_seals.isActive())
        m_seals.start(m_sealPause);
    return seal;
}

Result<LogSeal> LogWorker::trySeal(const JobId &job)
{
    if (auto opened = open(job); !opened)
        return std::unexpected(opened.error());
    Entry &entry = m_entries[job];
    const bool wasSealed = entry.writer->isSealed();
    auto seal = entry.writer->seal();
    if (!seal)
        return seal; // stays open: it is tried again
    m_entries.erase(job);
    m_early.erase(job);
    if (m_entries.empty())
        m_fragments.stop();
    if (!wasSealed) {
        emit grown(job, seal->size);
        emit synced(job);
        emit sealed(job);
    }
    return seal;
}

void LogWorker::sealWhatIsLeft()
{
    m_sealPause = std::min(2 * m_sealPause, longestSealPause);
    for (const JobId &job : std::set(m_unsealed))
        std::ignore = seal(job);
    if (m_unsealed.empty())
        m_sealPause = shortestSealPause;
}

LogWriter *LogWorker::writer(const JobId &job)
{
    const auto found = m_entries.find(job);
    return found == m_entries.end() ? nullptr : found->second.writer.get();
}

/// Comes from within a writer's call, so it only arms timers.
void LogWorker::noteWritten(Entry &entry)
{
    entry.hasGrown = true;
    if (!m_growth.isActive()) {
        const bool isRecent = m_sinceGrowth.isValid() && m_sinceGrowth.durationElapsed() < m_growthPause;
        m_growth.start(isRecent ? std::chrono::ceil<milliseconds>(m_growthPause) : milliseconds(0));
    }
    if (entry.writer->unsyncedBytes() >= largestUnsynced && !m_isSyncFailing)
        m_sync.start(milliseconds(0));
    else if (!m_sync.isActive())
        m_sync.start(m_syncPause);
}

void LogWorker::announceGrowth()
{
    m_sinceGrowth.start();
    struct News
    {
        JobId job;
        qint64 size;
        qint64 diskBytes;
    };
    std::vector<News> news; // slots may seal jobs
    for (auto &[job, entry] : m_entries) {
        if (std::exchange(entry.hasGrown, false))
            news.emplace_back(job, entry.writer->size(), entry.writer->diskBytes());
    }
    m_growthPause = std::clamp(pausePerGrownLog * std::ssize(news), shortestGrowthPause, longestGrowthPause);
    for (const News &each : news) {
        emit grown(each.job, each.size);
        emit stored(each.job, each.diskBytes);
    }
}

void LogWorker::flushFragments()
{
    for (auto &[job, entry] : m_entries) {
        report(job, entry, u"flush"_s, entry.writer->flushOldFragments());
        entry.writer->hashSome();
    }
}

void LogWorker::syncAll()
{
    QElapsedTimer timer;
    timer.start();
    std::vector<JobId> done;
    m_isSyncFailing = false;
    for (auto &[job, entry] : m_entries) {
        if (entry.writer->isSynced())
            continue;
        const auto result = entry.writer->sync();
        report(job, entry, u"sync"_s, result);
        m_isSyncFailing = m_isSyncFailing || !result;
        if (result)
            done.push_back(job);
    }
    m_syncPause = std::clamp(milliseconds(timer.elapsed() * syncShare), shortestSyncPause, longestSyncPause);
    if (m_isSyncFailing)
        m_sync.start(longestSyncPause);
    for (const JobId &job : done)
        emit synced(job);
}

void LogWorker::report(const JobId &job, Entry &entry, const QString &attempt, const Result<void> &result)
{
    if (result)
        entry.failing.erase(attempt);
    else if (entry.failing.insert(attempt).second)
        qCWarning(lcLogs).noquote() << u"log-%1-failed job=%2 error=\"%3\""_s.arg(attempt, job.value(),
                                                                                  result.error().message);
}

} // namespace danube::logs
