// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/kube/apistatus.h"

#include <QJsonDocument>

using namespace Qt::StringLiterals;

namespace danube::kube {
namespace {

constexpr qsizetype longestMessage = 2048;
constexpr qint64 longestRetryAfter = 3600;

ApiError::Kind kindOfForbidden(const QString &message)
{
    return message.contains("exceeded quota"_L1) ? ApiError::Kind::QuotaExceeded : ApiError::Kind::Forbidden;
}

/// Two mistakes of ours are answered with 500: a field unknown to server-side apply, a resourceVersion that is none.
ApiError::Kind kindOfServerError(const QString &message)
{
    const bool isOurs = message.startsWith("failed to create typed patch object"_L1) ||
                        message.startsWith("resourceVersion: Invalid value"_L1);
    return isOurs ? ApiError::Kind::BadRequest : ApiError::Kind::ServerError;
}

ApiError::Kind kindOf(int code, const QString &reason, const QString &message)
{
    switch (code) {
    case 401:
        return ApiError::Kind::Unauthorized;
    case 403:
        return kindOfForbidden(message);
    case 404:
        return ApiError::Kind::NotFound;
    case 408:
        return ApiError::Kind::Timeout;
    case 409:
        return reason == "AlreadyExists"_L1 ? ApiError::Kind::AlreadyExists : ApiError::Kind::Conflict;
    case 410:
        return ApiError::Kind::Expired;
    case 429:
        return ApiError::Kind::TooManyRequests;
    default:
        break;
    }
    if (code >= 500 && code < 600)
        return kindOfServerError(message);
    return code >= 400 && code < 500 ? ApiError::Kind::BadRequest : ApiError::Kind::Protocol;
}

/// One line of printable text: it comes from outside and goes into logs and on screens.
QString readable(QString text)
{
    for (QChar &c : text) {
        if (c.category() == QChar::Other_Control)
            c = u' ';
    }
    return text.simplified().left(longestMessage);
}

std::optional<seconds> retryAfterOf(const QByteArray &header, const QJsonObject &details)
{
    bool ok = false;
    qint64 count = header.trimmed().toLongLong(&ok); // a date, as proxies write it, is not used by API servers
    if (!ok)
        count = details["retryAfterSeconds"_L1].toInteger(-1);
    if (count < 0)
        return {};
    return seconds(std::min(count, longestRetryAfter));
}

/// The body when it is a Status that says Failure.
std::optional<QJsonObject> statusIn(const QByteArray &body)
{
    const QJsonObject status = QJsonDocument::fromJson(body).object();
    if (status["kind"_L1].toString() != "Status"_L1 || status["status"_L1].toString() != "Failure"_L1)
        return {};
    return status;
}

QString textOf(const QByteArray &body)
{
    const QByteArray start = body.left(2 * longestMessage).trimmed();
    if (start.startsWith('<'))
        return u"the answer is a web page, not the API server's (is a proxy in between?)"_s;
    return readable(QString::fromUtf8(start));
}

/// What comes before the server's own words.
QString meaningOf(const ApiError &error)
{
    switch (error.kind) {
    case ApiError::Kind::Unauthorized:
        return u"the API server does not accept the token or client certificate: "_s;
    case ApiError::Kind::TooManyRequests:
        return u"the API server wants fewer requests: "_s;
    case ApiError::Kind::ServerError:
        return error.message.startsWith("error dialing backend"_L1)
                   ? u"the API server cannot reach the node's kubelet: "_s
                   : u"the API server failed: "_s;
    case ApiError::Kind::Tls:
        return u"no trusted TLS connection to the API server: "_s;
    case ApiError::Kind::Network:
        return u"the API server cannot be reached: "_s;
    case ApiError::Kind::Timeout:
        return u"the API server did not answer in time: "_s;
    case ApiError::Kind::Protocol:
        return u"that was no answer of a Kubernetes API server: "_s;
    default:
        return {};
    }
}

/// What a user can do about it, behind the server's own words.
QString adviceFor(const ApiError &error)
{
    if (error.kind == ApiError::Kind::QuotaExceeded)
        return u"; it fits when other pods have ended"_s;
    if (error.kind == ApiError::Kind::TooManyRequests && error.retryAfter)
        return u"; again after %1 s"_s.arg(error.retryAfter->count());
    if (error.kind != ApiError::Kind::Forbidden)
        return {};
    if (error.message.contains("system:anonymous"_L1))
        return u"; no credential was sent"_s;
    // From 1.35 on, an exec with "get" but without "create" is refused with nothing behind the colon.
    if (error.message.endsWith("is forbidden:"_L1))
        return u" the API server gives no reason; exec needs both get and create on pods/exec"_s;
    return {};
}

ErrorCode codeOf(ApiError::Kind kind)
{
    switch (kind) {
    case ApiError::Kind::BadRequest:
        return ErrorCode::InvalidArgument;
    case ApiError::Kind::Unauthorized:
        return ErrorCode::Unauthenticated;
    case ApiError::Kind::Forbidden:
        return ErrorCode::PermissionDenied;
    case ApiError::Kind::QuotaExceeded:
        return ErrorCode::ResourceExhausted;
    case ApiError::Kind::NotFound:
        return ErrorCode::NotFound;
    case ApiError::Kind::AlreadyExists:
        return ErrorCode::AlreadyExists;
    case ApiError::Kind::Conflict:
        return ErrorCode::Conflict;
    case ApiError::Kind::Timeout:
        return ErrorCode::Timeout;
    case ApiError::Kind::Tls:
    case ApiError::Kind::Protocol:
        return ErrorCode::Protocol;
    case ApiError::Kind::Expired:
    case ApiError::Kind::TooManyRequests:
    case ApiError::Kind::ServerError:
    case ApiError::Kind::Network:
        return ErrorCode::Unavailable;
    }
    return ErrorCode::Internal;
}

} // namespace

bool ApiError::isTransient() const
{
    switch (kind) {
    case Kind::QuotaExceeded:
    case Kind::TooManyRequests:
    case Kind::ServerError:
    case Kind::Network:
    case Kind::Timeout:
        return true;
    default:
        return false;
    }
}

Error ApiError::toError(const QString &attempt) const
{
    QString text = meaningOf(*this) + (message.isEmpty() ? u"no reason given"_s : message) + adviceFor(*this);
    if (httpCode != 0)
        text += u" (%1)"_s.arg((QString::number(httpCode) + u' ' + reason).trimmed());
    return Error{codeOf(kind), text}.in(attempt);
}

ApiError readRefusal(int httpCode, const QByteArray &retryAfterHeader, const QByteArray &body)
{
    ApiError error;
    error.httpCode = httpCode;
    if (const auto status = statusIn(body)) {
        error.reason = readable((*status)["reason"_L1].toString());
        error.message = readable((*status)["message"_L1].toString());
        error.details = (*status)["details"_L1].toObject();
        if (httpCode < 400) // an ERROR event: the stream itself came with 200
            error.httpCode = (*status)["code"_L1].toInt(httpCode);
    } else {
        error.message = textOf(body);
    }
    error.kind = kindOf(error.httpCode, error.reason, error.message);
    error.retryAfter = retryAfterOf(retryAfterHeader, error.details);
    return error;
}

} // namespace danube::kube
