// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/coordinator/rpcclient.h"

#include "shared/core/jsonreader.h"

#include <QJsonDocument>
#include <QTimer>

using namespace Qt::StringLiterals;

namespace danube::coordinator {

/// A call and its attempts so far.
struct RpcClient::Repeated
{
    Maker maker;
    QPointer<QObject> context;
    Attempted done;
    Backoff backoff;
};

RpcClient::RpcClient(RpcSettings settings) : m_settings(std::move(settings)) {}

RpcClient::~RpcClient() = default;

void RpcClient::post(const QByteArray &path, const QJsonObject &body, QObject *context, Done done)
{
    const auto text = QJsonDocument(body).toJson(QJsonDocument::Compact);
    call(
        [path, text] {
            HttpRequest request;
            request.path = path;
            request.body = text;
            return request;
        },
        context,
        [done = std::move(done)](Result<HttpAnswer> answer) mutable {
            done(answer.and_then([](const HttpAnswer &given) { return parseJsonObject(given.body); }));
        });
}

void RpcClient::get(const QByteArray &path, QObject *context, Done done)
{
    call(
        [path] {
            HttpRequest request;
            request.method = "GET";
            request.path = path;
            return request;
        },
        context,
        [done = std::move(done)](Result<HttpAnswer> answer) mutable {
            done(answer.and_then([](const HttpAnswer &given) { return parseJsonObject(given.body); }));
        });
}

void RpcClient::call(Maker maker, QObject *context, Attempted done)
{
    repeat(std::make_shared<Repeated>(Repeated{std::move(maker), context, std::move(done), newBackoff()}));
}

void RpcClient::repeat(const std::shared_ptr<Repeated> &repeated)
{
    if (!repeated->context)
        return;
    attempt(repeated->maker(), repeated->context, [this, repeated](Result<HttpAnswer> answer) {
        const auto verdict = judge(answer);
        if (verdict == Verdict::Done)
            return repeated->done(std::move(answer));
        if (verdict == Verdict::Final)
            return repeated->done(std::unexpected(errorOfFinal(answer)));
        const auto wait = waitAfter(answer, repeated->backoff);
        QTimer::singleShot(wait, this, [this, repeated] { repeat(repeated); });
    });
}

void RpcClient::attempt(HttpRequest request, QObject *context, Attempted done)
{
    connection().send(
        std::move(request), [guard = QPointer(context), done = std::move(done)](Result<HttpAnswer> answer) mutable {
            if (!guard)
                return;
            QMetaObject::invokeMethod(
                guard, [done = std::move(done), answer = std::move(answer)]() mutable { done(std::move(answer)); },
                Qt::QueuedConnection);
        });
}

RpcConnection &RpcClient::connection()
{
    if (m_connection && m_connection->isOpen())
        return *m_connection;
    if (m_connection) {
        // Calls that the old one still carries may end there (the peer drains).
        auto *old = m_connection.release();
        old->setParent(this);
        connect(old, &RpcConnection::lastCallEnded, old, &QObject::deleteLater);
        if (!old->hasCalls())
            old->deleteLater();
    }
    m_connection =
        std::make_unique<RpcConnection>(m_settings.endpoint, m_settings.token, m_settings.timing, m_settings.dialer);
    return *m_connection;
}

} // namespace danube::coordinator
