// SPDX-License-Identifier: GPL-3.0-or-later
#include "shared/api/apiclient.h"

#include "shared/api/sendonce.h"
#include "shared/core/jsonreader.h"
#include "shared/protocol/problem.h"

#include <QNetworkReply>
#include <QPointer>

using namespace Qt::StringLiterals;

namespace danube::api {
namespace {

using protocol::RouteId;

constexpr qint64 maxAnswerBytes = 64 << 20;
constexpr auto oversizeProperty = "danubeOversize";

QByteArray compact(const QJsonObject &object)
{
    return QJsonDocument(object).toJson(QJsonDocument::Compact);
}

/// The URL without query: it may be long, and says nothing about why a connection failed.
QString attemptOf(const QNetworkReply &reply)
{
    return u"reach %1"_s.arg(reply.url().toDisplayString(QUrl::RemoveQuery | QUrl::RemoveUserInfo));
}

ErrorCode codeOfNetworkError(QNetworkReply::NetworkError error)
{
    switch (error) {
    case QNetworkReply::OperationCanceledError: // what a passed transfer timeout gives
    case QNetworkReply::TimeoutError:
        return ErrorCode::Timeout;
    case QNetworkReply::ProtocolFailure:
    case QNetworkReply::ProtocolUnknownError:
    case QNetworkReply::ProtocolInvalidOperationError:
        return ErrorCode::Protocol;
    default:
        return ErrorCode::Unavailable;
    }
}

Result<QString> versionFromJson(const QJsonObject &body)
{
    const QString version = body.value("version"_L1).toString();
    if (version.isEmpty())
        return fail(ErrorCode::Protocol, u"unexpected answer: expected \"version\""_s);
    return version;
}

Result<protocol::Readiness> readinessFromAnswer(Result<Answer> answer)
{
    if (!answer)
        return std::unexpected(answer.error());
    const auto body = answer->json();
    if (answer->status != 200 && answer->status != 503)
        return std::unexpected(protocol::errorOfAnswer(answer->status, answer->body));
    auto readiness =
        body ? protocol::readinessFromJson(*body) : Result<protocol::Readiness>(std::unexpected(body.error()));
    if (!readiness && answer->status == 503)
        return std::unexpected(protocol::errorOfAnswer(503, answer->body));
    return readiness;
}

} // namespace

QUrlQuery toQuery(const LogQuery &query)
{
    QUrlQuery result;
    if (query.step)
        result.addQueryItem(u"step"_s, QString::number(toInt(*query.step)));
    if (query.stream)
        result.addQueryItem(u"stream"_s, danube::toText(*query.stream));
    return result;
}

Result<QJsonObject> Answer::json() const
{
    auto object = parseJsonObject(body);
    if (!object)
        return fail(ErrorCode::Protocol, u"unexpected answer: "_s + object.error().message);
    return object;
}

int statusOf(const QNetworkReply &reply)
{
    return reply.attribute(QNetworkRequest::HttpStatusCodeAttribute).toInt();
}

Error errorOfReply(const QNetworkReply &reply, const QByteArray &body)
{
    const int status = statusOf(reply);
    if (status >= 300)
        return protocol::errorOfAnswer(status, body);
    if (reply.error() == QNetworkReply::NoError)
        return {ErrorCode::Protocol, attemptOf(reply) + u": unexpected end of the answer"_s};
    const auto code = codeOfNetworkError(reply.error());
    const QString reason = code == ErrorCode::Timeout ? u"no answer in time"_s : reply.errorString();
    return {code, attemptOf(reply) + u": "_s + reason};
}

milliseconds retryAfterOf(const QNetworkReply &reply, milliseconds cap)
{
    bool isNumber = false;
    const int wait = reply.rawHeader("Retry-After").toInt(&isNumber);
    return isNumber && wait > 0 ? std::min<milliseconds>(seconds(wait), cap) : milliseconds(0);
}

ApiClient::ApiClient(Endpoint endpoint, QObject *parent) : QObject(parent), m_endpoint(std::move(endpoint)) {}

ApiClient::~ApiClient() = default;

QNetworkReply *ApiClient::sendOnce(protocol::Method method, QNetworkRequest request, const QByteArray &body)
{
    request.setHeader(QNetworkRequest::ContentTypeHeader, "application/json"_L1);
    request.setHeader(QNetworkRequest::ContentLengthHeader, body.size());
    request.setAttribute(QNetworkRequest::DoNotBufferUploadDataAttribute, true);
    auto *once = new SendOnce(body);
    QNetworkReply *reply =
        method == protocol::Method::Put ? m_network.put(request, once) : m_network.post(request, once);
    once->setParent(reply);
    return reply;
}

QNetworkReply *ApiClient::sendBy(protocol::Method method, const QNetworkRequest &request, const QByteArray &body)
{
    switch (method) {
    case protocol::Method::Post:
    case protocol::Method::Put:
        return sendOnce(method, request, body.isEmpty() ? "{}"_ba : body);
    case protocol::Method::Delete:
        return m_network.deleteResource(request);
    case protocol::Method::Get:
    case protocol::Method::Head:
        break;
    }
    return m_network.get(request);
}

void ApiClient::exchange(const Call &call, QObject *context, Done<Answer> done)
{
    QNetworkRequest request = m_endpoint.request(m_endpoint.url(call.route, call.values, call.query));
    request.setRawHeader("Accept", "application/json, application/problem+json, text/plain");
    request.setTransferTimeout(m_timeout);
    QNetworkReply *reply = sendBy(protocol::route(call.route).method, request, call.body);
    connect(reply, &QNetworkReply::readyRead, this, [reply] {
        if (reply->bytesAvailable() <= maxAnswerBytes)
            return;
        reply->setProperty(oversizeProperty, true);
        reply->abort();
    });
    connect(reply, &QNetworkReply::finished, this,
            [this, reply, alive = QPointer<QObject>(context), done = std::move(done)]() mutable {
                reply->deleteLater();
                finish(*reply, alive ? &done : nullptr);
            });
}

void ApiClient::finish(QNetworkReply &reply, Done<Answer> *done)
{
    const QPointer<ApiClient> self(this); // the caller's answer may destroy the client
    const int status = statusOf(reply);
    const QByteArray body = reply.bytesAvailable() > 0 ? reply.readAll() : QByteArray();
    // With an HTTP error status QNetworkReply reports an error too; a 2xx with an error was cut in the middle.
    const bool isWhole = status >= 300 || (status >= 200 && reply.error() == QNetworkReply::NoError);
    if (done && reply.property(oversizeProperty).toBool())
        (*done)(fail(ErrorCode::ResourceExhausted, attemptOf(reply) + u": the answer is larger than 64 MiB"_s));
    else if (done && isWhole)
        (*done)(Answer{status, body}); // also a refusal: what it means is for the caller to say
    else if (done)
        (*done)(std::unexpected(errorOfReply(reply, body)));
    if (self && status == 401)
        emit signInNeeded();
}

void ApiClient::send(const Call &call, QObject *context, Done<Answer> done)
{
    exchange(call, context, [done = std::move(done)](Result<Answer> answer) mutable {
        if (answer && (answer->status < 200 || answer->status >= 300))
            return done(std::unexpected(protocol::errorOfAnswer(answer->status, answer->body)));
        done(std::move(answer));
    });
}

template <class T, class Read> void ApiClient::sendFor(const Call &call, QObject *context, Done<T> done, Read read)
{
    sendJson(call, context, [done = std::move(done), read](const Result<QJsonObject> &body) mutable {
        done(body ? Result<T>(read(*body)) : std::unexpected(body.error()));
    });
}

void ApiClient::sendJson(const Call &call, QObject *context, Done<QJsonObject> done)
{
    send(call, context,
         [done = std::move(done)](const Result<Answer> &answer) mutable { done(answer.and_then(&Answer::json)); });
}

void ApiClient::health(QObject *context, Done<protocol::Health> done)
{
    sendFor({.route = RouteId::Health}, context, std::move(done), protocol::healthFromJson);
}

void ApiClient::readiness(QObject *context, Done<protocol::Readiness> done)
{
    exchange({.route = RouteId::HealthReady}, context,
             [done = std::move(done)](Result<Answer> answer) mutable { done(readinessFromAnswer(std::move(answer))); });
}

void ApiClient::version(QObject *context, Done<QString> done)
{
    sendFor({.route = RouteId::Version}, context, std::move(done), versionFromJson);
}

void ApiClient::pipelines(QObject *context, Done<QList<Pipeline>> done)
{
    sendFor({.route = RouteId::Pipelines}, context, std::move(done), protocol::pipelinesFromJson);
}

void ApiClient::run(const QString &pipeline, const protocol::RunRequest &request, QObject *context, Done<Job> done)
{
    const Call call{.route = RouteId::PipelineRun, .values = {pipeline}, .body = compact(toJson(request))};
    sendFor(call, context, std::move(done), protocol::jobAnswerFromJson);
}

void ApiClient::jobs(const protocol::JobQuery &query, QObject *context, Done<protocol::JobPage> done)
{
    sendFor({.route = RouteId::Jobs, .query = toQuery(query)}, context, std::move(done), protocol::jobPageFromJson);
}

void ApiClient::job(const JobId &job, QObject *context, Done<protocol::JobDetail> done)
{
    sendFor({.route = RouteId::Job, .values = {job.value()}}, context, std::move(done), protocol::jobDetailFromJson);
}

void ApiClient::cancel(const JobId &job, QObject *context, Done<Job> done)
{
    sendFor({.route = RouteId::JobCancel, .values = {job.value()}}, context, std::move(done),
            protocol::jobAnswerFromJson);
}

void ApiClient::retry(const JobId &job, QObject *context, Done<Job> done)
{
    sendFor({.route = RouteId::JobRetry, .values = {job.value()}}, context, std::move(done),
            protocol::jobAnswerFromJson);
}

void ApiClient::artifacts(const JobId &job, QObject *context, Done<QList<Artifact>> done)
{
    sendFor({.route = RouteId::JobArtifacts, .values = {job.value()}}, context, std::move(done),
            protocol::artifactsFromJson);
}

void ApiClient::logText(const JobId &job, const LogQuery &query, QObject *context, Done<QByteArray> done)
{
    const Call call{.route = RouteId::JobLogs, .values = {job.value()}, .query = toQuery(query)};
    send(call, context, [done = std::move(done)](Result<Answer> answer) mutable {
        done(answer ? Result<QByteArray>(std::move(answer->body)) : std::unexpected(answer.error()));
    });
}

} // namespace danube::api
