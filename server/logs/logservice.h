// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "server/logs/appendfile.h"
#include "server/logs/logwriter.h"
#include "shared/core/clock.h"
#include "shared/core/secret.h"

#include <QObject>
#include <QThread>

namespace danube::logs {

class LogWorker;

/// Owner of the log writers of all unsealed jobs and of the io thread they live on. The asynchronous calls may come
/// from any thread; `writer()` belongs to the io thread, where executors run their links, so that output goes socket →
/// mask → append without a queue between. Calls for one job take effect in the order in which they were made.
///
/// Syncing: a log is synced 200 ms after its first unsynced byte, later the slower the disk is, as lines wait
/// meanwhile: at the latest after 5 s, and when 8 MiB are unsynced. After each `synced` LogWriter::durable() may be
/// acknowledged. Who wants it sooner, at the end of a step say, calls LogWriter::endStep() and sync().
class LogService : public QObject
{
    Q_OBJECT
public:
    /// `directory` holds <job>.log and <job>.idx; created when missing. Clock and calls outlive the service.
    LogService(QString directory, const Clock &clock, FileCalls &calls = FileCalls::system());
    ~LogService() override; ///< syncs, stops the thread

    QThread *ioThread();
    QString directory() const;

    /// Opens (or recovers: torn tails are cut, generation rises) the writer of a job; `done` runs in `context`'s
    /// thread. Idempotent. A sealed log opens too, but its writer takes nothing (Conflict).
    void open(JobId job, QObject *context, std::move_only_function<void(Result<void>)> done);
    /// From when `done` runs, the value is masked in everything the job writes to its log. A value of less than 4 bytes
    /// is refused with a warning in the master's log, as it would mask ordinary text.
    void addSecret(JobId job, Secret value, QObject *context, std::move_only_function<void()> done);
    /// Many at once cost hardly more than one.
    void addSecrets(JobId job, std::vector<Secret> values, QObject *context, std::move_only_function<void()> done);
    /// One line of the master's own, on LogStream::System of the step. No-op for an unopened or sealed job.
    void note(JobId job, StepNumber step, QString text);
    /// Flushes, syncs, writes the seal; later appends fail. `done` gets size and SHA-256. Idempotent. What fails for a
    /// reason that may pass (a full disk) is tried again by itself, after `done` was told: sealed() says when it is
    /// made.
    void seal(JobId job, QObject *context, std::move_only_function<void(Result<LogSeal>)> done);
    /// Once, at the start: seals the logs an earlier master left unsealed whose job `isOver`; that is asked at once, on
    /// this thread, of each job with such a log.
    void sealLeft(const std::function<bool(const JobId &)> &isOver);

    /// io thread only: nullptr for a job that is not open. Ask again after every turn of the event loop: sealing ends
    /// it.
    LogWriter *writer(const JobId &job);

signals:
    /// Emitted on the io thread, coalesced (every half to 20 ms, by how many logs grow), after readers can see more of
    /// the log.
    void grown(danube::JobId job, qint64 size);
    /// Beside it, while the job's log is not sealed: what it takes on the disk, its index included, which may be more
    /// than the log of a job that prints a byte now and then.
    void stored(danube::JobId job, qint64 bytes);
    /// Emitted on the io thread: what was written before is durable now.
    void synced(danube::JobId job);
    /// Emitted on the io thread.
    void sealed(danube::JobId job);

private:
    const QString m_directory;
    QThread m_thread;
    LogWorker *m_worker; ///< lives and dies on m_thread
};

} // namespace danube::logs
