// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "server/quota/quotarules.h"
#include "shared/core/clock.h"

#include <QDeadlineTimer>
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
        milliseconds roomTime{600'000}; ///< for logs of ended jobs to be compressed; until then only what grows is told
    };
    explicit QuotaWatch(Settings settings);
    ~QuotaWatch() override; ///< within a file or so

    /// A log has so many bytes now. Any thread.
    void noteLog(const JobId &job, qint64 bytes);
    /// It is sealed: it grows no more. Any thread.
    void forgetLog(const JobId &job);

signals:
    /// Once for each job; on any thread.
    void exceeded(danube::JobId job, QString reason);

private:
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
        qint64 seen = 0; ///< at the last look, or when it was first noted
    };
    std::mutex m_mutex;
    QHash<JobId, LogSize> m_logs; ///< unsealed ones; under m_mutex, as the next
    qint64 m_grown = 0;           ///< all logs together, since the volume was looked at because of them
    // On m_thread:
    QMap<JobId, bool> m_told;
    QMap<JobId, qint64> m_before; ///< bytes of workspaces at the last look
    QDeadlineTimer m_roomDue;     ///< expired unless a log was told
};

} // namespace danube::quota
