// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/http/resources.h"

using namespace Qt::StringLiterals;

namespace danube::http {

Resource resourceOf(protocol::RouteId route)
{
    switch (route) { // no default: the compiler names a forgotten route
    case protocol::RouteId::Health:
        return getHealth;
    case protocol::RouteId::HealthReady:
        return getReadiness;
    case protocol::RouteId::Metrics:
        return getMetrics;
    case protocol::RouteId::Version:
        return getVersion;
    case protocol::RouteId::OpenApi:
        return getOpenApi;
    case protocol::RouteId::Pipelines:
        return listPipelines;
    case protocol::RouteId::Pipeline:
        return getPipeline;
    case protocol::RouteId::PipelineRun:
        return runPipeline;
    case protocol::RouteId::Jobs:
        return listJobs;
    case protocol::RouteId::Job:
        return getJob;
    case protocol::RouteId::JobCancel:
        return cancelJob;
    case protocol::RouteId::JobRetry:
        return retryJob;
    case protocol::RouteId::JobLogs:
        return getLogs;
    case protocol::RouteId::JobLogStream:
        return streamLogs;
    case protocol::RouteId::JobLogSearch:
        return searchLogs;
    case protocol::RouteId::JobArtifacts:
        return listArtifacts;
    case protocol::RouteId::Artifact:
        return getArtifact;
    case protocol::RouteId::Retention:
        return getRetention;
    case protocol::RouteId::EventStream:
        return streamEvents;
    case protocol::RouteId::Blueprint:
        return getBlueprint;
    case protocol::RouteId::BlueprintValidate:
        return validateBlueprint;
    case protocol::RouteId::BlueprintPlan:
        return planBlueprint;
    case protocol::RouteId::BlueprintCommit:
        return commitBlueprint;
    case protocol::RouteId::BlueprintSync:
        return syncBlueprint;
    case protocol::RouteId::EgressPolicy:
        return getEgressPolicy;
    case protocol::RouteId::EgressTest:
        return testEgress;
    case protocol::RouteId::EgressDenied:
        return listDenied;
    case protocol::RouteId::Secrets:
        return listSecrets;
    case protocol::RouteId::SecretPut:
        return putSecret;
    case protocol::RouteId::SecretDelete:
        return deleteSecret;
    case protocol::RouteId::EgressRepair:
        return repairEgress;
    case protocol::RouteId::EgressPropose:
        return proposeEgress;
    }
    Q_UNREACHABLE_RETURN(nullptr);
}

Result<Job> findJob(const ResourceContext &context, const QString &id)
{
    if (!isSafeId(id))
        return fail(ErrorCode::NotFound, u"no job has this id"_s);
    return context.store.job(JobId(id));
}

Result<qint64> numberOf(const Exchange &exchange, QLatin1StringView name, qint64 minimum, qint64 maximum,
                        qint64 fallback)
{
    if (!exchange.hasQuery(name))
        return fallback;
    bool isNumber = false;
    const qint64 number = exchange.query(name).toLongLong(&isNumber);
    if (isNumber && number >= minimum && number <= maximum)
        return number;
    return fail(ErrorCode::InvalidArgument,
                u"%1: expected a whole number from %2 to %3, got \"%4\""_s.arg(name).arg(minimum).arg(maximum).arg(
                    exchange.query(name).left(40)));
}

Result<logs::LogSelection> selectionOf(const Exchange &exchange)
{
    logs::LogSelection selection;
    const auto step = numberOf(exchange, "step"_L1, 0, UINT32_MAX, -1);
    if (!step)
        return std::unexpected(step.error());
    if (*step >= 0)
        selection.step = StepNumber(static_cast<uint32_t>(*step));
    if (!exchange.hasQuery("stream"_L1))
        return selection;
    for (const auto stream : {LogStream::Stdout, LogStream::Stderr, LogStream::System}) {
        if (exchange.query("stream"_L1) == toText(stream))
            selection.stream = stream;
    }
    if (!selection.stream)
        return fail(ErrorCode::InvalidArgument, u"stream: expected stdout, stderr or system, got \"%1\""_s.arg(
                                                    exchange.query("stream"_L1).left(40)));
    return selection;
}

void sendAccepted(Exchange &exchange, const Result<Job> &job)
{
    if (!job)
        return exchange.sendError(job.error());
    QHttpHeaders headers;
    headers.append(QHttpHeaders::WellKnownHeader::Location,
                   protocol::pathOf(protocol::RouteId::Job, {job->id.value()}));
    exchange.sendJson(toJson(*job), 202, std::move(headers));
}

} // namespace danube::http
