// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/executors/local/localexecutor.h"

#include "shared/core/readythreads.h"

#include <QDir>
#include <QLoggingCategory>

using namespace Qt::StringLiterals;

namespace danube::local {
namespace {

Q_LOGGING_CATEGORY(localLog, "danube.local")

} // namespace

LocalExecutor::LocalExecutor(LocalSettings settings, logs::LogService &logs, const auth::Keyring &keyring)
    : m_settings(std::move(settings)), m_logs(logs), m_keyring(keyring)
{
    makeThreadsReady(m_pool, 1);
}

LocalExecutor::~LocalExecutor()
{
    detach();
    m_pool.waitForDone();
}

void LocalExecutor::launch(jobs::JobLaunch launch)
{
    const JobId id = launch.job.id;
    if (LocalJob *known = m_jobs.value(id)) {
        QMetaObject::invokeMethod(known, &LocalJob::tellAgain);
        return;
    }
    const bool mayStart = launch.mode == jobs::LaunchMode::StartOrAttach;
    if (mayStart && !m_settings.refusal.isEmpty())
        return loseSoon(id, m_settings.refusal);
    auto guard = m_settings.sandbox && mayStart ? m_settings.sandbox->plan(launch) : Result<GuardPlan>();
    if (!guard)
        return loseSoon(id, guard.error().message);
    LocalJob::Keys keys{m_keyring.agentKey(id, u"coordinator"_s), m_keyring.agentKey(id, u"worker"_s)};
    auto *job = new LocalJob(m_settings, std::move(launch), std::move(keys), *std::move(guard), m_logs);
    job->moveToThread(m_logs.ioThread());
    m_jobs.insert(id, job);
    // The job is gone from the table at release; what it still says then is of no interest.
    const auto isKnown = [this, id, job] { return m_jobs.value(id) == job; };
    connect(job, &LocalJob::started, this, [=, this] {
        if (isKnown())
            emit jobStarted(id);
    });
    connect(job, &LocalJob::stepStarted, this, [=, this](StepNumber step) {
        if (isKnown())
            emit stepStarted(id, step);
    });
    connect(job, &LocalJob::stepFinished, this, [=, this](StepNumber step, const StepOutcome &outcome) {
        settled([=, this] {
            if (isKnown())
                emit stepFinished(id, step, outcome);
        });
    });
    connect(job, &LocalJob::coordinatorExited, this, [=, this](const StepOutcome &outcome) {
        settled([=, this] {
            if (isKnown())
                emit coordinatorExited(id, outcome);
        });
    });
    connect(job, &LocalJob::lost, this, [=, this](const QString &reason) {
        if (isKnown())
            emit jobLost(id, reason);
    });
    connect(job, &LocalJob::ended, this, [=, this] {
        if (!isKnown())
            return;
        m_jobs.remove(id);
        job->deleteLater();
        removeInBackground(id);
    });
    QMetaObject::invokeMethod(job, &LocalJob::open);
}

void LocalExecutor::loseSoon(const JobId &id, const QString &reason)
{
    QMetaObject::invokeMethod(this, [this, id, reason] { emit jobLost(id, reason); }, Qt::QueuedConnection);
}

// What a guard refused is told before the end of what was refused it.
void LocalExecutor::settled(std::function<void()> tell)
{
    if (m_settings.settle && m_settings.sandbox)
        m_settings.settle(this, std::move(tell));
    else
        tell();
}

void LocalExecutor::startStep(const JobId &id, const jobs::StepLaunch &step)
{
    if (LocalJob *job = m_jobs.value(id))
        QMetaObject::invokeMethod(job, [job, step] { job->startStep(step); });
}

void LocalExecutor::killStep(const JobId &id, StepNumber step, jobs::KillReason reason)
{
    if (LocalJob *job = m_jobs.value(id))
        QMetaObject::invokeMethod(job, [job, step, reason] { job->killStep(step, reason); });
}

void LocalExecutor::release(const JobId &id)
{
    if (LocalJob *job = m_jobs.value(id))
        QMetaObject::invokeMethod(job, [job, grace = m_settings.killGrace] { job->release(grace); });
    else
        removeInBackground(id);
}

void LocalExecutor::removeInBackground(const JobId &id)
{
    m_pool.start([this, id, folder = m_settings.jobsDirectory + u'/' + id.value()] {
        if (auto removed = LocalJob::removeLeftovers(folder, id); !removed)
            qCWarning(localLog).noquote()
                << u"leftovers job=%1 error=\"%2\""_s.arg(id.value(), removed.error().message);
        QMetaObject::invokeMethod(this, [this, id] { emit released(id); });
    });
}

void LocalExecutor::sweep(const QSet<JobId> &known)
{
    for (const QString &name : QDir(m_settings.jobsDirectory).entryList(QDir::Dirs | QDir::NoDotAndDotDot)) {
        const JobId id(name);
        if (!isSafeId(name) || known.contains(id) || m_jobs.contains(id))
            continue;
        qCInfo(localLog).noquote() << u"sweeping job=%1"_s.arg(name);
        removeInBackground(id);
    }
}

void LocalExecutor::detach()
{
    for (LocalJob *job : std::as_const(m_jobs)) {
        job->disconnect(this);
        job->deleteLater();
    }
    m_jobs.clear();
}

} // namespace danube::local
