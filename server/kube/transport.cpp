// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/kube/transport.h"

#include "server/kube/localerror.h"

#include <QHttp1Configuration>
#include <QNetworkProxy>
#include <QNetworkReply>
#include <QSslConfiguration>
#include <QSslError>

using namespace Qt::StringLiterals;

namespace danube::kube {
namespace {

constexpr qsizetype connections = 10; ///< the watches hold one each
constexpr auto tlsProperty = "danubeTlsReason";

/// A body that can be read one single time: QNetworkAccessManager silently sends a request again when a kept-alive
/// connection turns out to be dead; what must not happen twice then fails instead.
class OnceBody final : public QIODevice
{
public:
    explicit OnceBody(QByteArray body) : m_body(std::move(body)) { open(QIODevice::ReadOnly | QIODevice::Unbuffered); }
    bool isSequential() const override { return true; }
    bool reset() override { return m_taken == 0; }
    bool atEnd() const override { return m_taken == m_body.size(); }
    qint64 bytesAvailable() const override { return m_body.size() - m_taken; }

protected:
    qint64 readData(char *data, qint64 maximum) override
    {
        const auto size = std::min<qint64>(maximum, m_body.size() - m_taken);
        if (size == 0)
            return -1;
        std::copy_n(m_body.constData() + m_taken, size, data);
        m_taken += size;
        return size;
    }
    qint64 writeData(const char *, qint64) override { return -1; }

private:
    QByteArray m_body;
    qint64 m_taken = 0;
};

ApiError::Kind kindOf(QNetworkReply::NetworkError error)
{
    switch (error) {
    case QNetworkReply::SslHandshakeFailedError:
        return ApiError::Kind::Tls;
    case QNetworkReply::TimeoutError:
    case QNetworkReply::OperationCanceledError:
        return ApiError::Kind::Timeout;
    case QNetworkReply::ProtocolFailure:
    case QNetworkReply::ProtocolUnknownError:
    case QNetworkReply::ProtocolInvalidOperationError:
        return ApiError::Kind::Protocol;
    default:
        return ApiError::Kind::Network;
    }
}

} // namespace

Transport::Transport(std::shared_ptr<Credentials> credentials, QByteArray userAgent)
    : m_credentials(std::move(credentials)), m_userAgent(std::move(userAgent))
{
    m_network.setProxy(m_credentials->proxy());
    m_network.setRedirectPolicy(QNetworkRequest::ManualRedirectPolicy);
}

ApiResult<QNetworkRequest> Transport::prepare(const Request &request)
{
    const auto url = m_credentials->url(request);
    if (!url)
        return std::unexpected(localError(ApiError::Kind::BadRequest, url.error().message));
    const auto tls = m_credentials->tls();
    if (!tls)
        return std::unexpected(localError(ApiError::Kind::Tls, tls.error().message));
    const auto authorization = m_credentials->authorization();
    if (!authorization)
        return std::unexpected(localError(ApiError::Kind::Unauthorized, authorization.error().message));

    QNetworkRequest prepared(*url);
    prepared.setSslConfiguration(*tls);
    if (const QString name = m_credentials->access().tlsServerName; !name.isEmpty())
        prepared.setPeerVerifyName(name);
    if (!authorization->isEmpty())
        prepared.setRawHeader("Authorization", *authorization);
    prepared.setRawHeader("User-Agent", m_userAgent);
    prepared.setRawHeader("Accept", "application/json");
    prepared.setRawHeader("Accept-Encoding", "identity");
    prepared.setAttribute(QNetworkRequest::Http2AllowedAttribute, false);
    prepared.setAttribute(QNetworkRequest::CookieLoadControlAttribute, QNetworkRequest::Manual);
    prepared.setAttribute(QNetworkRequest::CookieSaveControlAttribute, QNetworkRequest::Manual);
    prepared.setAttribute(QNetworkRequest::AuthenticationReuseAttribute, QNetworkRequest::Manual);
    QHttp1Configuration http1;
    http1.setNumberOfConnectionsPerHost(connections);
    prepared.setHttp1Configuration(http1);
    return prepared;
}

ApiResult<QNetworkReply *> Transport::send(const Request &request)
{
    auto prepared = prepare(request);
    if (!prepared)
        return std::unexpected(prepared.error());
    QNetworkReply *reply = start(*prepared, request);
    QObject::connect(reply, &QNetworkReply::sslErrors, reply,
                     [reply](const QList<QSslError> &errors) { reply->setProperty(tlsProperty, tlsReason(errors)); });
    return reply;
}

QNetworkReply *Transport::start(QNetworkRequest &prepared, const Request &request)
{
    if (request.body.isEmpty())
        return m_network.sendCustomRequest(prepared, request.method);
    prepared.setHeader(QNetworkRequest::ContentTypeHeader, request.contentType);
    prepared.setHeader(QNetworkRequest::ContentLengthHeader, request.body.size());
    if (request.isRepeatable)
        return m_network.sendCustomRequest(prepared, request.method, request.body);
    prepared.setAttribute(QNetworkRequest::DoNotBufferUploadDataAttribute, true);
    auto body = std::make_unique<OnceBody>(request.body);
    QNetworkReply *reply = m_network.sendCustomRequest(prepared, request.method, body.get());
    body.release()->setParent(reply);
    return reply;
}

int httpCodeOf(const QNetworkReply &reply)
{
    return reply.attribute(QNetworkRequest::HttpStatusCodeAttribute).toInt();
}

bool isSuccess(const QNetworkReply &reply)
{
    const int code = httpCodeOf(reply);
    return code >= 200 && code < 300 && reply.error() == QNetworkReply::NoError;
}

ApiError errorOf(const QNetworkReply &reply, const QByteArray &body)
{
    const int code = httpCodeOf(reply);
    if (code >= 400)
        return readRefusal(code, reply.rawHeader("Retry-After"), body);
    if (code >= 300)
        return localError(ApiError::Kind::Protocol, u"a redirect (%1), which is not followed"_s.arg(code));
    const auto kind = kindOf(reply.error());
    const QString tls = reply.property(tlsProperty).toString();
    if (kind == ApiError::Kind::Tls && !tls.isEmpty())
        return localError(kind, tls);
    return localError(kind, reply.errorString());
}

} // namespace danube::kube
