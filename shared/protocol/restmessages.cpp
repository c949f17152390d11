// SPDX-License-Identifier: GPL-3.0-or-later
#include "shared/protocol/restmessages.h"

#include "shared/core/jsonreader.h"

#include <QJsonArray>

using namespace Qt::StringLiterals;

namespace danube::protocol {
namespace {

constexpr qsizetype maxParams = 100;
constexpr qsizetype maxParamKey = 128;
constexpr qsizetype maxParamValue = 4096;

std::unexpected<Error> unexpectedBody(const QString &expected)
{
    return fail(ErrorCode::Protocol, u"unexpected answer: expected "_s + expected);
}

bool isJob(const QJsonObject &object)
{
    return !object.value("id"_L1).toString().isEmpty() && jobStateFromText(object.value("state"_L1).toString());
}

template <class T, class ToJson> QJsonArray arrayOf(const QList<T> &values, ToJson convert)
{
    QJsonArray array;
    for (const T &value : values)
        array.append(convert(value));
    return array;
}

template <class T, class FromJson>
Result<QList<T>> listOf(const QJsonObject &body, QLatin1StringView key, FromJson convert)
{
    const QJsonValue array = body.value(key);
    if (!array.isArray())
        return unexpectedBody(u"an object with the array \"%1\""_s.arg(key));
    QList<T> values;
    for (const auto &entry : array.toArray())
        values.append(convert(entry.toObject()));
    return values;
}

Result<int> limitFromText(const QString &text)
{
    bool isNumber = false;
    const int limit = text.toInt(&isNumber);
    if (!isNumber || limit < 1 || limit > maxPageLimit)
        return fail(ErrorCode::InvalidArgument, u"limit: expected 1 to %1, got \"%2\""_s.arg(maxPageLimit).arg(text));
    return limit;
}

Result<QList<JobState>> statesFromQuery(const QUrlQuery &query)
{
    QList<JobState> states;
    for (const QString &value : query.allQueryItemValues(u"status"_s, QUrl::FullyDecoded)) {
        for (const QString &name : value.split(u',', Qt::SkipEmptyParts)) {
            const auto state = jobStateFromText(name);
            if (!state)
                return fail(ErrorCode::InvalidArgument, u"status: expected job states, got \"%1\""_s.arg(name));
            states.append(*state);
        }
    }
    return states;
}

// QUrlQuery leaves '+' alone, and servers read it as a blank: always percent-encode.
void addItem(QUrlQuery &query, const QString &key, const QString &value)
{
    if (!value.isEmpty())
        query.addQueryItem(key, QString::fromLatin1(QUrl::toPercentEncoding(value)));
}

} // namespace

QJsonObject toJson(const RunRequest &request)
{
    QJsonObject object;
    if (!request.ref.isEmpty())
        object.insert(u"ref"_s, request.ref);
    QJsonObject params;
    for (auto it = request.params.begin(); it != request.params.end(); ++it)
        params.insert(it.key(), it.value());
    if (!params.isEmpty())
        object.insert(u"params"_s, params);
    return object;
}

Result<RunRequest> runRequestFromJson(const QJsonObject &body)
{
    JsonReader reader(body);
    RunRequest request;
    request.ref = reader.string("ref"_L1).value_or(QString());
    if (request.ref.size() > maxParamValue)
        reader.refuse("ref"_L1, u"a branch, tag or commit"_s);
    const auto params = reader.stringMap("params"_L1).value_or(QList<std::pair<QString, QString>>());
    for (const auto &[key, value] : params) {
        if (key.isEmpty() || key.toUtf8().size() > maxParamKey || value.toUtf8().size() > maxParamValue)
            reader.refuse("params"_L1, u"keys of 1 to 128 bytes with values of at most 4096 bytes"_s);
        request.params.insert(key, value);
    }
    if (params.size() > maxParams)
        reader.refuse("params"_L1, u"at most 100 entries"_s);
    if (auto read = reader.finish(UnknownFields::Ignore); !read)
        return std::unexpected(read.error());
    return request;
}

QUrlQuery toQuery(const JobQuery &query)
{
    QStringList states;
    for (const JobState state : query.states)
        states.append(danube::toText(state));
    QUrlQuery result;
    addItem(result, u"pipeline"_s, query.pipeline);
    addItem(result, u"status"_s, states.join(u','));
    addItem(result, u"branch"_s, query.branch);
    addItem(result, u"since"_s, toRfc3339(query.since));
    addItem(result, u"limit"_s, QString::number(query.limit));
    addItem(result, u"cursor"_s, query.cursor);
    return result;
}

Result<JobQuery> jobQueryFromQuery(const QUrlQuery &query)
{
    const auto item = [&query](const QString &key) { return query.queryItemValue(key, QUrl::FullyDecoded); };
    JobQuery result;
    result.pipeline = item(u"pipeline"_s);
    result.branch = item(u"branch"_s);
    result.cursor = item(u"cursor"_s);
    auto states = statesFromQuery(query);
    if (!states)
        return std::unexpected(states.error());
    result.states = std::move(*states);
    if (const QString since = item(u"since"_s); !since.isEmpty()) {
        result.since = fromRfc3339(since);
        if (result.since == WallTime())
            return fail(ErrorCode::InvalidArgument, u"since: expected an RFC 3339 time, got \"%1\""_s.arg(since));
    }
    if (const QString limit = item(u"limit"_s); !limit.isEmpty()) {
        const auto number = limitFromText(limit);
        if (!number)
            return std::unexpected(number.error());
        result.limit = *number;
    }
    return result;
}

QJsonObject toJson(const JobPage &page)
{
    QJsonObject object{{u"jobs"_s, arrayOf(page.jobs, [](const Job &job) { return danube::toJson(job); })}};
    if (!page.nextCursor.isEmpty())
        object.insert(u"next_cursor"_s, page.nextCursor);
    return object;
}

Result<JobPage> jobPageFromJson(const QJsonObject &body)
{
    auto jobs = listOf<Job>(body, "jobs"_L1, jobFromJson);
    if (!jobs)
        return std::unexpected(jobs.error());
    return JobPage{std::move(*jobs), body.value("next_cursor"_L1).toString()};
}

QJsonObject toJson(const JobDetail &detail)
{
    QJsonObject object = danube::toJson(detail.job);
    object.insert(u"steps"_s, arrayOf(detail.steps, [](const Step &step) { return danube::toJson(step); }));
    if (detail.egress)
        object.insert(u"egress"_s, danube::toJson(*detail.egress));
    return object;
}

Result<JobDetail> jobDetailFromJson(const QJsonObject &body)
{
    auto job = jobAnswerFromJson(body);
    if (!job)
        return std::unexpected(job.error());
    auto steps = listOf<Step>(body, "steps"_L1, [&job](const QJsonObject &object) {
        Step step = stepFromJson(object);
        step.job = job->id;
        return step;
    });
    if (!steps)
        return std::unexpected(steps.error());
    std::optional<JobEgress> egress;
    if (const auto found = body.constFind("egress"_L1); found != body.constEnd())
        egress = jobEgressFromJson(found->toObject());
    return JobDetail{std::move(*job), std::move(*steps), std::move(egress)};
}

Result<Job> jobAnswerFromJson(const QJsonObject &body)
{
    if (!isJob(body))
        return unexpectedBody(u"a job with \"id\" and \"state\""_s);
    return jobFromJson(body);
}

QJsonObject pipelinesToJson(const QList<Pipeline> &pipelines)
{
    return {{u"pipelines"_s, arrayOf(pipelines, [](const Pipeline &pipeline) { return danube::toJson(pipeline); })}};
}

Result<QList<Pipeline>> pipelinesFromJson(const QJsonObject &body)
{
    return listOf<Pipeline>(body, "pipelines"_L1, pipelineFromJson);
}

QJsonObject artifactsToJson(const QList<Artifact> &artifacts)
{
    return {{u"artifacts"_s, arrayOf(artifacts, [](const Artifact &artifact) { return danube::toJson(artifact); })}};
}

Result<QList<Artifact>> artifactsFromJson(const QJsonObject &body)
{
    return listOf<Artifact>(body, "artifacts"_L1, artifactFromJson);
}

QJsonObject toJson(const LogEnd &end)
{
    return {{u"status"_s, danube::toText(end.state)},
            {u"reason"_s, end.reason},
            {u"bytes"_s, end.bytes},
            {u"sha256"_s, QString::fromLatin1(end.sha256)}};
}

Result<LogEnd> logEndFromJson(const QJsonObject &body)
{
    const auto state = jobStateFromText(body.value("status"_L1).toString());
    const qint64 bytes = body.value("bytes"_L1).toInteger(-1);
    if (!state || !isFinal(*state) || bytes < 0)
        return unexpectedBody(u"a final \"status\" and \"bytes\" in the end event"_s);
    return LogEnd{*state, body.value("reason"_L1).toString(), bytes, body.value("sha256"_L1).toString().toLatin1()};
}

QJsonObject stepEventToJson(const JobId &job, const Step &step)
{
    QJsonObject object = danube::toJson(step);
    object.insert(u"job_id"_s, job.value());
    return object;
}

Result<Step> stepEventFromJson(const QJsonObject &body)
{
    const QString job = body.value("job_id"_L1).toString();
    if (job.isEmpty() || !body.value("number"_L1).isDouble())
        return unexpectedBody(u"a step with \"job_id\" and \"number\""_s);
    Step step = stepFromJson(body);
    step.job = JobId(job);
    return step;
}

QJsonObject toJson(const Health &health)
{
    return {{u"status"_s, health.status},
            {u"version"_s, health.version},
            {u"uptime_ms"_s, static_cast<qint64>(health.uptime.count())},
            {u"timestamp"_s, toRfc3339(health.timestamp)}};
}

Result<Health> healthFromJson(const QJsonObject &body)
{
    if (!body.value("status"_L1).isString())
        return unexpectedBody(u"\"status\""_s);
    return Health{body.value("status"_L1).toString(), body.value("version"_L1).toString(),
                  milliseconds(body.value("uptime_ms"_L1).toInteger()),
                  fromRfc3339(body.value("timestamp"_L1).toString())};
}

QJsonObject toJson(const Readiness &readiness)
{
    QJsonObject checks;
    for (auto it = readiness.checks.begin(); it != readiness.checks.end(); ++it)
        checks.insert(it.key(), it.value());
    return {{u"ready"_s, readiness.ready}, {u"checks"_s, checks}};
}

Result<Readiness> readinessFromJson(const QJsonObject &body)
{
    if (!body.value("ready"_L1).isBool())
        return unexpectedBody(u"\"ready\""_s);
    Readiness readiness{body.value("ready"_L1).toBool(), {}};
    const QJsonObject checks = body.value("checks"_L1).toObject();
    for (auto it = checks.begin(); it != checks.end(); ++it)
        readiness.checks.insert(it.key(), it->toString());
    return readiness;
}

} // namespace danube::protocol
