// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/executors/kubernetes/kubernetesexecutor.h"

#include "server/executors/kubernetes/podnames.h"

#include <QJsonArray>
#include <QLoggingCategory>

using namespace Qt::StringLiterals;

namespace danube::kubernetes {
namespace {

Q_LOGGING_CATEGORY(executorLog, "danube.kubernetes")

QString uidOf(const QJsonObject &object)
{
    return object["metadata"_L1]["uid"_L1].toString();
}

} // namespace

KubernetesExecutor::KubernetesExecutor(KubernetesSettings settings, kube::Client &client, logs::LogService &logs,
                                       const auth::Keyring &keyring, GuardsOf guardsOf)
    : m_cluster{std::move(settings), client, logs, keyring, std::move(guardsOf), QuotaQueue()},
      m_watcher(client, {.type = kube::resources::pods,
                         .nameSpace = m_cluster.settings.jobsNamespace,
                         .labelSelector = instanceSelector(m_cluster.settings.instance)})
{
    connect(&m_watcher, &kube::Watcher::changed, this, &KubernetesExecutor::onPodChanged);
    connect(&m_watcher, &kube::Watcher::removed, this, &KubernetesExecutor::onPodRemoved);
    connect(&m_watcher, &kube::Watcher::synced, this, &KubernetesExecutor::onSynced);
    connect(&m_watcher, &kube::Watcher::failed, this, [](const kube::ApiError &error, int failures) {
        qCWarning(executorLog).noquote() << u"watch failed try=%1 error=\"%2\""_s.arg(failures).arg(error.message);
    });
    m_watcher.start();
}

KubernetesExecutor::~KubernetesExecutor()
{
    detach();
}

void KubernetesExecutor::launch(jobs::JobLaunch launch)
{
    const JobId id = launch.job.id;
    if (KubernetesJob *known = m_jobs.value(id))
        return known->tellAgain();
    auto *job = new KubernetesJob(m_cluster, std::move(launch), this);
    m_jobs.insert(id, job);
    connectJob(id, job);
    if (const auto pod = m_pods.constFind(id); pod != m_pods.constEnd())
        job->onPod(*pod);
    job->open();
}

// Queued: what a job has to say while it is asked something is heard afterwards. It is gone from the table at release;
// what it still says then is of no interest.
void KubernetesExecutor::connectJob(const JobId &id, KubernetesJob *job)
{
    const auto on = [this, id, job](auto signal, const auto &tell) {
        const auto slot = [this, id, job, tell](const auto &...values) {
            if (m_jobs.value(id) == job)
                tell(values...);
        };
        connect(job, signal, this, slot, Qt::QueuedConnection);
    };
    on(&KubernetesJob::started, [this, id] { emit jobStarted(id); });
    on(&KubernetesJob::pending, [this, id](const QString &reason) { emit jobPending(id, reason); });
    on(&KubernetesJob::stepStarted, [this, id](StepNumber step) { emit stepStarted(id, step); });
    on(&KubernetesJob::stepFinished,
       [this, id](StepNumber step, const StepOutcome &outcome) { emit stepFinished(id, step, outcome); });
    on(&KubernetesJob::coordinatorExited,
       [this, id](const StepOutcome &outcome) { emit coordinatorExited(id, outcome); });
    on(&KubernetesJob::lost, [this, id](const QString &reason) { emit jobLost(id, reason); });
}

void KubernetesExecutor::startStep(const JobId &id, const jobs::StepLaunch &step)
{
    if (KubernetesJob *job = m_jobs.value(id))
        job->startStep(step);
}

void KubernetesExecutor::killStep(const JobId &id, StepNumber step, jobs::KillReason reason)
{
    if (KubernetesJob *job = m_jobs.value(id))
        job->killStep(step, reason);
}

void KubernetesExecutor::release(const JobId &id)
{
    KubernetesJob *job = m_jobs.take(id);
    const bool isClosing = m_closing.contains(id) && !m_removers.contains(id);
    if (!job)
        return isClosing ? void() : remove(id, {});
    m_closing.insert(id, job);
    connect(job, &KubernetesJob::closed, this, [this, id, job] { remove(id, job->podUid()); }, Qt::QueuedConnection);
    job->close();
}

void KubernetesExecutor::remove(const JobId &id, const QString &uid)
{
    if (PodRemover *remover = m_removers.value(id))
        return remover->lookNow();
    const QString known = uid.isEmpty() ? uidOf(m_pods.value(id)) : uid;
    auto *remover = new PodRemover(m_cluster, id, known, this);
    m_removers.insert(id, remover);
    connect(remover, &PodRemover::removed, this, &KubernetesExecutor::onRemoved, Qt::QueuedConnection);
    remover->start();
}

void KubernetesExecutor::onRemoved(const JobId &id)
{
    if (PodRemover *remover = m_removers.take(id))
        remover->deleteLater();
    if (KubernetesJob *job = m_closing.take(id))
        job->deleteLater();
    if (m_known)
        m_known->remove(id);
    emit released(id);
}

void KubernetesExecutor::onPodChanged(const QJsonObject &pod)
{
    const auto id = jobOf(pod, m_cluster.settings.instance);
    if (!id)
        return;
    m_pods.insert(*id, pod);
    if (KubernetesJob *job = m_jobs.value(*id))
        job->onPod(pod);
    removeIfUnknown(*id);
}

void KubernetesExecutor::onPodRemoved(const QJsonObject &pod)
{
    const auto id = jobOf(pod, m_cluster.settings.instance);
    if (!id)
        return;
    const QString uid = uidOf(pod);
    if (uidOf(m_pods.value(*id)) == uid)
        m_pods.remove(*id);
    if (KubernetesJob *job = m_jobs.value(*id)) {
        job->onPod(pod); // its last state may say why
        job->onPodRemoved(uid);
    }
    if (PodRemover *remover = m_removers.value(*id))
        remover->onPodRemoved(uid);
    m_cluster.quota.roomMade();
}

// What came and went between two lists was never shown: those who miss their pod look themselves.
void KubernetesExecutor::onSynced()
{
    for (auto it = m_jobs.begin(); it != m_jobs.end(); ++it) {
        if (!(*it)->podUid().isEmpty() && !m_pods.contains(it.key()))
            (*it)->verify();
    }
    for (auto it = m_removers.begin(); it != m_removers.end(); ++it) {
        if (!m_pods.contains(it.key()))
            (*it)->lookNow();
    }
}

void KubernetesExecutor::removeIfUnknown(const JobId &id)
{
    const bool isUnknown = m_known && !m_known->contains(id) && !m_jobs.contains(id) && !m_closing.contains(id) &&
                           !m_removers.contains(id);
    if (!isUnknown)
        return;
    qCInfo(executorLog).noquote() << u"sweeping job=%1"_s.arg(id.value());
    remove(id, {});
}

void KubernetesExecutor::sweep(const QSet<JobId> &known)
{
    m_known = known;
    for (const JobId &id : m_pods.keys())
        removeIfUnknown(id);
    sweepSecrets();
}

// Secrets whose pod was never made are owned by nobody.
void KubernetesExecutor::sweepSecrets()
{
    m_cluster.client.listAll(
        kube::resources::secrets, m_cluster.settings.jobsNamespace, instanceSelector(m_cluster.settings.instance), this,
        [this](const kube::ApiResult<QJsonObject> &answer) {
            if (!answer) {
                qCWarning(executorLog).noquote() << u"sweep failed error=\"%1\""_s.arg(answer.error().message);
                QTimer::singleShot(m_sweepBackoff.next(), this, &KubernetesExecutor::sweepSecrets);
                return;
            }
            for (const QJsonValue secret : (*answer)["items"_L1].toArray()) {
                if (const auto id = jobOf(secret.toObject(), m_cluster.settings.instance))
                    removeIfUnknown(*id);
            }
        });
}

void KubernetesExecutor::detach()
{
    m_watcher.stop();
    for (auto *table : {&m_jobs, &m_closing}) {
        qDeleteAll(*table);
        table->clear();
    }
    qDeleteAll(m_removers);
    m_removers.clear();
}

} // namespace danube::kubernetes
