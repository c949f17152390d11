// SPDX-License-Identifier: GPL-3.0-or-later
#include "console/cli/secretscommand.h"

#include "console/cli/safetext.h"
#include "console/cli/secretinput.h"
#include "console/cli/table.h"
#include "shared/protocol/secretvalue.h"

#include <QJsonArray>
#include <QJsonObject>

using namespace Qt::StringLiterals;

namespace danube::cli {

using protocol::RouteId;

namespace {

QString usersOf(const QJsonObject &secret)
{
    QStringList users;
    for (const QJsonValue user : secret.value("used_by"_L1).toArray())
        users.append(singleLine(user.toString()));
    return users.join(u", "_s);
}

} // namespace

QString formatSecrets(const QJsonObject &answer, const Style &style)
{
    Table table({{u"NAME"_s},
                 {u"FOR"_s},
                 {u"VERSION"_s, Align::Right},
                 {u"SET"_s},
                 {u"BY"_s},
                 {u"USED BY"_s, Align::Left, true}});
    for (const QJsonValue each : answer.value("secrets"_L1).toArray()) {
        const QJsonObject secret = each.toObject();
        const qint64 version = secret.value("version"_L1).toInteger();
        table.add({{singleLine(secret.value("name"_L1).toString())},
                   {singleLine(secret.value("scope"_L1).toString(u"every pipeline"_s))},
                   {version > 0 ? QString::number(version) : u"file"_s},
                   {singleLine(secret.value("set_at"_L1).toString())},
                   {singleLine(secret.value("set_by"_L1).toString())},
                   {usersOf(secret)}});
    }
    QString text = table.isEmpty() ? u"no secrets\n"_s : table.render(style);
    for (const QJsonValue each : answer.value("missing"_L1).toArray()) {
        const QJsonObject secret = each.toObject();
        text += style.paint(Colour::Red, u"missing: %1, which %2 needs"_s.arg(
                                             singleLine(secret.value("name"_L1).toString()), usersOf(secret))) +
                u'\n';
    }
    return text;
}

void SecretsCommand::start()
{
    const QStringList &words = m_context.options.arguments;
    const QString action = words.value(0, u"list"_s);
    const bool takesName = action == "set"_L1 || action == "delete"_L1;
    if (!takesName && action != "list"_L1)
        return finishWith({ErrorCode::InvalidArgument,
                           u"secrets takes list, set NAME or delete NAME, not '%1'"_s.arg(singleLine(action))});
    if (takesName != (words.size() == 2))
        return finishWith({ErrorCode::InvalidArgument, takesName ? u"secrets %1 takes the secret's name"_s.arg(action)
                                                                 : u"secrets list takes no name"_s});
    if (!takesName)
        return list();
    action == "set"_L1 ? set(words.at(1)) : remove(words.at(1));
}

void SecretsCommand::list()
{
    fetch({.route = RouteId::Secrets},
          [this](const QJsonObject &body) -> Result<QString> { return formatSecrets(body, m_context.output.style()); });
}

void SecretsCommand::set(const QString &name)
{
    const auto body = readSecret(name, m_context.options.has(u"exact"_s)).and_then(&protocol::secretBody);
    if (!body && body.error().code == ErrorCode::Cancelled)
        return finish(ExitCode::Interrupted);
    if (!body)
        return finishWith(body.error());
    api::Call call = callOf(RouteId::SecretPut, name);
    call.body = body->reveal();
    m_context.client().send(call, this, [this, name](const Result<api::Answer> &answer) {
        const auto stored = answer.and_then(&api::Answer::json);
        if (!stored)
            return finishWith(stored.error());
        if (m_context.wantsJson())
            printJson(answer->body);
        else
            m_context.output.print(
                u"%1 %2: version %3\n"_s.arg(singleLine(name), whose()).arg(stored->value("version"_L1).toInteger()));
        finish(ExitCode::Success);
    });
}

void SecretsCommand::remove(const QString &name)
{
    m_context.client().send(callOf(RouteId::SecretDelete, name), this, [this, name](const Result<api::Answer> &answer) {
        if (!answer)
            return finishWith(answer.error());
        if (!m_context.wantsJson())
            m_context.output.print(u"%1 %2: deleted\n"_s.arg(singleLine(name), whose()));
        finish(ExitCode::Success);
    });
}

api::Call SecretsCommand::callOf(RouteId route, const QString &name) const
{
    api::Call call{.route = route, .values = {name}};
    if (const QString pipeline = m_context.options.value(u"pipeline"_s); !pipeline.isEmpty())
        call.query.addQueryItem(u"scope"_s, pipeline);
    return call;
}

QString SecretsCommand::whose() const
{
    const QString pipeline = m_context.options.value(u"pipeline"_s);
    return pipeline.isEmpty() ? u"of every pipeline"_s : u"of pipeline %1"_s.arg(singleLine(pipeline));
}

} // namespace danube::cli
