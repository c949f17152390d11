// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/http/resources.h"
#include "shared/core/jsonreader.h"

using namespace Qt::StringLiterals;

namespace danube::http {
namespace {

/// Nothing, once it has answered that there are none.
secrets::SecretVault *vaultOf(const ResourceContext &context, Exchange &exchange)
{
    if (!context.secrets)
        exchange.sendError({ErrorCode::NotFound, u"this master keeps no secrets"_s});
    return context.secrets;
}

QList<blueprint::GitAuthentication> gitAuthentication(const ResourceContext &context)
{
    if (context.blueprint)
        return context.blueprint->snapshot().config.gitAuthentication;
    const auto &directory = context.pipelines.directorySnapshot();
    return directory ? directory->config.gitAuthentication : QList<blueprint::GitAuthentication>();
}

/// Who names which secret in the configuration in force: pipelines, and git hosts.
QMap<QString, QStringList> usersOfSecrets(const ResourceContext &context)
{
    QMap<QString, QStringList> users;
    for (const Pipeline &pipeline : context.pipelines.all()) {
        for (const QString &key : pipeline.secrets)
            users[key].append(pipeline.name);
    }
    for (const blueprint::GitAuthentication &entry : gitAuthentication(context))
        users[entry.secret].append(entry.host);
    return users;
}

/// Of a pipeline's own secret nobody else is a user.
QStringList usersOf(const secrets::SecretInfo &info, const QMap<QString, QStringList> &users)
{
    QStringList all = users.value(info.name);
    if (!info.scope.isEmpty())
        all = all.contains(info.scope) ? QStringList{info.scope} : QStringList();
    return all;
}

QJsonObject toJson(const secrets::SecretInfo &info, const QMap<QString, QStringList> &users)
{
    QJsonObject object{{u"name"_s, info.name},
                       {u"version"_s, info.version},
                       {u"source"_s, info.version == 0 ? u"file"_s : u"store"_s},
                       {u"used_by"_s, QJsonArray::fromStringList(usersOf(info, users))}};
    if (!info.scope.isEmpty())
        object.insert(u"scope"_s, info.scope);
    if (info.version > 0) {
        object.insert(u"set_at"_s, toRfc3339(info.setAt));
        object.insert(u"set_by"_s, info.setBy);
    }
    return object;
}

Result<Secret> readValue(const Exchange &exchange)
{
    const auto object = parseJsonObject(exchange.request().body);
    if (!object)
        return std::unexpected(object.error());
    JsonReader body(*object);
    Secret value(body.requiredString("value"_L1).toUtf8());
    return body.finish(UnknownFields::Ignore).transform([&] { return std::move(value); });
}

} // namespace

void listSecrets(const ResourceContext &context, Exchange &exchange)
{
    const auto *vault = vaultOf(context, exchange);
    if (!vault)
        return;
    const auto users = usersOfSecrets(context);
    QSet<QString> known;
    QJsonArray list;
    for (const secrets::SecretInfo &info : vault->list()) {
        known.insert(info.name);
        list.append(toJson(info, users));
    }
    QJsonArray missing;
    for (const auto &[name, all] : users.asKeyValueRange()) {
        if (!known.contains(name))
            missing.append(QJsonObject{{u"name"_s, name}, {u"used_by"_s, QJsonArray::fromStringList(all)}});
    }
    exchange.sendJson({{u"secrets"_s, list}, {u"missing"_s, missing}});
}

void putSecret(const ResourceContext &context, Exchange &exchange)
{
    auto *vault = vaultOf(context, exchange);
    if (!vault)
        return;
    const auto set = readValue(exchange).and_then([&](const Secret &value) {
        return vault->set(exchange.value(), exchange.query("scope"_L1), value, exchange.principal().name);
    });
    if (!set)
        return exchange.sendError(set.error());
    exchange.sendJson(toJson(*set, usersOfSecrets(context)), set->version == 1 ? 201 : 200);
}

void deleteSecret(const ResourceContext &context, Exchange &exchange)
{
    auto *vault = vaultOf(context, exchange);
    if (!vault)
        return;
    const auto removed = vault->remove(exchange.value(), exchange.query("scope"_L1), exchange.principal().name);
    if (!removed)
        return exchange.sendError(removed.error());
    exchange.send({204, {}, {}});
}

} // namespace danube::http
