// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "server/auth/keyring.h"
#include "server/executors/kubernetes/kubernetessettings.h"
#include "server/jobs/executor.h"
#include "server/kube/client.h"
#include "server/logs/logservice.h"

namespace danube::kubernetes {

/// The product's executor: jobs as pods, steps through one long-lived exec link per container. Contract:
/// server/jobs/executor.h. Pods, their events and refusals are seen on the control thread through one watch; links live
/// on the io thread.
class KubernetesExecutor final : public jobs::Executor
{
    Q_OBJECT
public:
    KubernetesExecutor(KubernetesSettings settings, kube::Client &client, logs::LogService &logs,
                       const auth::Keyring &keyring);
    ~KubernetesExecutor() override;

    void launch(jobs::JobLaunch launch) override;
    void startStep(const JobId &job, const jobs::StepLaunch &step) override;
    void killStep(const JobId &job, StepNumber step, jobs::KillReason reason) override;
    void release(const JobId &job) override;
    void sweep(const QSet<JobId> &known) override;
    void detach() override;

private:
    KubernetesSettings m_settings;
    kube::Client &m_client;
    logs::LogService &m_logs;
    const auth::Keyring &m_keyring;
};

} // namespace danube::kubernetes
