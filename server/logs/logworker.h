// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "server/logs/filelogwriter.h"

#include <QElapsedTimer>
#include <QTimer>

#include <set>

namespace danube::logs {

/// What LogService has on the io thread: the writers and the timers that serve them. All calls on that thread.
class LogWorker : public QObject
{
    Q_OBJECT
public:
    LogWorker(QString directory, const Clock &clock, FileCalls &calls);
    ~LogWorker() override; ///< syncs

    Result<void> open(const JobId &job);
    void addSecrets(const JobId &job, std::vector<Secret> values);
    void note(const JobId &job, StepNumber step, const QString &text);
    /// One that failed is tried again and again, whoever asks, until it is made.
    Result<LogSeal> seal(const JobId &job);
    LogWriter *writer(const JobId &job);

signals:
    void grown(danube::JobId job, qint64 size);
    void stored(danube::JobId job, qint64 bytes);
    void synced(danube::JobId job);
    void sealed(danube::JobId job);

private:
    struct Entry
    {
        std::unique_ptr<FileLogWriter> writer;
        bool hasGrown = false;     ///< since the last grown()
        std::set<QString> failing; ///< attempts that failed when last made: each is told once
    };
    Result<LogSeal> trySeal(const JobId &job);
    void sealWhatIsLeft();
    void noteWritten(Entry &entry);
    void announceGrowth();
    void flushFragments();
    void syncAll();
    void report(const JobId &job, Entry &entry, const QString &attempt, const Result<void> &result);

    const QString m_directory;
    const Clock &m_clock;
    FileCalls &m_calls;
    std::map<JobId, Entry> m_entries;
    std::map<JobId, std::vector<Secret>> m_early; ///< secrets of jobs whose log is not open yet
    std::set<JobId> m_unsealed;                   ///< their seal failed
    milliseconds m_sealPause;
    QTimer m_seals;
    QTimer m_growth;
    std::chrono::microseconds m_growthPause; ///< between two grown() of a log
    QElapsedTimer m_sinceGrowth;
    QTimer m_fragments;
    QTimer m_sync;
    milliseconds m_syncPause;
    bool m_isSyncFailing = false; ///< the last time, for one log at least: then not sooner again for much output
};

} // namespace danube::logs
