// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "shared/api/endpoint.h"
#include "shared/model/stream.h"
#include "shared/protocol/restmessages.h"

#include <QNetworkAccessManager>
#include <QObject>

class QNetworkReply;

namespace danube::api {

/// Which part of a job's log to fetch as text.
struct LogQuery
{
    std::optional<StepNumber> step = {};
    std::optional<LogStream> stream = {};
    bool operator==(const LogQuery &) const = default;
};
QUrlQuery toQuery(const LogQuery &query); ///< ?step=&stream=

/// Any REST call, for callers that need the exact document. `body` goes out as application/json with POST and PUT.
struct Call
{
    protocol::RouteId route{};
    QStringList values = {}; ///< for the route's `{…}`
    QUrlQuery query = {};
    QByteArray body = {};
};

/// What the server answered with 2xx.
struct Answer
{
    int status = 0;
    QByteArray body;
    Result<QJsonObject> json() const; ///< ErrorCode::Protocol when the body is no JSON object
};

/// REST calls to one master. One thread (the one it lives in, with a Qt event loop); owns a QNetworkAccessManager of
/// its own, so that event streams never take its six connections. Each call answers exactly once, asynchronously, in
/// that thread, and not at all when `context` is gone or the client is destroyed first. Errors: what the server's
/// problem says (protocol::errorOfAnswer); Unavailable when the master cannot be reached; Timeout after transferTimeout
/// without a byte; Protocol for an answer that is not ours. Nothing is retried here: a caller knows what may be
/// repeated. Answers of more than 64 MiB are refused.
class ApiClient : public QObject
{
    Q_OBJECT
public:
    template <class T> using Done = std::move_only_function<void(Result<T>)>;

    explicit ApiClient(Endpoint endpoint, QObject *parent = nullptr);
    ~ApiClient() override; ///< aborts what is under way

    const Endpoint &endpoint() const { return m_endpoint; }
    void setToken(std::shared_ptr<const Secret> token) { m_endpoint.token = std::move(token); } ///< for later calls
    void setTransferTimeout(milliseconds timeout) { m_timeout = timeout; } ///< 30 s at first; 0 = none

    void send(const Call &call, QObject *context, Done<Answer> done);
    void sendJson(const Call &call, QObject *context,
                  Done<QJsonObject> done); ///< for whoever needs no more than the object

    void health(QObject *context, Done<protocol::Health> done);
    void readiness(QObject *context, Done<protocol::Readiness> done); ///< 503 with checks is an answer, no error
    void version(QObject *context, Done<QString> done);
    void pipelines(QObject *context, Done<QList<Pipeline>> done);
    void run(const QString &pipeline, const protocol::RunRequest &request, QObject *context, Done<Job> done);
    void jobs(const protocol::JobQuery &query, QObject *context, Done<protocol::JobPage> done);
    void job(const JobId &job, QObject *context, Done<protocol::JobDetail> done);
    void cancel(const JobId &job, QObject *context, Done<Job> done);
    void retry(const JobId &job, QObject *context, Done<Job> done);
    void artifacts(const JobId &job, QObject *context, Done<QList<Artifact>> done);
    void logText(const JobId &job, const LogQuery &query, QObject *context, Done<QByteArray> done);

    QNetworkAccessManager &network() { return m_network; } ///< for Download; same thread

signals:
    /// The server answered 401: the token is missing, wrong or expired. After the call's own answer.
    void signInNeeded();

private:
    template <class T, class Read> void sendFor(const Call &call, QObject *context, Done<T> done, Read read);
    void exchange(const Call &call, QObject *context,
                  Done<Answer> done); ///< any whole HTTP answer, whatever its status
    QNetworkReply *sendBy(protocol::Method method, const QNetworkRequest &request, const QByteArray &body);
    QNetworkReply *sendOnce(protocol::Method method, QNetworkRequest request, const QByteArray &body);
    void finish(QNetworkReply &reply, Done<Answer> *done);

    Endpoint m_endpoint;
    milliseconds m_timeout{30'000};
    QNetworkAccessManager m_network;
};

int statusOf(const QNetworkReply &reply); ///< of HTTP; 0 = none came
/// The Error of a finished reply that carries no 2xx: from its problem body when there is one, else from the network.
Error errorOfReply(const QNetworkReply &reply, const QByteArray &body);
/// How long a refusal (429, 503) asks to be left alone, at most `cap`; 0 when it does not say.
milliseconds retryAfterOf(const QNetworkReply &reply, milliseconds cap);

} // namespace danube::api
