// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "server/app/clusterhealth.h"
#include "server/app/datadirectory.h"
#include "server/auth/keyring.h"
#include "server/config/config.h"
#include "server/egress/egressservice.h"
#include "server/executors/kubernetes/guardingpolicy.h"
#include "server/executors/kubernetes/kubernetessettings.h"
#include "server/jobs/executor.h"
#include "server/kube/client.h"
#include "server/logs/logservice.h"

namespace danube::app {

/// The executor that executor.kind names, and what it stands on.
struct ExecutorParts
{
    std::unique_ptr<kube::Client> client;  ///< null for the local executor
    std::unique_ptr<ClusterHealth> health; ///< null for the local executor
    std::unique_ptr<jobs::Executor> executor;
    std::optional<egress::JobGuard> guard; ///< of the local executor

    /// Takes them apart, what stands on others first. (An assignment would begin at the ground.)
    void reset()
    {
        executor.reset();
        health.reset();
        client.reset();
    }
};

/// What executors are given; all of it outlives them.
struct ExecutorNeeds
{
    const config::Config &config;
    const DataDirectory &directory;
    logs::LogService &logs;
    const auth::Keyring &keyring;
    kubernetes::GuardsOf guardsOf{};                      ///< may be called as long as the executor lives
    std::function<const egress::EgressLists &()> lists{}; ///< in force; asked when a job starts
    std::function<void(QObject *context, std::function<void()> done)> settle{}; ///< LocalSettings::settle
};

/// One sentence when there is no way to the cluster: neither a kubeconfig nor a pod's service account, or a wrong one.
/// Whether the API server answers is not asked here: a master starts without it, and is not ready.
Result<ExecutorParts> makeExecutor(const ExecutorNeeds &needs);

/// [kubernetes] as the executor takes it.
kubernetes::KubernetesSettings executorSettings(const config::Config &config);

/// How coordinators reach the RPC port `boundUrl` was bound to: kubernetes.rpc_url, else the address itself when it is
/// loopback or jobs are local, else the Service of the master.
QString coordinatorRpcUrl(const config::Config &config, const QString &boundUrl);

} // namespace danube::app
