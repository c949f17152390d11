// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/logs/logservice.h"

#include "server/logs/logformat.h"
#include "server/logs/logworker.h"
#include "shared/core/reply.h"

#include <QDir>
#include <QDirIterator>
#include <QFile>

using namespace Qt::StringLiterals;

namespace danube::logs {

LogService::LogService(QString directory, const Clock &clock, FileCalls &calls)
    : m_directory(std::move(directory)), m_worker(new LogWorker(m_directory, clock, calls))
{
    QDir().mkpath(m_directory); // a failure shows when a log is opened
    m_thread.setObjectName(u"io"_s);
    m_worker->moveToThread(&m_thread);
    connect(&m_thread, &QThread::finished, m_worker, &QObject::deleteLater);
    connect(m_worker, &LogWorker::grown, this, &LogService::grown, Qt::DirectConnection);
    connect(m_worker, &LogWorker::stored, this, &LogService::stored, Qt::DirectConnection);
    connect(m_worker, &LogWorker::synced, this, &LogService::synced, Qt::DirectConnection);
    connect(m_worker, &LogWorker::sealed, this, &LogService::sealed, Qt::DirectConnection);
    m_thread.start();
}

LogService::~LogService()
{
    m_thread.quit();
    m_thread.wait(); // for one sync of what is open: the worker dies on its thread
}

QThread *LogService::ioThread()
{
    return &m_thread;
}
QString LogService::directory() const
{
    return m_directory;
}

void LogService::open(JobId job, QObject *context, std::move_only_function<void(Result<void>)> done)
{
    QMetaObject::invokeMethod(
        m_worker, [worker = m_worker, job = std::move(job),
                   reply = Reply<Result<void>>(context, std::move(done))]() mutable { reply(worker->open(job)); });
}

void LogService::addSecret(JobId job, Secret value, QObject *context, std::move_only_function<void()> done)
{
    std::vector<Secret> values;
    values.push_back(std::move(value));
    addSecrets(std::move(job), std::move(values), context, std::move(done));
}

void LogService::addSecrets(JobId job, std::vector<Secret> values, QObject *context,
                            std::move_only_function<void()> done)
{
    QMetaObject::invokeMethod(m_worker, [worker = m_worker, job = std::move(job), values = std::move(values),
                                         reply = Reply<>(context, std::move(done))]() mutable {
        worker->addSecrets(job, std::move(values));
        reply();
    });
}

void LogService::note(JobId job, StepNumber step, QString text)
{
    QMetaObject::invokeMethod(m_worker, [worker = m_worker, job = std::move(job), step, text = std::move(text)] {
        worker->note(job, step, text);
    });
}

void LogService::seal(JobId job, QObject *context, std::move_only_function<void(Result<LogSeal>)> done)
{
    QMetaObject::invokeMethod(
        m_worker, [worker = m_worker, job = std::move(job),
                   reply = Reply<Result<LogSeal>>(context, std::move(done))]() mutable { reply(worker->seal(job)); });
}

void LogService::sealLeft(const std::function<bool(const JobId &)> &isOver)
{
    for (QDirIterator indexes(m_directory, {u"*.idx"_s}, QDir::Files); indexes.hasNext();) {
        const JobId job(indexes.nextFileInfo().completeBaseName());
        if (!QFile::exists(logPaths(m_directory, job).seal) && isOver(job))
            seal(job, this, [](const Result<LogSeal> &) {}); // the worker tells what fails
    }
}

LogWriter *LogService::writer(const JobId &job)
{
    Q_ASSERT(QThread::currentThread() == &m_thread);
    return m_worker->writer(job);
}

} // namespace danube::logs
