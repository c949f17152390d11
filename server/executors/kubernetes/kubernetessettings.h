// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "shared/core/clock.h"

#include <QString>
#include <QStringList>

namespace danube::kubernetes {

/// What operators allow at most; a pipeline may ask for less restriction only within it ([kubernetes] of danube.toml).
struct SecurityCeiling
{
    bool allowRoot = false;        ///< runAsUser 0
    bool allowWritableRoot = true; ///< readOnlyRootFilesystem = false
    QStringList capabilities;      ///< that may be added
    bool operator==(const SecurityCeiling &) const = default;
};

/// Where the coordinator image keeps our programs.
struct CoordinatorImageLayout
{
    QString agentProgram = QStringLiteral("/usr/bin/danube-agent"); ///< copied into every container
    QString coordinatorProgram = QStringLiteral("/usr/bin/danube-coordinator");
    QString sdkDirectory = QStringLiteral("/usr/share/danube/sdk"); ///< holds the Python package danube
    bool operator==(const CoordinatorImageLayout &) const = default;
};

struct KubernetesSettings
{
    QString jobsNamespace = QStringLiteral("danube-jobs");
    QString coordinatorImage; ///< brings danube-agent, danube-coordinator, git, python3
    CoordinatorImageLayout layout;
    QString defaultWorkerImage;   ///< of pipelines that name none; empty = the coordinator's image
    QStringList imagePrefixes;    ///< of images that are not declared by the pipeline; empty = none are allowed
    QStringList imagePullSecrets; ///< names in the jobs namespace
    int maxEphemeralImages = 8;   ///< per job
    qint64 runAsUser = 1000;      ///< also group and fsGroup
    SecurityCeiling ceiling;
    QString cpuRequest = QStringLiteral("100m"); ///< per container, when the pipeline says nothing
    QString memoryRequest = QStringLiteral("128Mi");
    QString cpuLimit;
    QString memoryLimit;
    QString workspaceLimit; ///< size of /workspace; a pod beyond it is evicted; empty = the node's disk
    /// CiliumNetworkPolicies that must exist and be Valid in the jobs namespace before any pod, besides those that
    /// GuardsOf names; may be empty.
    QStringList guardingPolicies;
    milliseconds startLimit{600'000};     ///< from pod creation to all agents up (image pulls included)
    milliseconds imagePullLimit{300'000}; ///< of an image that was not declared, until its agent is up
    milliseconds deadlineMargin{300'000}; ///< activeDeadlineSeconds beyond the job's own longest duration
    milliseconds killGrace{10'000};
    milliseconds unreachableLimit{0}; ///< 0 = an unreachable container is waited for until the job's deadline
    QString instance = QStringLiteral("danube"); ///< label danube.dev/instance: several masters may share a namespace
};

} // namespace danube::kubernetes
