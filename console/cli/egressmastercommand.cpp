// SPDX-License-Identifier: GPL-3.0-or-later
#include "console/cli/egressmastercommand.h"

#include "console/cli/egressfiles.h"
#include "console/cli/format.h"
#include "console/cli/jobcommands.h"
#include "console/cli/safetext.h"
#include "console/cli/table.h"
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
           (action == u"test" && options.arguments.size() == 1) ||
           (action == u"explain" && options.arguments.size() == 2);
}

void EgressMasterCommand::start()
{
    const QString action = m_context.options.arguments.first();
    if (action == u"status")
        return ask({.route = RouteId::EgressPolicy}, &EgressMasterCommand::showStatus);
    if (action == u"test" || action == u"explain")
        return test();
    if (action == u"propose" && isForAllPipelines())
        return proposeForAll();
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
        const auto body = answer.and_then(&api::Answer::json);
        if (!body)
            return finishWith(body.error());
        if (show == &EgressMasterCommand::showProposal && wantsPatch())
            return makePatch({*body});
        if (m_context.wantsJson())
            printJson(answer->body);
        finish((this->*show)(*body));
    });
}

bool EgressMasterCommand::wantsPatch() const
{
    return m_context.options.has(u"patch"_s) || m_context.options.has(u"branch"_s);
}

bool EgressMasterCommand::isForAllPipelines() const
{
    const Options &options = m_context.options;
    return options.arguments.size() == 1 && options.has(u"since"_s) && !options.has(u"pipeline"_s);
}

// The refusals of each pipeline belong into its own document.
void EgressMasterCommand::proposeForAll()
{
    const auto since = sinceOf(m_context.options.value(u"since"_s), SystemClock().wall());
    if (!since)
        return finishWith(since.error());
    m_context.client().sendJson({.route = RouteId::Pipelines}, this,
                                [this, since = toRfc3339(*since)](const Result<QJsonObject> &body) {
                                    if (!body)
                                        return finishWith(body.error());
                                    QStringList names;
                                    for (const QJsonValue pipeline : body->value("pipelines"_L1).toArray())
                                        names.append(pipeline["name"_L1].toString());
                                    proposeNext(names, since, {});
                                });
}

void EgressMasterCommand::proposeNext(QStringList names, const QString &since, const QList<QJsonObject> &proposals)
{
    if (names.isEmpty())
        return takeProposals(proposals);
    const QJsonObject body{{u"pipeline"_s, names.takeFirst()}, {u"since"_s, since}};
    m_context.client().sendJson({.route = RouteId::EgressPropose, .body = compact(body)}, this,
                                [this, names, since, proposals](const Result<QJsonObject> &proposal) {
                                    if (!proposal)
                                        return finishWith(proposal.error());
                                    const bool saysNothing = proposal->value("entries"_L1).toArray().isEmpty() &&
                                                             proposal->value("not_proposed"_L1).toArray().isEmpty();
                                    proposeNext(names, since,
                                                saysNothing ? proposals : proposals + QList<QJsonObject>{*proposal});
                                });
}

void EgressMasterCommand::takeProposals(const QList<QJsonObject> &proposals)
{
    if (wantsPatch())
        return makePatch(proposals);
    if (m_context.wantsJson()) {
        QJsonArray array;
        for (const QJsonObject &proposal : proposals)
            array.append(proposal);
        printJson(compact({{u"proposals"_s, array}}));
        return finish(ExitCode::Success);
    }
    if (proposals.isEmpty())
        m_context.output.print(u"nothing to propose\n"_s);
    for (const QJsonObject &proposal : proposals) {
        m_context.output.print(u"pipeline %1\n"_s.arg(textOf(proposal["pipeline"_L1])));
        showProposal(proposal);
    }
    finish(ExitCode::Success);
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
    const QStringList hosts = egressHosts(m_context.options);
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
        if (m_context.wantsJson())
            continue;
        QStringList proposal;
        for (const QJsonValue entry : verdict["proposal"_L1].toArray())
            proposal.append(textOf(entry));
        m_context.output.print(
            u"%1 %2:%3: %4\n"_s.arg(isAllowed ? u"allowed"_s : u"refused"_s, textOf(verdict["host"_L1]))
                .arg(verdict["port"_L1].toInt())
                .arg(textOf(verdict["reason"_L1])));
        if (!proposal.isEmpty())
            m_context.output.print(u"    would be allowed by: %1\n"_s.arg(proposal.join(u" or "_s)));
    }
    return areAllowed ? ExitCode::Success : ExitCode::Failure;
}

} // namespace danube::cli
