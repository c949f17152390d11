// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "shared/core/id.h"
#include "shared/core/result.h"

#include <QJsonObject>
#include <QStringList>

#include <optional>

/// Names and places of a job's objects: derived from the job's id alone, so that a new master finds what a former one
/// made, and creating it twice is refused by the API server itself.
namespace danube::kubernetes {

inline constexpr auto jobLabel = QLatin1StringView("danube.dev/job");
inline constexpr auto pipelineLabel = QLatin1StringView("danube.dev/pipeline");
inline constexpr auto instanceLabel = QLatin1StringView("danube.dev/instance");
inline constexpr auto managedByLabel = QLatin1StringView("danube.dev/managed-by");
inline constexpr auto managedBy = QLatin1StringView("danube-master"); ///< its value
/// Annotation "danube.dev/keyed-<container>": the container key was handed over; only an ephemeral container has it.
inline constexpr auto keyedAnnotation = QLatin1StringView("danube.dev/keyed-");

inline constexpr auto coordinatorContainer = QLatin1StringView("coordinator");

/// Inside every container.
namespace places {
inline constexpr auto agentProgram = QLatin1StringView("/danube/bin/danube-agent"); ///< read-only
inline constexpr auto agentVolume = QLatin1StringView("/danube/bin");
inline constexpr auto runVolume = QLatin1StringView("/danube/run");
inline constexpr auto agentDirectory = QLatin1StringView("/danube/run/agent"); ///< agent's DIR, made by itself
inline constexpr auto home = QLatin1StringView("/danube/home");
inline constexpr auto privateDirectory = QLatin1StringView("/danube/private"); ///< coordinator only
inline constexpr auto tokenVolume = QLatin1StringView("/danube/token");        ///< coordinator only
inline constexpr auto tokenFile = QLatin1StringView("/danube/token/token");
inline constexpr auto workspace = QLatin1StringView("/workspace");
} // namespace places

/// InvalidArgument unless the id can be part of a DNS-1123 name and of a label.
Result<void> checkJobName(const JobId &job);
QString podNameOf(const JobId &job);    ///< "danube-<id>"
QString secretNameOf(const JobId &job); ///< "danube-<id>-token"
/// "worker" for the first declared image, then "worker-2", …
QString workerContainer(qsizetype index);
/// "image-<10 hex digits>": of an image that was not declared.
QString ephemeralContainer(const QString &image);
/// Volume of an ephemeral container's agent: "run-spare-<n>".
QString spareRunVolume(int index);

/// Any text as a label's value: cut to 63 characters, an alphanumeric at both ends; may become empty.
QString labelValue(const QString &text);
/// Selects what this instance made.
QString instanceSelector(const QString &instance);
/// The job an object belongs to; nullopt when it is not this instance's.
std::optional<JobId> jobOf(const QJsonObject &object, const QString &instance);

/// A plausible image reference: 1..255 of [A-Za-z0-9./:@_+-], begins with a letter or digit, no "..".
bool isImageReference(const QString &image);
/// Whether one of the prefixes covers the image. A prefix ends at a border of the reference: "registry.example/team"
/// covers "registry.example/team/x" and "registry.example/team:1", not "registry.example/teamster/x".
bool isAllowedImage(const QString &image, const QStringList &prefixes);

} // namespace danube::kubernetes
