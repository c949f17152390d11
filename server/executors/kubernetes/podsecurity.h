// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "server/executors/kubernetes/kubernetessettings.h"
#include "shared/model/pipeline.h"

#include <QJsonObject>

namespace danube::kubernetes {

/// PermissionDenied: what the pipeline asks for lies above the ceiling; the sentence names the field and both fixes.
Result<void> checkCeiling(const Pipeline &pipeline, const SecurityCeiling &ceiling);
/// securityContext of a container; with a default WorkerSecurity it fits the `restricted` standard.
QJsonObject containerSecurity(const WorkerSecurity &asked, qint64 user);
/// securityContext of the pod.
QJsonObject podSecurity(qint64 user);

} // namespace danube::kubernetes
