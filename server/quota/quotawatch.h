// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "server/quota/quotarules.h"
#include "shared/core/clock.h"

#include <QObject>
#include <QThread>
#include <QTimer>

namespace danube::quota {

/// Looks, on a thread of its own, at the workspaces of jobs on this machine and at the volume they are on, over and
/// over: a pause, then every workspace once, each only until it is known to be too large. A job that is told stays
/// told.
class QuotaWatch : public QObject
{
    Q_OBJECT
public:
    struct Settings
    {
        QString jobs = {}; ///< folder of <job>/workspace; may be missing
        Quotas quotas = {};
        milliseconds pause{1'000};
    };
    explicit QuotaWatch(Settings settings);
    ~QuotaWatch() override; ///< within a file or so

    /// A log has so many bytes now. Any thread.
    void noteLog(const JobId &job, qint64 bytes);

signals:
    /// Once for each job; on any thread.
    void exceeded(danube::JobId job, QString reason);

private:
    void look();

    const Settings m_settings;
    QThread m_thread;
    QObject *m_there; ///< lives and dies on m_thread
    std::atomic<bool> m_stop = false;
    QMap<JobId, bool> m_told; ///< on m_thread
};

} // namespace danube::quota
