// SPDX-License-Identifier: GPL-3.0-or-later
#include "shared/protocol/openapioperation.h"

namespace danube::protocol {
namespace {

constexpr auto json = "application/json";
constexpr auto events = "text/event-stream";

} // namespace

Operation operationOf(RouteId route)
{
    switch (route) { // no default: the compiler names a forgotten route
    case RouteId::Health:
        return {"getHealth", "Whether the master lives", "200", "application/json Health"};
    case RouteId::HealthReady:
        return {"getReadiness", "Whether it takes work, and what is wrong", "200 503", "application/json Readiness"};
    case RouteId::Metrics:
        return {"getMetrics", "Metrics for Prometheus; metrics.open = true asks for no token", "200", "text/plain"};
    case RouteId::Version:
        return {"getVersion", "Versions of the master and its interface", "200", "application/json Version"};
    case RouteId::OpenApi:
        return {"getOpenApi", "This document", "200", json};
    case RouteId::Pipelines:
        return {"listPipelines", "All pipelines", "200", "application/json Pipelines"};
    case RouteId::Pipeline:
        return {"getPipeline", "A pipeline, and its triggers (docs/triggers.md)", "200", "application/json Pipeline"};
    case RouteId::PipelineRun:
        return {"runPipeline", "Start a job", "202", "application/json Job", "", "ref:string params:texts", false};
    case RouteId::Jobs:
        return {"listJobs", "Jobs, newest first; status may name several, with commas", "200",
                "application/json JobPage",
                "pipeline:string status:string branch:string since:string limit:integer cursor:string"};
    case RouteId::Job:
        return {"getJob", "A job with its steps", "200", "application/json JobDetail"};
    case RouteId::JobCancel:
        return {"cancelJob", "Cancel a job", "202", "application/json Job"};
    case RouteId::JobRetry:
        return {"retryJob", "Run an ended job again, as a new one", "202", "application/json Job"};
    case RouteId::JobLogs:
        return {"getLog", "The masked log, whole (by Range, too), or what one step or stream printed", "200 206 304",
                "text/plain", "step:integer stream:stdout|stderr|system"};
    case RouteId::JobLogStream:
        return {"followLog", "The log as events, resumed exactly by Last-Event-ID; 204: there is no more", "200 204",
                events, "step:integer stream:stdout|stderr|system format:plain|json from:string"};
    case RouteId::JobLogSearch:
        return {"searchLog", "Lines that contain a text or an expression (docs/logs.md)", "200",
                "application/json LogSearch",
                "q!:string syntax:literal|regex case:respect|ignore step:integer stream:stdout|stderr|system "
                "from:integer limit:integer"};
    case RouteId::JobArtifacts:
        return {"listArtifacts", "The artifacts of a job", "200", "application/json Artifacts"};
    case RouteId::Artifact:
        return {"getArtifact", "The bytes of an artifact, by Range, too", "200 206 304", "application/octet-stream"};
    case RouteId::Retention:
        return {"getRetention", "What the next run of the retention will remove", "200", json};
    case RouteId::EventStream:
        return {"followEvents", "Changes of jobs, steps, Blueprint and policies, resumed by Last-Event-ID", "200",
                events};
    case RouteId::Blueprint:
        return {"getBlueprint", "The Blueprint's state and files (docs/blueprint.md)", "200", json,
                "content:boolean of:active|head"};
    case RouteId::BlueprintValidate:
        return {
            "validateBlueprint", "Findings about a change; null removes a file", "200", json, "", "files:files", false};
    case RouteId::BlueprintPlan:
        return {"planBlueprint", "What a change would do, to policies, too", "200", json, "", "files:files", false};
    case RouteId::BlueprintCommit:
        return {"commitBlueprint",
                "Commit a change; 409: the branch moved, 422: refused, with findings",
                "201",
                json,
                "",
                "base_commit!:string message!:string files:files"};
    case RouteId::BlueprintSync:
        return {"syncBlueprint", "Look at the branch now", "200", json};
    case RouteId::EgressPolicy:
        return {"getEgressPolicy", "What guards the jobs' way out, and which policies are in force", "200", json};
    case RouteId::EgressTest:
        return {"testEgress", "Whether hosts would be reached",
                "200",        json,
                "",           "hosts:strings pipeline:string allowlist:strings"};
    case RouteId::EgressDenied:
        return {"listDenied", "What was refused to a job, or to a pipeline's jobs", "200", "application/json Refusals",
                "job:string pipeline:string since:string limit:integer"};
    case RouteId::EgressPropose:
        return {"proposeEgress",
                "Entries that would allow what was refused",
                "200",
                json,
                "",
                "job:string pipeline:string since:string"};
    case RouteId::EgressRepair:
        return {"repairEgress", "Put policies right that others changed", "202", json};
    case RouteId::Secrets:
        return {"listSecrets", "Names, versions and users of secrets; never a value", "200", json};
    case RouteId::SecretPut:
        return {"setSecret", "Set a secret", "200 201", json, "scope:string", "value!:string"};
    case RouteId::SecretDelete:
        return {"deleteSecret", "Delete a secret", "204", "", "scope:string"};
    }
    Q_UNREACHABLE_RETURN({});
}

} // namespace danube::protocol
