// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "server/kube/request.h"
#include "shared/core/result.h"

#include <functional>

namespace danube::kubernetes {

/// A policy object that has to hold before a pod is made, and who judges it.
struct GuardingPolicy
{
    kube::ResourceType type;
    QString name; ///< in the jobs namespace
    /// Why it does not guard as it was read back, one sentence; nullopt = it does. Pure.
    std::function<std::optional<QString>(const QJsonObject &live)> problem;
};

/// What guards a pipeline's jobs by now, besides KubernetesSettings::guardingPolicies. An error while that is not known
/// or does not hold, one sentence: the job waits. Asked at every attempt, as the configuration may change meanwhile.
/// Control thread.
using GuardsOf = std::function<Result<QList<GuardingPolicy>>(const QString &pipeline)>;

/// Why a CiliumNetworkPolicy does not guard yet; nullopt when its Valid condition is True. Pure.
std::optional<QString> policyProblem(const QString &name, const QJsonObject &policy);

} // namespace danube::kubernetes
