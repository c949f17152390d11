// SPDX-License-Identifier: GPL-3.0-or-later
#include "console/cli/egressmastercommand.h"

#include "console/cli/format.h"
#include "console/cli/jobcommands.h"
#include "console/cli/patch.h"
#include "console/cli/safetext.h"
#include "console/cli/table.h"
#include "shared/blueprint/textedit.h"
#include "shared/model/egressrefusal.h"

#include <QJsonArray>
#include <QJsonDocument>

using namespace Qt::StringLiterals;

namespace danube::cli {
namespace {

using protocol::RouteId;

QString textOf(const QJsonValue &value)
{
    return singleLine(value.toString());
}

QString stepsOf(const EgressRefusal &refusal)
{
    QStringList steps;
    for (const StepNumber step : refusal.steps)
        steps.append(QString::number(toInt(step)));
    for (const StepNumber step : refusal.candidates)
        steps.append(QString::number(toInt(step)) + u'?');
    return steps.join(u' ');
}

QByteArray compact(const QJsonObject &object)
{
    return QJsonDocument(object).toJson(QJsonDocument::Compact);
}

} // namespace

bool EgressMasterCommand::isFor(const Options &options)
{
    const QString action = options.arguments.value(0);
    return action == u"status" || action == u"denied" || action == u"propose" ||
           (action == u"test" && options.arguments.size() == 1);
}

void EgressMasterCommand::start()
{
    const QString action = m_context.options.arguments.first();
    if (action == u"status")
        return ask({.route = RouteId::EgressPolicy}, &EgressMasterCommand::showStatus);
    if (action == u"test")
        return test();
    withScope([this, action](const QMap<QString, QString> &scope) {
        if (action == u"denied") {
            QUrlQuery query;
            for (const auto &[key, value] : scope.asKeyValueRange())
                query.addQueryItem(key, value);
            return ask({.route = RouteId::EgressDenied, .query = query}, &EgressMasterCommand::showDenied);
        }
        QJsonObject body;
        for (const auto &[key, value] : scope.asKeyValueRange())
            body.insert(key, value);
        ask({.route = RouteId::EgressPropose, .body = compact(body)}, &EgressMasterCommand::showProposal);
    });
}

void EgressMasterCommand::ask(const api::Call &call, Show show)
{
    m_context.client().send(call, this, [this, show](const Result<api::Answer> &answer) {
        const auto body = answer.and_then([](const api::Answer &given) { return given.json(); });
        if (!body)
            return finishWith(body.error());
        const bool wantsPatch = show == &EgressMasterCommand::showProposal && m_context.options.has(u"patch"_s);
        if (wantsPatch)
            return makePatch(*body);
        if (m_context.wantsJson())
            printJson(answer->body);
        finish((this->*show)(*body));
    });
}

void EgressMasterCommand::withScope(std::function<void(const QMap<QString, QString> &)> go)
{
    const Options &options = m_context.options;
    const QString job = options.arguments.value(1);
    QMap<QString, QString> scope;
    if (job.isEmpty() == !options.has(u"pipeline"_s))
        return finishWith({ErrorCode::InvalidArgument,
                           u"egress %1: name either a JOB or --pipeline"_s.arg(options.arguments.first())});
    if (options.has(u"since"_s)) {
        const auto since = sinceOf(options.value(u"since"_s), SystemClock().wall());
        if (!since)
            return finishWith(since.error());
        scope.insert(u"since"_s, toRfc3339(*since));
    }
    if (job.isEmpty()) {
        scope.insert(u"pipeline"_s, options.value(u"pipeline"_s));
        return go(scope);
    }
    findJob(job, [this, scope, go = std::move(go)](const Result<JobId> &found) mutable {
        if (!found)
            return finishWith(found.error());
        scope.insert(u"job"_s, found->value());
        go(scope);
    });
}

void EgressMasterCommand::test()
{
    const QStringList hosts = m_context.options.values.value(u"host"_s);
    if (hosts.isEmpty())
        return finishWith({ErrorCode::InvalidArgument, u"egress test: name a host with --host"_s});
    QJsonObject body{{u"hosts"_s, QJsonArray::fromStringList(hosts)}};
    if (m_context.options.has(u"pipeline"_s))
        body.insert(u"pipeline"_s, m_context.options.value(u"pipeline"_s));
    ask({.route = RouteId::EgressTest, .body = compact(body)}, &EgressMasterCommand::showTest);
}

ExitCode EgressMasterCommand::showStatus(const QJsonObject &status)
{
    const bool isEnforced = status.value("level"_L1).toString() == "enforced"_L1;
    const ExitCode code = isEnforced ? ExitCode::Success : ExitCode::Failure;
    if (m_context.wantsJson())
        return code;
    QString text = u"%1: %2\n"_s.arg(textOf(status.value("level"_L1)), textOf(status.value("reason"_L1)));
    if (status.contains("error"_L1))
        text += u"error   %1\n"_s.arg(textOf(status.value("error"_L1)));
    for (const QJsonValue policy : status.value("policies"_L1).toArray()) {
        const QString detail = textOf(policy["detail"_L1]);
        text += u"policy  %1 %2%3\n"_s.arg(textOf(policy["name"_L1]), textOf(policy["state"_L1]),
                                           detail.isEmpty() ? QString() : u": "_s + detail);
    }
    if (const QJsonValue canary = status.value("canary"_L1); canary.isObject())
        text += u"canary  %1 at %2: %3\n"_s.arg(textOf(canary["result"_L1]), textOf(canary["at"_L1]),
                                                textOf(canary["detail"_L1]));
    for (const QJsonValue note : status.value("notes"_L1).toArray())
        text += u"note    %1\n"_s.arg(textOf(note));
    for (const QJsonValue name : status.value("foreign"_L1).toArray())
        text += u"note    policy %1 is not ours, and adds up with ours\n"_s.arg(textOf(name));
    m_context.output.print(text);
    return code;
}

ExitCode EgressMasterCommand::showDenied(const QJsonObject &denied)
{
    const QJsonArray refusals = denied.value("refusals"_L1).toArray();
    const ExitCode code = refusals.isEmpty() ? ExitCode::Success : ExitCode::Failure;
    if (m_context.wantsJson())
        return code;
    if (refusals.isEmpty()) {
        m_context.output.print(u"nothing was denied\n"_s);
        return code;
    }
    Table table({{u"HOST"_s, Align::Left, true},
                 {u"PORT"_s, Align::Right},
                 {u"PROTOCOL"_s},
                 {u"FLOWS"_s, Align::Right},
                 {u"STEPS"_s},
                 {u"LAST"_s},
                 {u"JOB"_s}});
    for (const QJsonValue row : refusals) {
        const EgressRefusal refusal = egressRefusalFromJson(row.toObject());
        const bool isReal = refusal.kind == RefusalKind::Refused;
        table.add({{singleLine(refusal.host), isReal ? Colour::Red : Colour::Yellow},
                   {refusal.port == 0 ? u"-"_s : QString::number(refusal.port)},
                   {singleLine(refusal.protocol) + (isReal ? u""_s : u" (audit)"_s)},
                   {QString::number(refusal.count)},
                   {stepsOf(refusal)},
                   {toRfc3339(refusal.last)},
                   {singleLine(refusal.job.value())}});
    }
    m_context.output.print(table.render(m_context.output.style()));
    return code;
}

ExitCode EgressMasterCommand::showProposal(const QJsonObject &proposal)
{
    if (m_context.wantsJson())
        return ExitCode::Success;
    const QJsonArray entries = proposal.value("entries"_L1).toArray();
    QString text = entries.isEmpty() ? u"nothing to propose\n"_s : QString();
    for (const QJsonValue entry : entries) {
        text += u"%1    %2\n"_s.arg(textOf(entry["entry"_L1]), textOf(entry["reason"_L1]));
        if (entry.toObject().contains("wildcard"_L1))
            text += u"    or, with others: %1\n"_s.arg(textOf(entry["wildcard"_L1]));
        for (const QJsonValue finding : entry["findings"_L1].toArray())
            text += u"    %1: %2\n"_s.arg(textOf(finding["severity"_L1]), textOf(finding["message"_L1]));
    }
    for (const QJsonValue verdict : proposal.value("not_proposed"_L1).toArray())
        text += u"not %1: %2\n"_s.arg(textOf(verdict["host"_L1]), textOf(verdict["reason"_L1]));
    m_context.output.print(text);
    return ExitCode::Success;
}

ExitCode EgressMasterCommand::showTest(const QJsonObject &answer)
{
    bool areAllowed = true;
    for (const QJsonValue verdict : answer.value("results"_L1).toArray()) {
        const bool isAllowed = verdict["allowed"_L1].toBool();
        areAllowed = areAllowed && isAllowed;
        if (!m_context.wantsJson())
            m_context.output.print(
                u"%1 %2:%3: %4\n"_s.arg(isAllowed ? u"allowed"_s : u"refused"_s, textOf(verdict["host"_L1]))
                    .arg(verdict["port"_L1].toInt())
                    .arg(textOf(verdict["reason"_L1])));
    }
    return areAllowed ? ExitCode::Success : ExitCode::Failure;
}

// Against the branch's head, so that it can be applied there.
void EgressMasterCommand::makePatch(const QJsonObject &proposal)
{
    QUrlQuery query;
    query.addQueryItem(u"content"_s, u"true"_s);
    query.addQueryItem(u"of"_s, u"head"_s);
    m_context.client().send(
        {.route = RouteId::Blueprint, .query = query}, this, [this, proposal](const Result<api::Answer> &answer) {
            const auto patch = answer.and_then([](const api::Answer &given) { return given.json(); })
                                   .and_then([&](const QJsonObject &body) { return patchOf(proposal, body); });
            if (!patch)
                return finishWith(patch.error());
            m_context.output.writeOut(*patch);
            finish(ExitCode::Success);
        });
}

Result<QByteArray> EgressMasterCommand::patchOf(const QJsonObject &proposal, const QJsonObject &blueprint) const
{
    const QString pipeline = proposal.value("pipeline"_L1).toString();
    for (const QJsonValue file : blueprint.value("files"_L1).toArray()) {
        const QByteArray before = file["text"_L1].toString().toUtf8();
        const QJsonObject document = QJsonDocument::fromJson(before).object();
        const bool isIt = document.value("kind"_L1).toString() == "Pipeline"_L1 &&
                          document["metadata"_L1]["name"_L1].toString() == pipeline;
        if (!isIt)
            continue;
        QByteArray after = before;
        for (const QJsonValue entry : proposal.value("entries"_L1).toArray()) {
            const auto edit = blueprint::addToList(after, u"/spec/egress_allowlist"_s, entry["entry"_L1].toString());
            if (!edit)
                return std::unexpected(edit.error().in(file["path"_L1].toString()));
            after = blueprint::apply(after, *edit);
        }
        const QString folder = blueprint.value("path"_L1).toString();
        return unifiedDiff((folder.isEmpty() ? QString() : folder + u'/') + file["path"_L1].toString(), before, after);
    }
    return fail(ErrorCode::NotFound, u"the Blueprint has no document of pipeline \"%1\""_s.arg(singleLine(pipeline)));
}

} // namespace danube::cli
