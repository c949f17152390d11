// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/support/fakemaster.h"

#include "shared/core/sha256.h"
#include "shared/protocol/problem.h"

#include <QJsonDocument>

using namespace Qt::StringLiterals;

namespace danube::tests {
namespace {

using protocol::RouteId;

FakeReply jsonReply(const QJsonObject &object, int status = 200)
{
    return {.status = status, .body = QJsonDocument(object).toJson(QJsonDocument::Compact)};
}

FakeReply problemReply(int status, const QString &detail)
{
    const auto error = protocol::errorOfAnswer(status, QByteArray());
    auto problem = protocol::problemOf({error.code, detail});
    problem.status = status;
    return {.status = status, .body = protocol::toBytes(problem), .contentType = protocol::problemContentType};
}

} // namespace

FakeMaster::FakeMaster(QObject *parent)
    : QObject(parent),
      m_server([this](const FakeRequest &request, FakeConnection &connection) { handle(request, connection); })
{
    onRun = [](const Job &) {};
    onCancel = [this](const JobId &id) {
        Job job = m_jobs.value(id);
        job.state = JobState::Cancelled;
        setJob(job);
    };
}

int FakeMaster::count(const QByteArray &method, const QString &path) const
{
    return static_cast<int>(std::ranges::count_if(
        m_requests, [&](const FakeRequest &request) { return request.method == method && request.path == path; }));
}

void FakeMaster::on(const QByteArray &method, const QString &path, Answer answer)
{
    m_answers[{method, path}] = std::move(answer);
}

void FakeMaster::setJob(const Job &job)
{
    m_jobs[job.id] = job;
    m_events.append({"e:" + QByteArray::number(++m_sequence), protocol::jobEventName,
                     QJsonDocument(toJson(job)).toJson(QJsonDocument::Compact)});
}

void FakeMaster::setStep(const JobId &job, const Step &step)
{
    auto &steps = m_steps[job];
    const auto found = std::ranges::find(steps, step.number, &Step::number);
    if (found == steps.end())
        steps.append(step);
    else
        *found = step;
    m_events.append({"e:" + QByteArray::number(++m_sequence), protocol::stepEventName,
                     QJsonDocument(protocol::stepEventToJson(job, step)).toJson(QJsonDocument::Compact)});
}

void FakeMaster::addArtifact(const Artifact &artifact, const QByteArray &content)
{
    m_artifacts.append(
        {artifact, content.size(), [content](qint64 from, qint64 most) { return content.sliced(from, most); }});
}

void FakeMaster::addArtifact(const Artifact &artifact, const std::function<QByteArray(qint64 from, qint64 most)> &bytes)
{
    m_artifacts.append({artifact, toInt(artifact.size), bytes, true});
}

std::optional<Job> FakeMaster::job(const JobId &id) const
{
    const auto found = m_jobs.find(id);
    return found == m_jobs.end() ? std::nullopt : std::optional(*found);
}

FakeStream &FakeMaster::log(const JobId &job)
{
    auto &log = m_logs[job];
    if (!log)
        log = std::make_unique<FakeStream>();
    return *log;
}

void FakeMaster::print(const JobId &job, StepNumber step, const QByteArray &line, LogStream stream, bool eol,
                       WallTime time)
{
    QByteArray &bytes = m_logBytes[job];
    const protocol::LogLine event{bytes.size(), time, step, stream, line, eol};
    bytes += line + '\n';
    log(job).append({protocol::toText({1, bytes.size(), false}), {}, protocol::toJson(event)});
}

void FakeMaster::endLog(const JobId &job, JobState state)
{
    const QByteArray bytes = m_logBytes.value(job);
    Sha256 hash;
    hash.add(bytes);
    const protocol::LogEnd end{state, {}, bytes.size(), hash.finishHex()};
    log(job).append({protocol::toText({1, bytes.size(), true}), protocol::endEventName,
                     QJsonDocument(protocol::toJson(end)).toJson(QJsonDocument::Compact)});
    log(job).setEnded();
}

void FakeMaster::handle(const FakeRequest &request, FakeConnection &connection)
{
    m_requests.append(request);
    const auto match = protocol::matchRoute(protocol::Method::Get, request.rawPath);
    const bool isAllowed = m_token.isEmpty() || request.path.startsWith("/health"_L1) ||
                           request.headers.value("authorization") == "Bearer " + m_token;
    const bool isReplaced = m_answers.contains({request.method, request.path});
    const bool isPlain = m_refusal || !isAllowed || isReplaced || !match || !match->route;
    if (!isPlain && match->route->id == RouteId::EventStream)
        return m_events.serve(request, connection);
    if (!isPlain && match->route->id == RouteId::JobLogStream)
        return log(JobId(match->values.first())).serve(request, connection);
    connection.reply(isAllowed ? answer(request) : problemReply(401, u"no or unknown token"_s));
}

FakeReply FakeMaster::answer(const FakeRequest &request)
{
    if (m_refusal)
        return problemReply(*m_refusal, u"refused by the test"_s);
    if (const auto found = m_answers.find({request.method, request.path}); found != m_answers.end())
        return (*found)(request);
    const auto method = request.method == "POST" ? protocol::Method::Post : protocol::Method::Get;
    const auto match = protocol::matchRoute(method, request.rawPath);
    if (!match || !match->route)
        return problemReply(404, u"no such path"_s);
    return answerRoute(match->route->id, match->values, request);
}

FakeReply FakeMaster::answerRoute(RouteId route, const QStringList &values, const FakeRequest &request)
{
    switch (route) {
    case RouteId::Health:
        return jsonReply(protocol::toJson(protocol::Health{u"ok"_s, u"0.1.0"_s, milliseconds(5000), {}}));
    case RouteId::HealthReady:
        return jsonReply(protocol::toJson(protocol::Readiness{true, {{u"store"_s, u"ok"_s}}}));
    case RouteId::Version:
        return jsonReply({{u"version"_s, u"0.1.0"_s}});
    case RouteId::Pipelines:
        return jsonReply(protocol::pipelinesToJson(m_pipelines));
    case RouteId::PipelineRun:
        return answerRun(values.first(), request);
    case RouteId::Jobs:
        return answerJobs(request);
    case RouteId::Job:
        return answerJob(JobId(values.first()));
    case RouteId::JobCancel:
        return answerCancel(JobId(values.first()));
    case RouteId::JobRetry:
        return answerRetry(JobId(values.first()));
    case RouteId::JobLogs:
        return {.body = m_logBytes.value(JobId(values.first())), .contentType = "text/plain; charset=utf-8"};
    case RouteId::Artifact:
        return answerArtifact(ArtifactId(values.first()), request);
    case RouteId::JobArtifacts: {
        QList<Artifact> artifacts;
        for (const Kept &kept : m_artifacts) {
            if (kept.artifact.job == JobId(values.first()))
                artifacts.append(kept.artifact);
        }
        return jsonReply(protocol::artifactsToJson(artifacts));
    }
    default:
        return problemReply(404, u"not in the fake"_s);
    }
}

FakeReply FakeMaster::answerJobs(const FakeRequest &request) const
{
    const auto query = protocol::jobQueryFromQuery(request.query);
    if (!query)
        return problemReply(400, query.error().message);
    QList<Job> jobs;
    for (const Job &job : m_jobs) {
        const bool isWanted = (query->pipeline.isEmpty() || job.pipeline == query->pipeline) &&
                              (query->branch.isEmpty() || job.branch == query->branch) &&
                              (query->states.isEmpty() || query->states.contains(job.state)) &&
                              job.createdAt >= query->since;
        if (isWanted)
            jobs.append(job);
    }
    std::ranges::sort(jobs, std::greater(), &Job::number);
    const qsizetype first = query->cursor.toInt();
    const qsizetype next = first + query->limit;
    return jsonReply(protocol::toJson(
        protocol::JobPage{jobs.mid(first, query->limit), next < jobs.size() ? QString::number(next) : QString()}));
}

FakeReply FakeMaster::answerJob(const JobId &id) const
{
    const auto found = m_jobs.find(id);
    if (found == m_jobs.end())
        return problemReply(404, u"job %1 does not exist"_s.arg(id.value()));
    return jsonReply(protocol::toJson(protocol::JobDetail{*found, m_steps.value(id)}));
}

Job FakeMaster::newJob(const QString &pipeline)
{
    Job job;
    job.number = m_jobs.size() + 1;
    job.id = JobId(u"job%1"_s.arg(job.number, 13, 10, QChar(u'0')));
    job.pipeline = pipeline;
    job.createdAt = WallTime(milliseconds(1'750'000'000'000 + job.number * 1000));
    return job;
}

FakeReply FakeMaster::answerRun(const QString &pipeline, const FakeRequest &request)
{
    if (!m_pipelines.isEmpty() && std::ranges::find(m_pipelines, pipeline, &Pipeline::name) == m_pipelines.end())
        return problemReply(404, u"pipeline '%1' does not exist"_s.arg(pipeline));
    const auto wanted = protocol::runRequestFromJson(QJsonDocument::fromJson(request.body).object());
    Job job = newJob(pipeline);
    job.ref = wanted->ref;
    job.params = wanted->params;
    setJob(job);
    onRun(job);
    return jsonReply(toJson(job), 202);
}

FakeReply FakeMaster::answerCancel(const JobId &id)
{
    const auto found = job(id);
    if (!found)
        return problemReply(404, u"job %1 does not exist"_s.arg(id.value()));
    if (isFinal(found->state))
        return problemReply(409, u"job %1 has ended: %2"_s.arg(id.value(), toText(found->state)));
    Job cancelling = *found;
    cancelling.cancelRequested = true;
    onCancel(id);
    return jsonReply(toJson(cancelling), 202);
}

FakeReply FakeMaster::answerRetry(const JobId &id)
{
    const auto found = job(id);
    if (!found)
        return problemReply(404, u"job %1 does not exist"_s.arg(id.value()));
    Job again = newJob(found->pipeline);
    again.retryOf = id;
    again.attempt = found->attempt + 1;
    setJob(again);
    onRun(again);
    return jsonReply(toJson(again), 202);
}

FakeReply FakeMaster::answerArtifact(const ArtifactId &id, const FakeRequest &request)
{
    const auto found = std::ranges::find(m_artifacts, id, [](const Kept &kept) { return kept.artifact.id; });
    if (found == m_artifacts.end())
        return problemReply(404, u"artifact %1 does not exist"_s.arg(id.value()));
    const qint64 size = found->size;
    const QByteArray range = request.headers.value("range");
    const qint64 from = range.startsWith("bytes=") ? range.sliced(6).chopped(1).toLongLong() : 0;
    FakeReply reply{.contentType = "application/octet-stream"};
    if (found->isMade) {
        reply.made = FakeBody{size - from,
                              [from, bytes = found->bytes](qint64 at, qint64 most) { return bytes(from + at, most); }};
        if (!earlyEnds.isEmpty()) {
            const EarlyEnd end = earlyEnds.takeFirst();
            reply.cutAfter = std::max<qint64>(0, end.at - from);
            reply.hold = end.hold;
        }
    } else {
        reply.body = found->bytes(from, size - from);
    }
    if (range.isEmpty())
        return reply;
    reply.status = 206;
    reply.headers = {{"Content-Range", "bytes " + QByteArray::number(from) + '-' + QByteArray::number(size - 1) + '/' +
                                           QByteArray::number(size)}};
    return reply;
}

} // namespace danube::tests
