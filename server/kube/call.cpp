// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/kube/call.h"

#include "server/kube/localerror.h"
#include "server/kube/transport.h"
#include "server/kube/turnstile.h"

#include <QJsonDocument>
#include <QNetworkReply>

using namespace Qt::StringLiterals;

namespace danube::kube {
namespace {

constexpr qint64 maxAnswer = 64 << 20;

/// QTimer's own bound is 2^31 ms.
constexpr milliseconds maxDeadline = std::chrono::hours(24);

ApiResult<QJsonObject> jsonOf(const QByteArray &body)
{
    QJsonParseError error;
    const QJsonDocument document = QJsonDocument::fromJson(body, &error);
    if (document.isObject())
        return document.object();
    const QString why = error.error == QJsonParseError::NoError ? u"it is no object"_s : error.errorString();
    return std::unexpected(localError(ApiError::Kind::Protocol, u"the answer is not the expected JSON: "_s + why));
}

} // namespace

Call::Call(const Parts &parts, Request request, QObject *context, Client::Answer answer)
    : m_parts(parts),
      m_request(std::move(request)),
      m_context(context),
      m_answer(std::move(answer)),
      m_backoff(parts.settings.retryFirst, parts.settings.retryLimit)
{
    m_deadline.setSingleShot(true);
    m_wait.setSingleShot(true);
    connect(&m_deadline, &QTimer::timeout, this, &Call::onDeadline);
    connect(&m_wait, &QTimer::timeout, this, &Call::enqueue);
    m_deadline.start(std::clamp(m_request.deadline, milliseconds(0), maxDeadline));
    m_wait.start(0); // never from within the caller's call
}

Call::~Call()
{
    dropReply();
}

void Call::enqueue()
{
    if (m_parts.turnstile.join(this, [this] { attempt(); }))
        return;
    give(std::unexpected(localError(ApiError::Kind::TooManyRequests,
                                    u"%1 requests wait to be sent already"_s.arg(Turnstile::maxWaiting))));
}

void Call::attempt()
{
    if (!m_answer)
        return;
    if (!m_context)
        return deleteLater();
    const auto reply = m_parts.transport.send(m_request);
    if (!reply)
        return give(std::unexpected(reply.error()));
    m_parts.counts.requests += 1;
    m_reply = *reply;
    connect(m_reply, &QNetworkReply::readyRead, this, &Call::onReadyRead);
    connect(m_reply, &QNetworkReply::finished, this, &Call::onFinished);
}

void Call::onReadyRead()
{
    if (m_reply->bytesAvailable() <= maxAnswer)
        return;
    dropReply();
    give(std::unexpected(localError(ApiError::Kind::Protocol, u"the answer is larger than 64 MiB"_s)));
}

void Call::onFinished()
{
    const QByteArray body = m_reply->readAll();
    const bool isGood = isSuccess(*m_reply);
    const ApiError error = isGood ? ApiError{} : errorOf(*m_reply, body);
    dropReply();
    if (isGood)
        return give(jsonOf(body));
    onFailed(error);
}

void Call::onFailed(const ApiError &error)
{
    if (error.kind == ApiError::Kind::TooManyRequests) {
        m_parts.counts.refused429 += 1;
        const milliseconds wait = error.retryAfter ? *error.retryAfter : m_backoff.next();
        if (error.retryAfter)
            m_parts.limiter.pauseUntil(std::chrono::steady_clock::now() + wait);
        return repeatAfter(wait, error); // whatever the verb: the server did nothing
    }
    if (error.kind == ApiError::Kind::Unauthorized && !std::exchange(m_triedNewToken, true)) {
        m_parts.transport.credentials().forget();
        return repeatAfter(milliseconds(0), error);
    }
    if (!mayRepeat(error))
        return give(std::unexpected(error));
    repeatAfter(std::max<milliseconds>(m_backoff.next(), error.retryAfter.value_or(seconds(0))), error);
}

bool Call::mayRepeat(const ApiError &error) const
{
    return m_request.isRepeatable &&
           (error.kind == ApiError::Kind::ServerError || error.kind == ApiError::Kind::Network);
}

void Call::repeatAfter(milliseconds wait, const ApiError &error)
{
    if (wait >= m_deadline.remainingTimeAsDuration())
        return give(std::unexpected(error)); // it would come too late
    m_parts.counts.repeated += 1;
    m_last = error;
    m_wait.start(wait);
}

void Call::onDeadline()
{
    const QString limit = u"no answer within %1 ms"_s.arg(m_request.deadline.count());
    const auto timeout = localError(ApiError::Kind::Timeout, limit);
    const bool isUnderWay = !m_reply.isNull();
    dropReply();
    give(std::unexpected(isUnderWay || !m_last ? timeout : *m_last));
}

void Call::dropReply()
{
    if (!m_reply)
        return;
    m_reply->disconnect(this);
    m_reply->abort(); // nothing when it has finished
    m_reply->deleteLater();
    m_reply.clear();
}

void Call::give(ApiResult<QJsonObject> result)
{
    m_deadline.stop();
    m_wait.stop();
    deleteLater();
    if (const auto answer = std::exchange(m_answer, {}); answer && m_context)
        answer(std::move(result));
}

} // namespace danube::kube
