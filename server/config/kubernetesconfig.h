// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "shared/core/clock.h"

#include <QString>
#include <QStringList>

namespace danube::config {

/// [kubernetes]: which cluster, which rate, and what pods of jobs may ask for at most. Plain values; server/app hands
/// them to the client and the executor.
struct KubernetesConfig
{
    QString kubeconfig; ///< file; empty = the pod's own service account
    QString context;    ///< of the kubeconfig; empty = its current one
    bool insecureTls = false;
    QString systemNamespace = QStringLiteral("danube-system"); ///< namespace_system: where this master's Service is
    QString jobsNamespace = QStringLiteral("danube-jobs");     ///< namespace_jobs
    QString rpcUrl; ///< as coordinators reach this master; empty = see docs/configuration.md
    int qps = 100;  ///< API requests a second in the long run
    int burst = 200;
    QString cilium = QStringLiteral("auto"); ///< "auto", "required", "off"
    QStringList guardingPolicies;
    QStringList imagePrefixes;
    QStringList imagePullSecrets;
    int ephemeralImages = 8; ///< per job
    QString coordinatorImage;
    QString workerImage;
    int runAsUser = 1000;
    bool allowRoot = false;
    bool allowWritableRoot = true;
    QStringList capabilities;
    QString cpuRequest = QStringLiteral("100m");
    QString memoryRequest = QStringLiteral("128Mi");
    QString cpuLimit;
    QString memoryLimit;
    milliseconds startLimit{600'000};
    milliseconds imagePullLimit{300'000};
    milliseconds killGrace{10'000};
    milliseconds unreachableLimit{0}; ///< 0 = until the job's deadline
    QString instance = QStringLiteral("danube");
    bool operator==(const KubernetesConfig &) const = default;
};

} // namespace danube::config
