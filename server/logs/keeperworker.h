// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "server/logs/logkeeper.h"

#include <QTimer>

#include <map>

namespace danube::logs {

/// What LogKeeper has on its thread.
class KeeperWorker : public QObject
{
    Q_OBJECT
public:
    /// `stop` and `clock` outlive the worker.
    KeeperWorker(QString directory, milliseconds compressAfter, const Clock &clock, const std::atomic<bool> &stop);

    void start(); ///< looks for what is left to do
    void noteSealed(const JobId &job);
    Result<void> remove(const JobId &job);
    QList<FinishedLog> list() const;

signals:
    void compressed(danube::JobId job);

private:
    void endRemovals();
    void schedule(const JobId &job, milliseconds in);
    void wakeForNext();
    void compressNext();

    const QString m_directory;
    const milliseconds m_compressAfter;
    const Clock &m_clock;
    const std::atomic<bool> &m_stop;
    std::multimap<SteadyTime, JobId> m_due;
    QTimer m_timer;
};

} // namespace danube::logs
