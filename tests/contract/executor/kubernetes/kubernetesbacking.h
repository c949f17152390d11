// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "server/executors/kubernetes/kubernetesexecutor.h"
#include "server/executors/kubernetes/podnames.h"
#include "tests/contract/executor/executorbacking.h"
#include "tests/support/kube/standinprocess.h"

#include <QFile>

namespace danube::tests {

inline constexpr auto jobsNamespace = QLatin1StringView("danube-jobs");
inline constexpr auto coordinatorImage = QLatin1StringView("localhost/coordinator:test");

/// Images of a stand-in cluster: the coordinator's, with the real agent, and a coordinator that notes that it was
/// started and stays until it is told a code.
QJsonObject testImages(const QString &directory);

/// Pods of a stand-in cluster whose namespace enforces the pod security standard `restricted`.
class KubernetesBacking final : public ExecutorBacking
{
public:
    explicit KubernetesBacking(StandInProcess &cluster);

    std::unique_ptr<jobs::Executor> open(logs::LogService &logs) override;
    jobs::JobLaunch launchOf(const JobId &job) override;
    void endCoordinator(const JobId &job, int code) override;
    int coordinatorStarts(const JobId &job) override;
    void destroyContainers(const JobId &job) override;
    bool hasLeftovers(const JobId &job) override;

    kubernetes::KubernetesSettings settings; ///< of the executors opened from now on
    kubernetes::GuardsOf guardsOf;           ///< the same

private:
    QString privateDirectory(const JobId &job);

    StandInProcess &m_cluster;
    std::unique_ptr<kube::Client> m_client;
    auth::Keyring m_keyring = auth::Keyring::fromKey(Secret(QByteArray(32, 'k')));
};

} // namespace danube::tests
