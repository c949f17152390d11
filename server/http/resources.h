// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "server/blueprint/blueprintservice.h"
#include "server/egress/egressservice.h"
#include "server/http/exchange.h"
#include "server/http/httpbackend.h"
#include "server/http/logsearches.h"
#include "server/http/ssehub.h"
#include "server/metrics/metrics.h"
#include "server/secrets/secretvault.h"
#include "server/store/store.h"
#include "shared/protocol/routes.h"

namespace danube::http {

/// A pipeline's triggers as GET /pipelines/{name} shows them; none: nobody knows of them.
using TriggersOf = std::function<QJsonArray(const QString &pipeline)>;

/// What the next run of the retention will remove, as JSON (docs/retention.md); none: nobody knows of it.
using RetentionPlan = std::function<void(QObject *context, std::move_only_function<void(Result<QJsonObject>)>)>;

/// What the resources work with. All references outlive the server.
struct ResourceContext
{
    const Clock &clock;
    store::Store &store;
    const blueprint::PipelineCatalog &pipelines;
    HttpBackend &backend;
    metrics::Metrics &metrics;
    LogFeed::OpenLog openLog;
    SseHub &hub;
    LogSearches &searches;
    SteadyTime startedAt;
    blueprint::BlueprintService *blueprint = nullptr; ///< none: the configuration comes from a directory
    egress::EgressService *egress = nullptr;
    TriggersOf triggersOf{};
    RetentionPlan retentionPlan{};
    secrets::SecretVault *secrets = nullptr;
};

/// Answers one admitted request, at once or later. Runs on the control thread.
using Resource = void (*)(const ResourceContext &, Exchange &);
/// The resource of each route; every RouteId has one.
Resource resourceOf(protocol::RouteId route);

// One file per resource. Errors go through Exchange::sendError().
void getHealth(const ResourceContext &context, Exchange &exchange);
void getReadiness(const ResourceContext &context, Exchange &exchange);
void getVersion(const ResourceContext &context, Exchange &exchange);
void getOpenApi(const ResourceContext &context, Exchange &exchange);
void getMetrics(const ResourceContext &context, Exchange &exchange);
void listPipelines(const ResourceContext &context, Exchange &exchange);
void getPipeline(const ResourceContext &context, Exchange &exchange);
void runPipeline(const ResourceContext &context, Exchange &exchange);
void listJobs(const ResourceContext &context, Exchange &exchange);
void getJob(const ResourceContext &context, Exchange &exchange);
void cancelJob(const ResourceContext &context, Exchange &exchange);
void retryJob(const ResourceContext &context, Exchange &exchange);
void getLogs(const ResourceContext &context, Exchange &exchange);
void searchLogs(const ResourceContext &context, Exchange &exchange);
void streamLogs(const ResourceContext &context, Exchange &exchange);
void listArtifacts(const ResourceContext &context, Exchange &exchange);
void getArtifact(const ResourceContext &context, Exchange &exchange);
void getRetention(const ResourceContext &context, Exchange &exchange);
void streamEvents(const ResourceContext &context, Exchange &exchange);
void getBlueprint(const ResourceContext &context, Exchange &exchange);
void validateBlueprint(const ResourceContext &context, Exchange &exchange);
void planBlueprint(const ResourceContext &context, Exchange &exchange);
void commitBlueprint(const ResourceContext &context, Exchange &exchange);
void syncBlueprint(const ResourceContext &context, Exchange &exchange);
void getEgressPolicy(const ResourceContext &context, Exchange &exchange);
void testEgress(const ResourceContext &context, Exchange &exchange);
void listDenied(const ResourceContext &context, Exchange &exchange);
void proposeEgress(const ResourceContext &context, Exchange &exchange);
void repairEgress(const ResourceContext &context, Exchange &exchange);
void listSecrets(const ResourceContext &context, Exchange &exchange);
void putSecret(const ResourceContext &context, Exchange &exchange);
void deleteSecret(const ResourceContext &context, Exchange &exchange);

/// The job a path names; NotFound also for text that can be no id.
Result<Job> findJob(const ResourceContext &context, const QString &id);
/// The log as it is now; null when the job has not printed yet.
Result<std::unique_ptr<logs::LogReader>> openLogNow(const ResourceContext &context, const JobId &job);
/// True when retention has removed the log; then 410 is sent.
bool isRemoved(Exchange &exchange, const logs::LogReader &reader);
/// A whole number in the query, or `fallback` when absent; InvalidArgument names the parameter.
Result<qint64> numberOf(const Exchange &exchange, QLatin1StringView name, qint64 minimum, qint64 maximum,
                        qint64 fallback);
/// ?step=<number>&stream=stdout|stderr|system.
Result<logs::LogSelection> selectionOf(const Exchange &exchange);
/// 202 with the job and where it is, or the error.
void sendAccepted(Exchange &exchange, const Result<Job> &job);

} // namespace danube::http
