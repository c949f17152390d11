// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "shared/core/clock.h"

#include <QString>
#include <QStringList>

#include <optional>

namespace danube::kubernetes {

/// What operators allow at most; a pipeline may ask for less restriction only within it ([kubernetes] of danube.toml).
struct SecurityCeiling
{
    bool allowRoot = false;        ///< runAsUser 0
    bool allowWritableRoot = true; ///< readOnlyRootFilesystem = false
    QStringList capabilities;      ///< that may be added
    bool operator==(const SecurityCeiling &) const = default;
};

struct KubernetesSettings
{
    QString jobsNamespace = QStringLiteral("danube-jobs");
    QString coordinatorImage;   ///< brings danube-agent, danube-coordinator, git, python3
    QString defaultWorkerImage; ///< of pipelines that name none; empty = the coordinator's image
    QStringList imagePrefixes;  ///< of images that are not declared by the pipeline; empty = none are allowed
    int maxEphemeralImages = 8; ///< per job
    qint64 runAsUser = 1000;    ///< also group and fsGroup
    SecurityCeiling ceiling;
    QString cpuRequest = QStringLiteral("100m"); ///< per container, when the pipeline says nothing
    QString memoryRequest = QStringLiteral("128Mi");
    QString cpuLimit;
    QString memoryLimit;
    QStringList
        guardingPolicies; ///< names that must exist and be Valid in the jobs namespace before any pod; may be empty
    milliseconds startLimit{600'000}; ///< from pod creation to both agents up (image pulls included)
    milliseconds killGrace{10'000};
    milliseconds unreachableLimit{0}; ///< 0 = an unreachable container is waited for until the job's deadline
    QString instance = QStringLiteral("danube"); ///< label danube.dev/instance: several masters may share a namespace
};

} // namespace danube::kubernetes
