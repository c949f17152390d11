// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "shared/core/result.h"
#include "shared/model/artifact.h"
#include "shared/model/job.h"
#include "shared/model/jobegress.h"
#include "shared/model/pipeline.h"
#include "shared/model/step.h"

#include <QUrlQuery>

namespace danube::protocol {

// The bodies of /api/v1, one struct per shape, used by the server to write and by clients to read. Clients' readers
// answer ErrorCode::Protocol for a body that no server of ours sends, and ignore unknown members.

/// POST /pipelines/{name}/run: {"ref":"main","params":{"k":"v"}}; both optional. Unknown members are ignored.
struct RunRequest
{
    QString ref;
    QMap<QString, QString> params;
    bool operator==(const RunRequest &) const = default;
};
QJsonObject toJson(const RunRequest &request);
/// Server side: InvalidArgument names the field. At most 100 params, keys of 1..128 bytes, values of at most 4 KiB.
Result<RunRequest> runRequestFromJson(const QJsonObject &body);

inline constexpr int defaultPageLimit = 50;
inline constexpr int maxPageLimit = 1000;

/// The query of GET /jobs: ?pipeline=&status=running,failure&branch=&since=<RFC 3339>&limit=&cursor=
struct JobQuery
{
    QString pipeline;
    QList<JobState> states; ///< empty = all; `status` may also be repeated
    QString branch;
    WallTime since{};
    int limit = defaultPageLimit; ///< 1..maxPageLimit
    QString cursor;
    bool operator==(const JobQuery &) const = default;
};
QUrlQuery toQuery(const JobQuery &query);
Result<JobQuery> jobQueryFromQuery(const QUrlQuery &query); ///< InvalidArgument names parameter and value

/// {"jobs":[…newest first],"next_cursor":"…"}; no next_cursor on the last page.
struct JobPage
{
    QList<Job> jobs;
    QString nextCursor;
    bool operator==(const JobPage &) const = default;
};
QJsonObject toJson(const JobPage &page);
Result<JobPage> jobPageFromJson(const QJsonObject &body);

/// GET /jobs/{id}: the job's members and "steps":[…] by number.
struct JobDetail
{
    Job job;
    QList<Step> steps;
    std::optional<JobEgress> egress{}; ///< "egress"; nothing: not known
    bool operator==(const JobDetail &) const = default;
};
QJsonObject toJson(const JobDetail &detail);
Result<JobDetail> jobDetailFromJson(const QJsonObject &body);
Result<Job> jobAnswerFromJson(const QJsonObject &body); ///< the bare job of run, cancel and retry (202)

/// {"pipelines":[…]} and {"artifacts":[…]}.
QJsonObject pipelinesToJson(const QList<Pipeline> &pipelines);
Result<QList<Pipeline>> pipelinesFromJson(const QJsonObject &body);
QJsonObject artifactsToJson(const QList<Artifact> &artifacts);
Result<QList<Artifact>> artifactsFromJson(const QJsonObject &body);

/// Data of the `end` event of a log stream: {"status":"failure","reason":"…","bytes":n,"sha256":"<hex>"} of the masked
/// file.
struct LogEnd
{
    JobState state = JobState::Failure;
    QString reason;
    qint64 bytes = 0;
    QByteArray sha256;
    bool operator==(const LogEnd &) const = default;
};
QJsonObject toJson(const LogEnd &end);
Result<LogEnd> logEndFromJson(const QJsonObject &body);

/// Events of GET /events/stream: `event: job` carries the job's JSON, `event: step` the step's JSON and "job_id".
inline constexpr char jobEventName[] = "job";
inline constexpr char policyEventName[] = "policy";  ///< data {level, reason}, as in GET /egress/policy
inline constexpr char blueprintEventName[] = "sync"; ///< data as GET /blueprint answers, without files
inline constexpr char stepEventName[] = "step";
inline constexpr char resetEventName[] = "reset"; ///< events were missed: list again
/// Of a log stream: `end` is its last event; `gap` says that a crash of the master cut lines the client had seen, data
/// {"generation","from","to"}: what came from byte `to` on is void, the log goes on there.
inline constexpr char endEventName[] = "end";
inline constexpr char gapEventName[] = "gap";
QJsonObject stepEventToJson(const JobId &job, const Step &step);
Result<Step> stepEventFromJson(const QJsonObject &body); ///< with Step::job set

/// GET /health: {"status":"ok","version","uptime_ms","timestamp"}.
struct Health
{
    QString status;
    QString version;
    milliseconds uptime{0};
    WallTime timestamp{};
    bool operator==(const Health &) const = default;
};
QJsonObject toJson(const Health &health);
Result<Health> healthFromJson(const QJsonObject &body);

/// GET /health/ready: {"ready":true,"checks":{"store":"ok","disk":"…what is wrong"}}; HTTP 200 when ready, else 503.
struct Readiness
{
    bool ready = false;
    QMap<QString, QString> checks; ///< "ok" or a sentence
    bool operator==(const Readiness &) const = default;
};
QJsonObject toJson(const Readiness &readiness);
Result<Readiness> readinessFromJson(const QJsonObject &body);

} // namespace danube::protocol
