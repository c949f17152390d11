// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "server/quota/quotarules.h"
#include "shared/core/clock.h"

#include <QDeadlineTimer>
#include <QElapsedTimer>
#include <QHash>
#include <QObject>
#include <QThread>
#include <QTimer>

#include <mutex>

namespace danube::quota {

/// Looks, on a thread of its own, at the workspaces of jobs on this machine, at the logs of all jobs and at the volume
/// they are on, over and over: a pause, then every workspace once, each only until it is known to be too large; at once
/// when logs grew by `promptBytes` and the reserve is short. A job that is told stays told.
class QuotaWatch : public QObject
{
    Q_OBJECT
public:
    struct Settings
    {
        QString jobs = {}; ///< folder of <job>/workspace; may be missing
        Quotas quotas = {};
        milliseconds pause{1'000};
        qint64 promptBytes = 32 << 20;
        /// For what a job that was told leaves to go or be compressed; until then only what grows is told.
        milliseconds roomTime{600'000};
        milliseconds growthTime{60'000}; ///< what grew by 1 MiB counts as growing for so long
    };
    explicit QuotaWatch(Settings settings);
    ~QuotaWatch() override; ///< within a file or so
    void start();           ///< once, when exceeded() is connected: the first look is at once

    /// A log takes so many bytes now, its index included. Any thread.
    void noteLog(const JobId &job, qint64 bytes);
    /// It is sealed: it grows no more. Any thread.
    void forgetLog(const JobId &job);

signals:
    /// Once for each job; on any thread.
    void exceeded(danube::JobId job, QString reason);

private:
    /// How far something had come when it was looked at. `seen` moves at looks that are a pause apart, however many
    /// there are between, and `grown` only by steps that count: what grows slowly is not forgotten either.
    struct Past
    {
        qint64 seen = 0;
        qint64 grown = 0;
        QDeadlineTimer growing = {}; ///< expired unless it grew of late
    };
    Growth takeGrowth(Past &past, qint64 bytes, bool isPauseOver) const;
    void look();
    void lookAtVolumeOnly();
    QMap<JobId, Taken> measure();
    void judge(const QMap<JobId, Taken> &open, bool isFolderLeft);
    void tell(const Excess &excess);

    const Settings m_settings;
    QThread m_thread;
    QObject *m_there; ///< lives and dies on m_thread
    QTimer *m_next;   ///< m_there's
    std::atomic<bool> m_stop = false;
    struct LogSize
    {
        qint64 bytes = 0;
        Past past = {}; ///< as it was when it was first noted
    };
    std::mutex m_mutex;
    QHash<JobId, LogSize> m_logs; ///< unsealed ones; under m_mutex, as the next
    qint64 m_grown = 0;           ///< all logs together, since the volume was looked at because of them
    // On m_thread:
    QMap<JobId, QDeadlineTimer> m_told; ///< until when their folders are waited for
    QMap<JobId, Past> m_workspaces;
    QElapsedTimer m_sinceSeen;
    QDeadlineTimer m_roomDue; ///< expired unless a log was told
};

} // namespace danube::quota
