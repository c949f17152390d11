// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "server/executors/kubernetes/kubernetessettings.h"
#include "server/executors/link/linkevents.h"
#include "server/jobs/executor.h"

#include <QJsonObject>

namespace danube::kubernetes {

/// A container that runs steps, and the image it was made for.
struct WorkerContainer
{
    QString name;
    QString image;
    bool operator==(const WorkerContainer &) const = default;
};

/// Pure: what a job becomes on the cluster. Equal launches and settings give equal objects.
///
/// The pod: an init container copies danube-agent from the coordinator's image into a volume that all others mount
/// read-only; `coordinator`; one worker container per declared image. In each, process 1 is the agent, in a directory
/// on a volume of its own, so that no container reaches another one's agent. Workers share /workspace, home and /tmp;
/// the coordinator shares /workspace only, and alone has the token and the private directory. Spare run volumes wait
/// for containers of images that were not declared, because subPath is not allowed there. It fits the `restricted` pod
/// security standard unless the pipeline asks for more and the operator's ceiling allows it.

/// The pipeline's images, the first being the default. InvalidArgument: not an image reference, or more than 10.
Result<QList<WorkerContainer>> declaredWorkers(const Pipeline &pipeline, const KubernetesSettings &settings);
/// Whether a step may bring an image that the pipeline does not declare, when the job has `used` such images already.
/// PermissionDenied, InvalidArgument, ResourceExhausted: one sentence with the fix.
Result<void> checkUndeclared(const QString &image, qsizetype used, const Pipeline &pipeline,
                             const KubernetesSettings &settings);
/// InvalidArgument or PermissionDenied: one sentence with the fix, for the job's page.
Result<QJsonObject> makePod(const jobs::JobLaunch &launch, const KubernetesSettings &settings);
/// Holds the job token; immutable but for its metadata.
QJsonObject makeSecret(const jobs::JobLaunch &launch, const KubernetesSettings &settings);
/// Merge patch of the Secret: it goes with the pod.
QJsonObject ownerPatch(const JobId &job, const QString &podUid);
/// Strategic merge patch of pods/ephemeralcontainers: one more container for `image`, like the workers but for
/// resources, which the API does not allow there. PermissionDenied as makePod().
Result<QJsonObject> ephemeralPatch(const QString &image, int spareVolume, const Pipeline &pipeline,
                                   const KubernetesSettings &settings);
/// Merge patch of the pod: `container` has its key.
QJsonObject keyedPatch(const QString &container);

/// Step 0: the coordinator's program.
link::StepSpec coordinatorSpec(const jobs::JobLaunch &launch, const KubernetesSettings &settings);
/// nullopt for a launch without a command (attach only).
std::optional<link::StepSpec> stepSpec(const jobs::StepLaunch &step, const KubernetesSettings &settings);

} // namespace danube::kubernetes
