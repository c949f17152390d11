// SPDX-License-Identifier: GPL-3.0-or-later
#include "shared/protocol/routes.h"

#include <QUrl>

#include <algorithm>
#include <array>

using namespace Qt::StringLiterals;

namespace danube::protocol {
namespace {

constexpr std::array table{
    Route{RouteId::Health, Method::Get, "/health", Right::None},
    Route{RouteId::HealthReady, Method::Get, "/health/ready", Right::None},
    Route{RouteId::Metrics, Method::Get, "/metrics", Right::Metrics},
    Route{RouteId::Version, Method::Get, "/api/v1/version", Right::JobsRead},
    Route{RouteId::OpenApi, Method::Get, "/api/v1/openapi.json", Right::JobsRead},
    Route{RouteId::Pipelines, Method::Get, "/api/v1/pipelines", Right::JobsRead},
    Route{RouteId::Pipeline, Method::Get, "/api/v1/pipelines/{name}", Right::JobsRead},
    Route{RouteId::PipelineRun, Method::Post, "/api/v1/pipelines/{name}/run", Right::JobsRun},
    Route{RouteId::Jobs, Method::Get, "/api/v1/jobs", Right::JobsRead},
    Route{RouteId::Job, Method::Get, "/api/v1/jobs/{id}", Right::JobsRead},
    Route{RouteId::JobCancel, Method::Post, "/api/v1/jobs/{id}/cancel", Right::JobsRun},
    Route{RouteId::JobRetry, Method::Post, "/api/v1/jobs/{id}/retry", Right::JobsRun},
    Route{RouteId::JobLogs, Method::Get, "/api/v1/jobs/{id}/logs", Right::JobsRead},
    Route{RouteId::JobLogStream, Method::Get, "/api/v1/jobs/{id}/logs/stream", Right::JobsRead},
    Route{RouteId::JobLogSearch, Method::Get, "/api/v1/jobs/{id}/logs/search", Right::JobsRead},
    Route{RouteId::JobArtifacts, Method::Get, "/api/v1/jobs/{id}/artifacts", Right::JobsRead},
    Route{RouteId::Artifact, Method::Get, "/api/v1/artifacts/{id}", Right::JobsRead},
    Route{RouteId::Retention, Method::Get, "/api/v1/retention", Right::JobsRead},
    Route{RouteId::EventStream, Method::Get, "/api/v1/events/stream", Right::JobsRead},
    Route{RouteId::Blueprint, Method::Get, "/api/v1/blueprint", Right::BlueprintRead},
    Route{RouteId::BlueprintValidate, Method::Post, "/api/v1/blueprint/validate", Right::BlueprintRead},
    Route{RouteId::BlueprintPlan, Method::Post, "/api/v1/blueprint/plan", Right::BlueprintRead},
    Route{RouteId::BlueprintCommit, Method::Post, "/api/v1/blueprint/commit", Right::BlueprintWrite},
    Route{RouteId::BlueprintSync, Method::Post, "/api/v1/blueprint/sync", Right::BlueprintWrite},
    Route{RouteId::EgressPolicy, Method::Get, "/api/v1/egress/policy", Right::BlueprintRead},
    Route{RouteId::EgressTest, Method::Post, "/api/v1/egress/test", Right::BlueprintRead},
    Route{RouteId::EgressDenied, Method::Get, "/api/v1/egress/denied", Right::JobsRead},
    Route{RouteId::EgressPropose, Method::Post, "/api/v1/egress/propose", Right::BlueprintRead},
    Route{RouteId::EgressRepair, Method::Post, "/api/v1/egress/repair", Right::BlueprintWrite},
    Route{RouteId::Secrets, Method::Get, "/api/v1/secrets", Right::BlueprintRead},
    Route{RouteId::SecretPut, Method::Put, "/api/v1/secrets/{name}", Right::SecretsWrite},
    Route{RouteId::SecretDelete, Method::Delete, "/api/v1/secrets/{name}", Right::SecretsWrite},
};

std::optional<QStringList> fit(const QString &path, const char *pathTemplate)
{
    const auto wanted = QString::fromLatin1(pathTemplate).split(u'/');
    const auto given = path.split(u'/');
    if (wanted.size() != given.size())
        return std::nullopt;
    QStringList values;
    for (qsizetype i = 0; i < wanted.size(); ++i) {
        if (wanted[i].startsWith(u'{') && !given[i].isEmpty())
            values.append(QUrl::fromPercentEncoding(given[i].toUtf8()));
        else if (wanted[i] != given[i])
            return std::nullopt;
    }
    return values;
}

} // namespace

QByteArray toText(Method method)
{
    static constexpr std::array names{"GET", "HEAD", "POST", "PUT", "DELETE"};
    return names[static_cast<size_t>(method)];
}

std::span<const Route> routes()
{
    return table;
}

const Route &route(RouteId id)
{
    return *std::ranges::find(table, id, &Route::id);
}

QString pathOf(RouteId id, const QStringList &values)
{
    QString path = QString::fromLatin1(route(id).path);
    qsizetype at = 0;
    for (const QString &value : values) {
        const auto open = path.indexOf(u'{', at);
        Q_ASSERT(open >= 0);
        const auto close = path.indexOf(u'}', open);
        const QString encoded = QString::fromLatin1(QUrl::toPercentEncoding(value));
        path.replace(open, close - open + 1, encoded);
        at = open + encoded.size();
    }
    Q_ASSERT(path.indexOf(u'{', at) < 0);
    return path;
}

std::optional<RouteMatch> matchRoute(Method method, const QString &path)
{
    bool pathExists = false;
    for (const Route &candidate : table) {
        auto values = fit(path, candidate.path);
        if (!values)
            continue;
        pathExists = true;
        const bool headOfGet = method == Method::Head && candidate.method == Method::Get;
        if (candidate.method == method || headOfGet)
            return RouteMatch{&candidate, std::move(*values)};
    }
    return pathExists ? std::optional(RouteMatch{}) : std::nullopt;
}

} // namespace danube::protocol
