// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "server/executors/kubernetes/kubernetesjob.h"
#include "server/executors/kubernetes/podremover.h"
#include "server/jobs/executor.h"
#include "server/kube/watcher.h"

namespace danube::kubernetes {

/// The product's executor: jobs as pods, steps through one long-lived exec link per container. Contract:
/// server/jobs/executor.h. Pods, their events and refusals are seen on the control thread through one watch for all
/// jobs; links live on the io thread. A pod of this instance that belongs to no job is removed whenever the watch shows
/// it, once sweep() has said which jobs there are.
class KubernetesExecutor final : public jobs::Executor
{
    Q_OBJECT
public:
    /// The watch starts at once. `client`, `logs`, `keyring` and what `guardsOf` stands on outlive the executor.
    KubernetesExecutor(KubernetesSettings settings, kube::Client &client, logs::LogService &logs,
                       const auth::Keyring &keyring, GuardsOf guardsOf = {});
    ~KubernetesExecutor() override;

    void launch(jobs::JobLaunch launch) override;
    void startStep(const JobId &job, const jobs::StepLaunch &step) override;
    void killStep(const JobId &job, StepNumber step, jobs::KillReason reason) override;
    void release(const JobId &job) override;
    void sweep(const QSet<JobId> &known) override;
    void detach() override;

    /// What the watch showed is up to date: for readiness.
    bool isWatching() const { return m_watcher.isSynced(); }

private:
    void connectJob(const JobId &id, KubernetesJob *job);
    void onPodChanged(const QJsonObject &pod);
    void onPodRemoved(const QJsonObject &pod);
    void onSynced();
    void remove(const JobId &id, const QString &uid);
    void onRemoved(const JobId &id);
    void removeIfUnknown(const JobId &id);
    void sweepSecrets();

    Cluster m_cluster;
    kube::Watcher m_watcher;
    QHash<JobId, KubernetesJob *> m_jobs;    ///< launched; children
    QHash<JobId, KubernetesJob *> m_closing; ///< released, a request still under way; children
    QHash<JobId, PodRemover *> m_removers;   ///< children
    QHash<JobId, QJsonObject> m_pods;        ///< as the watch shows them
    std::optional<QSet<JobId>> m_known;      ///< by sweep(), until they are released
    Backoff m_sweepBackoff{milliseconds(500), milliseconds(30'000)};
};

} // namespace danube::kubernetes
