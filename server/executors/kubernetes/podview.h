// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QJsonObject>
#include <QList>
#include <QString>
#include <QStringList>

#include <optional>

namespace danube::kubernetes {

/// How a container, or the whole pod, came to its end.
enum class PodEndKind {
    Evicted,          ///< node pressure, a drain, a shutdown, a volume beyond its limit
    Preempted,        ///< for a pod of higher priority
    OutOfMemory,      ///< the container's limit
    NodeLost,         ///< the node is gone, or no longer knows the container
    DeadlineExceeded, ///< activeDeadlineSeconds
    Deleted,          ///< by somebody, through the API
    Refused,          ///< the node would not take the pod
    SetupFailed,      ///< the init container
    AgentDied,        ///< process 1 ended or could not be started
};

struct PodEnd
{
    PodEndKind kind{};
    QString sentence; ///< one, for people: "the pod was evicted: The node was low on resource: memory."
    bool operator==(const PodEnd &) const = default;
};

struct ContainerView
{
    enum class Phase { Unknown, Waiting, Running, Terminated };
    QString name;
    QString image;
    Phase phase = Phase::Unknown;
    QString reason;    ///< of waiting or terminated, as the kubelet words it
    QString message;   ///< same
    int exitCode = -1; ///< of terminated
    bool isEphemeral = false;
    QString memoryLimit;
    QString runVolume; ///< volume of its agent's directory
    bool isKeyed = false;
    bool operator==(const ContainerView &) const = default;
};

struct Pending
{
    QString sentence;        ///< why not all containers run yet
    bool isHopeless = false; ///< it will not go away by waiting
    bool operator==(const Pending &) const = default;
};

/// A pod as the API server shows it, typed.
struct PodView
{
    QString name;
    QString uid;
    QString resourceVersion;
    QString node;
    QString phase; ///< Pending, Running, Succeeded, Failed, Unknown
    bool isDeleting = false;
    QList<ContainerView> containers; ///< coordinator, workers, then ephemeral ones; init containers are left out
    std::optional<Pending> pending;
    std::optional<PodEnd> end;    ///< of the pod as a whole; its processes are gone
    std::optional<PodEnd> threat; ///< what the cluster says may end it, or is ending it; it may still run

    const ContainerView *find(const QString &container) const;
};

/// Pure. Missing members read as not known yet.
PodView readPod(const QJsonObject &pod);
/// How the container ended; nullopt while it may still run.
std::optional<PodEnd> endOf(const PodView &pod, const ContainerView &container);
/// The object is gone; `last` is what was seen of it.
PodEnd endOfRemoved(const PodView &last);
/// Why an ephemeral container does not run yet.
std::optional<Pending> pendingOf(const ContainerView &container);

} // namespace danube::kubernetes
