// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "shared/model/principal.h"

#include <QByteArray>
#include <QMap>
#include <QString>

#include <optional>
#include <span>

namespace danube::protocol {

enum class Method { Get, Head, Post, Put, Delete };
QByteArray toText(Method method);

enum class RouteId {
    Health,
    HealthReady,
    Metrics,
    Version,
    OpenApi,
    Pipelines,
    Pipeline,
    PipelineRun,
    Jobs,
    Job,
    JobCancel,
    JobRetry,
    JobLogs,
    JobLogStream,
    JobLogSearch,
    JobArtifacts,
    Artifact,
    Retention,
    EventStream,
    Blueprint,
    BlueprintValidate,
    BlueprintPlan,
    BlueprintCommit,
    BlueprintSync,
    EgressPolicy,
    EgressTest,
    EgressDenied,
    EgressPropose,
    EgressRepair,
    Secrets,
    SecretPut,
    SecretDelete,
};

/// One REST route, used by the server to bind and by clients to build paths. `{name}` in the template is one path
/// segment.
struct Route
{
    RouteId id;
    Method method;
    const char *path;
    Right right;
};

std::span<const Route> routes();
const Route &route(RouteId id);
/// The path with its `{…}` filled in order, percent-encoded. The number of values must fit.
QString pathOf(RouteId id, const QStringList &values = {});

struct RouteMatch
{
    const Route *route = nullptr;
    QStringList values; ///< decoded segments in template order
};
/// What a request path (no query) means; nullopt = 404. When the path exists for other methods only, `route` is nullptr
/// (405).
std::optional<RouteMatch> matchRoute(Method method, const QString &path);

} // namespace danube::protocol
