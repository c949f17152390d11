// SPDX-License-Identifier: GPL-3.0-or-later
#include "console/controllers/secretssession.h"

#include "shared/api/apiclient.h"
#include "shared/protocol/secretvalue.h"

#include <algorithm>

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

} // namespace

SecretsSession::SecretsSession(api::ApiClient &client, QObject *parent) : QObject(parent), m_client(client) {}

void SecretsSession::load()
{
    m_client.sendJson({.route = RouteId::Secrets}, this, [this](const Result<QJsonObject> &body) {
        m_secrets = body ? std::optional(secretsFromJson(*body)) : std::nullopt;
        m_isAbsent = !body && body.error().code == ErrorCode::NotFound;
        m_problem = body         ? QString()
                    : m_isAbsent ? tr("This master does not manage secrets over REST. Shown are the names that the "
                                      "Blueprint asks for; whether they are defined is not known here.")
                                 : body.error().message;
        emit changed();
    });
}

void SecretsSession::retry()
{
    if (!m_problem.isEmpty())
        load();
}

bool SecretsSession::has(const QString &name, const QString &scope) const
{
    return m_secrets && std::ranges::any_of(*m_secrets, [&](const SecretInfo &secret) {
               return secret.name == name && secret.scope == scope;
           });
}

void SecretsSession::setValue(const QString &name, const QString &scope, Secret value, QObject *context, Done done)
{
    if (!value.reveal().isValidUtf8())
        return done(fail(ErrorCode::InvalidArgument, tr("The value is no UTF-8 text. Encode it first, as Base64.")));
    const auto body = protocol::secretBody(value);
    if (!body)
        return done(std::unexpected(body.error()));
    m_client.send({.route = RouteId::SecretPut, .values = {name}, .query = scopeQuery(scope), .body = body->reveal()},
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
