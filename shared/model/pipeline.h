// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "shared/core/clock.h"
#include "shared/core/result.h"

#include <QJsonObject>

namespace danube {

/// worker.resources {requests: {cpu, memory}, limits: {cpu, memory}}: Kubernetes quantities ("500m", "2Gi"), empty =
/// the executor's default. The local executor has none.
struct WorkerResources
{
    QString cpuRequest;
    QString memoryRequest;
    QString cpuLimit;
    QString memoryLimit;
    bool operator==(const WorkerResources &) const = default;
};

/// worker.security {run_as_root, writable_root, add_capabilities}: what the workers need beyond the restricted default.
/// The operator's ceiling decides whether they get it.
struct WorkerSecurity
{
    bool runAsRoot = false;
    bool writableRoot = false;
    QStringList addCapabilities; ///< upper case, without CAP_
    bool operator==(const WorkerSecurity &) const = default;
};

/// A `kind: Pipeline` document of the Blueprint (contract: pipelines/*.json), as far as the engine needs it.
struct Pipeline
{
    QString name; ///< metadata.name: 1..64 of [0-9a-z-]
    QString description;
    QString repository;          ///< URL of the source
    QString branchFilter;        ///< glob; empty = every branch
    QString script;              ///< path of danubefile.py inside the repository
    seconds maxDuration{3600};   ///< of a whole job
    QString image;               ///< worker.image
    QStringList images;          ///< worker.images: further declared images
    QStringList secrets;         ///< keys this pipeline's jobs may ask for
    int maxConcurrent = 0;       ///< of this pipeline; 0 = no limit of its own
    int priority = 0;            ///< larger first
    WorkerResources resources{}; ///< of each worker container
    WorkerSecurity security{};
    bool operator==(const Pipeline &) const = default;
};

/// Reads one document; the error names the field ("spec.max_duration_seconds: expected …"). Unknown fields are ignored.
Result<Pipeline> pipelineFromDocument(const QJsonObject &document);
QJsonObject toJson(const Pipeline &pipeline);         ///< REST form: flat, snake_case
Pipeline pipelineFromJson(const QJsonObject &object); ///< inverse of toJson

} // namespace danube
