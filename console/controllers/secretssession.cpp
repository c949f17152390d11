// SPDX-License-Identifier: GPL-3.0-or-later
#include "console/controllers/secretssession.h"

#include "shared/api/apiclient.h"

using namespace Qt::StringLiterals;

namespace danube::console {

using protocol::RouteId;

namespace {

QUrlQuery scopeQuery(const QString &scope)
{
    QUrlQuery query;
    if (!scope.isEmpty())
        query.addQueryItem(u"scope"_s, scope);
    return query;
}

/// {"value": "…"} written without a QJsonValue, whose copies nobody wipes.
QByteArray bodyOf(const Secret &value)
{
    static constexpr char digits[] = "0123456789abcdef";
    QByteArray body = "{\"value\":\"";
    body.reserve(value.reveal().size() * 6 + 16); // never moves, so no copy stays behind
    for (const char c : value.reveal()) {
        const auto byte = static_cast<unsigned char>(c);
        if (c == '"' || c == '\\')
            body.append('\\').append(c);
        else if (byte < 0x20)
            body.append("\\u00").append(digits[byte >> 4U]).append(digits[byte & 15U]);
        else
            body.append(c);
    }
    return body.append("\"}");
}

} // namespace

SecretsSession::SecretsSession(api::ApiClient &client, QObject *parent) : QObject(parent), m_client(client) {}

void SecretsSession::load()
{
    m_client.send({.route = RouteId::Secrets}, this, [this](const Result<api::Answer> &answer) {
        const auto body = answer.and_then([](const api::Answer &given) { return given.json(); });
        m_secrets = body ? std::optional(secretsFromJson(*body)) : std::nullopt;
        const bool isAbsent = !body && body.error().code == ErrorCode::NotFound;
        m_problem = body       ? QString()
                    : isAbsent ? tr("This master does not manage secrets over REST. Shown are the names that the "
                                    "Blueprint asks for; whether they are defined is not known here.")
                               : body.error().message;
        emit changed();
    });
}

void SecretsSession::setValue(const QString &name, const QString &scope, Secret value, QObject *context, Done done)
{
    if (!value.reveal().isValidUtf8())
        return done(fail(ErrorCode::InvalidArgument, tr("The value is no UTF-8 text. Encode it first, as Base64.")));
    m_client.send({.route = RouteId::SecretPut, .values = {name}, .query = scopeQuery(scope), .body = bodyOf(value)},
                  context, [this, done = std::move(done)](const Result<api::Answer> &answer) mutable {
                      finish(answer.transform([](const api::Answer &) {}), done);
                  });
}

void SecretsSession::remove(const QString &name, const QString &scope, QObject *context, Done done)
{
    m_client.send({.route = RouteId::SecretDelete, .values = {name}, .query = scopeQuery(scope)}, context,
                  [this, done = std::move(done)](const Result<api::Answer> &answer) mutable {
                      finish(answer.transform([](const api::Answer &) {}), done);
                  });
}

void SecretsSession::finish(const Result<void> &result, Done &done)
{
    if (result)
        load();
    done(result);
}

} // namespace danube::console
