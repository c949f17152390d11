// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "server/egress/policystatus.h"

/// The pod that tries the policy out, and what its answer means. Pure.
namespace danube::egress {

struct HostPort
{
    QString host;
    quint16 port = 0;
    bool operator==(const HostPort &) const = default;
};

struct CanaryTargets
{
    HostPort allowed;      ///< the master's RPC, as jobs reach it
    QString forbiddenName; ///< a name that exists and that the list does not allow
    HostPort apiServer;    ///< where the pod's own environment does not say: no policy ever opens it
};

struct CanaryPod
{
    QString name;
    QString nameSpace;
    QString instance;
    QString image; ///< with python3: the coordinator's
    qint64 runAsUser = 1000;
    CanaryTargets targets;
};

constexpr auto canaryLabel = QLatin1StringView("danube.dev/canary");
QString canarySelector(const QString &instance); ///< all canaries of this master, also forgotten ones

/// A Pod that the jobs' policies select, fit for the `restricted` standard, ended by the kubelet after `limit`. It
/// carries no danube.dev/job: no executor takes it for one of its own.
QJsonObject canaryManifest(const CanaryPod &pod, seconds limit);

/// How a canary's container ended.
struct CanaryEnd
{
    int exitCode = -1;
    QString message;     ///< termination message
    bool isLate = false; ///< ended by its deadline
};
/// Nothing while it runs.
std::optional<CanaryEnd> canaryEndOf(const QJsonObject &pod);

/// Kind and sentence; digest and time are the caller's. Proven needs all three: what is allowed works (or the failures
/// prove nothing), the API server does not, and the forbidden name's DNS query is refused.
CanaryFinding judgeCanary(const CanaryEnd &end, const CanaryTargets &targets);

} // namespace danube::egress
