// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/executors/kubernetes/podview.h"

#include "server/executors/kubernetes/podnames.h"

#include <QJsonArray>

using namespace Qt::StringLiterals;

namespace danube::kubernetes {
namespace {

using Phase = ContainerView::Phase;

QString oneLine(const QString &text)
{
    constexpr qsizetype longest = 400;
    const QString line = text.simplified();
    return line.size() > longest ? line.first(longest) + u'…' : line;
}

QString because(const QString &sentence, const QString &message)
{
    return message.isEmpty() ? sentence : sentence + u": "_s + message;
}

QJsonObject condition(const QJsonObject &status, QLatin1StringView type)
{
    for (const QJsonValue value : status.value("conditions"_L1).toArray()) {
        if (value["type"_L1].toString() == type)
            return value.toObject();
    }
    return {};
}

// containerStatuses[].state has one member: waiting, running or terminated.
void readState(const QJsonObject &state, ContainerView &view)
{
    const bool isTerminated = state.contains("terminated"_L1);
    if (isTerminated)
        view.phase = Phase::Terminated;
    else if (state.contains("running"_L1))
        view.phase = Phase::Running;
    else if (state.contains("waiting"_L1))
        view.phase = Phase::Waiting;
    const QJsonObject detail = state.value(isTerminated ? "terminated"_L1 : "waiting"_L1).toObject();
    view.reason = detail.value("reason"_L1).toString();
    view.message = oneLine(detail.value("message"_L1).toString());
    view.exitCode = detail.value("exitCode"_L1).toInt(-1);
}

ContainerView readContainer(const QJsonObject &spec, const QJsonArray &statuses, const QJsonObject &annotations)
{
    ContainerView view;
    view.name = spec.value("name"_L1).toString();
    view.image = spec.value("image"_L1).toString();
    view.memoryLimit = spec["resources"_L1]["limits"_L1]["memory"_L1].toString();
    view.isKeyed = annotations.contains(keyedAnnotation + view.name);
    for (const QJsonValue mounted : spec.value("volumeMounts"_L1).toArray()) {
        if (mounted["mountPath"_L1].toString() == places::runVolume)
            view.runVolume = mounted["name"_L1].toString();
    }
    for (const QJsonValue status : statuses) {
        if (status["name"_L1].toString() == view.name)
            readState(status["state"_L1].toObject(), view);
    }
    return view;
}

QList<ContainerView> readContainers(const QJsonObject &pod, QLatin1StringView key, QLatin1StringView statusKey)
{
    const QJsonArray statuses = pod["status"_L1][statusKey].toArray();
    const QJsonObject annotations = pod["metadata"_L1]["annotations"_L1].toObject();
    QList<ContainerView> views;
    for (const QJsonValue container : pod["spec"_L1][key].toArray())
        views.append(readContainer(container.toObject(), statuses, annotations));
    return views;
}

std::optional<Pending> pendingOfScheduling(const QJsonObject &status)
{
    const QJsonObject scheduled = condition(status, "PodScheduled"_L1);
    const QString message = oneLine(scheduled.value("message"_L1).toString());
    const QString reason = scheduled.value("reason"_L1).toString();
    if (reason == "SchedulingGated"_L1)
        return Pending{u"the pod waits for its scheduling gates"_s};
    if (scheduled.value("status"_L1).toString() == "False"_L1)
        return Pending{because(u"no node can take the pod"_s, message)};
    if (scheduled.isEmpty())
        return Pending{u"the pod waits for a node"_s};
    return {};
}

std::optional<Pending> readPending(const QJsonObject &status, const PodView &pod, const QList<ContainerView> &inits)
{
    if (pod.phase != "Pending"_L1 && pod.phase != "Running"_L1)
        return {};
    std::optional<Pending> plain = pendingOfScheduling(status);
    if (plain)
        return plain;
    for (const ContainerView &container : inits + pod.containers) {
        const auto pending = container.isEphemeral ? std::nullopt : pendingOf(container);
        if (pending && pending->isHopeless)
            return pending;
        const bool isTelling = container.reason != "PodInitializing"_L1 && container.reason != "ContainerCreating"_L1;
        if (pending && (!plain || isTelling))
            plain = pending;
    }
    return plain;
}

// Reasons the kubelet gives in status.reason of a failed pod.
std::optional<PodEnd> endByReason(const QString &reason, const QString &message)
{
    if (reason == "Evicted"_L1)
        return PodEnd{PodEndKind::Evicted, because(u"the pod was evicted"_s, message)};
    if (reason == "DeadlineExceeded"_L1)
        return PodEnd{PodEndKind::DeadlineExceeded, u"the pod ran longer than its deadline on the cluster"_s};
    if (reason == "NodeLost"_L1)
        return PodEnd{PodEndKind::NodeLost, because(u"the pod's node was lost"_s, message)};
    if (reason == "Shutdown"_L1 || reason == "NodeShutdown"_L1 || reason == "Terminated"_L1)
        return PodEnd{PodEndKind::Evicted, because(u"the pod's node was shut down"_s, message)};
    if (reason == "Preempting"_L1)
        return PodEnd{PodEndKind::Preempted, because(u"the pod had to give way to another one"_s, message)};
    return {};
}

// The condition DisruptionTarget says who is about to end the pod, before and after it ended.
std::optional<PodEnd> endByDisruption(const QJsonObject &status, const QString &node)
{
    const QJsonObject disruption = condition(status, "DisruptionTarget"_L1);
    if (disruption.value("status"_L1).toString() != "True"_L1)
        return {};
    const QString reason = disruption.value("reason"_L1).toString();
    const QString message = oneLine(disruption.value("message"_L1).toString());
    if (reason == "PreemptionByScheduler"_L1)
        return PodEnd{PodEndKind::Preempted, u"the pod had to give way to one of higher priority"_s};
    if (reason == "DeletionByTaintManager"_L1 || reason == "DeletionByPodGC"_L1)
        return PodEnd{PodEndKind::NodeLost, because(u"the pod's node %1 was lost"_s.arg(node), message)};
    if (reason == "EvictionByEvictionAPI"_L1)
        return PodEnd{PodEndKind::Evicted, u"the pod was evicted to empty its node %1"_s.arg(node)};
    return PodEnd{PodEndKind::Evicted, because(u"the pod was evicted"_s, message)};
}

std::optional<PodEnd> readThreat(const QJsonObject &status, const QString &node)
{
    const QString message = oneLine(status.value("message"_L1).toString());
    if (auto end = endByReason(status.value("reason"_L1).toString(), message))
        return end;
    return endByDisruption(status, node);
}

std::optional<PodEnd> readEnd(const QJsonObject &status, const PodView &pod, const QList<ContainerView> &inits)
{
    if (pod.phase != "Failed"_L1 && pod.phase != "Succeeded"_L1)
        return {};
    const QString reason = status.value("reason"_L1).toString();
    const QString message = oneLine(status.value("message"_L1).toString());
    if (auto end = readThreat(status, pod.node))
        return end;
    for (const ContainerView &init : inits) {
        if (init.phase == Phase::Terminated && init.exitCode != 0)
            return PodEnd{PodEndKind::SetupFailed,
                          because(u"the agent could not be brought into the pod (exit code %1)"_s.arg(init.exitCode),
                                  init.message.isEmpty() ? init.reason : init.message)};
    }
    const bool neverRan = std::ranges::all_of(
        pod.containers, [](const ContainerView &container) { return container.phase != Phase::Terminated; });
    if (neverRan)
        return PodEnd{PodEndKind::Refused,
                      because(u"the node %1 refused the pod"_s.arg(pod.node), message.isEmpty() ? reason : message)};
    return {};
}

} // namespace

const ContainerView *PodView::find(const QString &container) const
{
    const auto found = std::ranges::find(containers, container, &ContainerView::name);
    return found == containers.end() ? nullptr : &*found;
}

std::optional<Pending> pendingOf(const ContainerView &container)
{
    if (container.phase != Phase::Waiting)
        return {};
    const QString &reason = container.reason;
    const QString &message = container.message;
    if (reason == "InvalidImageName"_L1)
        return Pending{u"\"%1\" is no valid image name: correct the pipeline's worker images"_s.arg(container.image),
                       true};
    if (reason == "ErrImageNeverPull"_L1)
        return Pending{u"image %1 is not on the node, and the cluster does not pull it"_s.arg(container.image)};
    if (reason == "ImagePullBackOff"_L1) // says nothing that the failed pull before did not
        return Pending{u"image %1 cannot be pulled"_s.arg(container.image)};
    if (reason.contains("ImagePull"_L1) || reason == "RegistryUnavailable"_L1 || reason == "ImageInspectError"_L1)
        return Pending{because(u"image %1 cannot be pulled"_s.arg(container.image), message)};
    if (reason == "CreateContainerConfigError"_L1 && message.contains("root"_L1))
        return Pending{
            u"image %1 runs as root, which the cluster refuses (%2): choose an image with a numeric USER, or "
            "ask for worker.security.run_as_root"_s.arg(container.image, message),
            true};
    if (reason == "PodInitializing"_L1 || reason == "ContainerCreating"_L1 || reason.isEmpty())
        return Pending{u"the node prepares container %1 (image %2)"_s.arg(container.name, container.image)};
    return Pending{
        because(u"container %1 cannot be started yet (%2)"_s.arg(container.name, container.reason), message)};
}

PodView readPod(const QJsonObject &pod)
{
    const QJsonObject metadata = pod.value("metadata"_L1).toObject();
    const QJsonObject status = pod.value("status"_L1).toObject();
    PodView view;
    view.name = metadata.value("name"_L1).toString();
    view.uid = metadata.value("uid"_L1).toString();
    view.resourceVersion = metadata.value("resourceVersion"_L1).toString();
    view.node = pod["spec"_L1]["nodeName"_L1].toString();
    view.phase = status.value("phase"_L1).toString();
    view.isDeleting = metadata.contains("deletionTimestamp"_L1);
    view.containers = readContainers(pod, "containers"_L1, "containerStatuses"_L1);
    for (ContainerView &extra : readContainers(pod, "ephemeralContainers"_L1, "ephemeralContainerStatuses"_L1)) {
        extra.isEphemeral = true;
        view.containers.append(std::move(extra));
    }
    const QList<ContainerView> inits = readContainers(pod, "initContainers"_L1, "initContainerStatuses"_L1);
    view.pending = readPending(status, view, inits);
    view.end = readEnd(status, view, inits);
    view.threat = readThreat(status, view.node);
    return view;
}

std::optional<PodEnd> endOf(const PodView &pod, const ContainerView &container)
{
    if (container.phase == Phase::Terminated && container.reason == "OOMKilled"_L1) {
        const QString limit = container.memoryLimit.isEmpty() ? QString() : u" (limit %1)"_s.arg(container.memoryLimit);
        return PodEnd{PodEndKind::OutOfMemory, u"container %1 ran out of memory%2"_s.arg(container.name, limit)};
    }
    if (pod.end)
        return pod.end;
    if (container.phase != Phase::Terminated)
        return {};
    if (pod.isDeleting)
        return endOfRemoved(pod);
    if (container.reason == "ContainerStatusUnknown"_L1)
        return PodEnd{PodEndKind::NodeLost,
                      u"the node %1 no longer knows container %2"_s.arg(pod.node, container.name)};
    const bool neverStarted = container.reason == "StartError"_L1 || container.reason == "ContainerCannotRun"_L1;
    const QString what =
        neverStarted ? u"container %1 could not be started"_s.arg(container.name)
                     : u"the agent of container %1 ended with code %2"_s.arg(container.name).arg(container.exitCode);
    return PodEnd{PodEndKind::AgentDied, because(what, container.message)};
}

PodEnd endOfRemoved(const PodView &last)
{
    if (last.end)
        return *last.end;
    return last.threat.value_or(PodEnd{PodEndKind::Deleted, u"the pod was deleted"_s});
}

} // namespace danube::kubernetes
