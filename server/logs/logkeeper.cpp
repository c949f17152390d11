// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/logs/logkeeper.h"

#include "server/logs/keeperworker.h"
#include "shared/core/reply.h"

using namespace Qt::StringLiterals;

namespace danube::logs {

LogKeeper::LogKeeper(QString directory, milliseconds compressAfter, const Clock &clock)
    : m_worker(new KeeperWorker(std::move(directory), compressAfter, clock, m_stop))
{
    m_thread.setObjectName(u"log-keeper"_s);
    m_worker->moveToThread(&m_thread);
    connect(&m_thread, &QThread::finished, m_worker, &QObject::deleteLater);
    connect(m_worker, &KeeperWorker::compressed, this, &LogKeeper::compressed, Qt::DirectConnection);
    m_thread.start();
    QMetaObject::invokeMethod(m_worker, &KeeperWorker::start);
}

LogKeeper::~LogKeeper()
{
    m_stop = true;
    m_thread.quit();
    m_thread.wait();
}

void LogKeeper::noteSealed(const JobId &job)
{
    QMetaObject::invokeMethod(m_worker, [worker = m_worker, job] { worker->noteSealed(job); });
}

void LogKeeper::remove(const JobId &job, QObject *context, std::move_only_function<void(Result<void>)> done)
{
    QMetaObject::invokeMethod(
        m_worker, [worker = m_worker, job, reply = Reply<Result<void>>(context, std::move(done))]() mutable {
            reply(worker->remove(job));
        });
}

void LogKeeper::list(QObject *context, std::move_only_function<void(QList<FinishedLog>)> done)
{
    QMetaObject::invokeMethod(
        m_worker, [worker = m_worker, reply = Reply<QList<FinishedLog>>(context, std::move(done))]() mutable {
            reply(worker->list());
        });
}

} // namespace danube::logs
