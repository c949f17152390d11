// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "server/logs/logseal.h"
#include "shared/core/clock.h"

#include <QObject>
#include <QThread>

#include <atomic>

namespace danube::logs {

class KeeperWorker;

/// A log that may be removed.
struct FinishedLog
{
    JobId job;
    WallTime sealedAt{}; ///< when it was finished
    qint64 bytes = 0;    ///< on disk, index included
    bool operator==(const FinishedLog &) const = default;
};

/// What becomes of finished logs: compressed when they are old enough, one at a time, on a thread of the lowest
/// priority that gives way within a block; and removed when their retention is over. Finds at its start what an earlier
/// master left to do. Calls from any thread; they take effect in their order.
class LogKeeper : public QObject
{
    Q_OBJECT
public:
    /// `compressAfter` counts from a log's seal.
    LogKeeper(QString directory, milliseconds compressAfter, const Clock &clock);
    ~LogKeeper() override; ///< stops within a block

    /// A log was sealed just now.
    void noteSealed(const JobId &job);
    /// Removes the files of a sealed log; its seal stays and says since when. `done` in the context's thread; Conflict
    /// for a log that is not sealed. Idempotent. What is cut short, or fails halfway, is ended by itself: later, or at
    /// the next start.
    void remove(const JobId &job, QObject *context, std::move_only_function<void(Result<void>)> done);

    /// The logs that are finished and still there, in any order. `done` in the context's thread.
    void list(QObject *context, std::move_only_function<void(QList<FinishedLog>)> done);

signals:
    /// On the thread; the log's form on disk has changed, its content has not.
    void compressed(danube::JobId job);

private:
    QThread m_thread;
    std::atomic<bool> m_stop = false;
    KeeperWorker *m_worker; ///< lives and dies on m_thread
};

} // namespace danube::logs
