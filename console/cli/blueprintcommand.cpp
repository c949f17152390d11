// SPDX-License-Identifier: GPL-3.0-or-later
#include "console/cli/blueprintcommand.h"

#include "console/cli/policywait.h"
#include "console/cli/safetext.h"
#include "shared/blueprint/changes.h"
#include "shared/blueprint/directory.h"
#include "shared/blueprint/validator.h"
#include "shared/egress/policydiff.h"

#include <QJsonDocument>

using namespace Qt::StringLiterals;

namespace danube::cli {
namespace {

using protocol::RouteId;

QList<blueprint::Finding> findingsOf(const QJsonObject &answer)
{
    QList<blueprint::Finding> findings;
    for (const auto &entry : answer.value("findings"_L1).toArray())
        findings.append(blueprint::findingFromJson(entry.toObject()));
    return findings;
}

blueprint::Files filesOf(const QJsonObject &present)
{
    blueprint::Files files;
    for (const auto &entry : present.value("files"_L1).toArray()) {
        const QJsonObject file = entry.toObject();
        files.insert(file.value("path"_L1).toString(), file.value("text"_L1).toString().toUtf8());
    }
    return files;
}

QByteArray compact(const QJsonObject &object)
{
    return QJsonDocument(object).toJson(QJsonDocument::Compact);
}

QString formatStatus(const QJsonObject &status)
{
    const auto text = [&status](QLatin1StringView key) { return singleLine(status.value(key).toString()); };
    QString lines =
        u"%1 (branch %2%3)\n"_s.arg(text("repository"_L1), text("branch"_L1),
                                    text("path"_L1).isEmpty() ? QString() : u", folder "_s + text("path"_L1));
    lines += u"state   %1\n"_s.arg(text("state"_L1));
    lines += u"active  %1 since %2\n"_s.arg(text("active_commit"_L1), text("active_since"_L1));
    if (text("head_commit"_L1) != text("active_commit"_L1))
        lines += u"head    %1\n"_s.arg(text("head_commit"_L1));
    if (status.contains("error"_L1))
        lines += u"error   %1\n"_s.arg(text("error"_L1));
    return lines;
}

bool holdsFor(const QJsonObject &policy, const QString &commit)
{
    const QJsonArray policies = policy.value("policies"_L1).toArray();
    const auto isApplied = [](const QJsonValue &one) { return one["state"_L1].toString() == "applied"_L1; };
    return policy.value("commit"_L1).toString() == commit &&
           (!policy.value("applies"_L1).toBool() || (!policies.isEmpty() && std::ranges::all_of(policies, isApplied)));
}

QString formatPolicies(const QJsonObject &policies)
{
    QString lines;
    for (const QJsonValue access : policies.value("access"_L1).toArray())
        lines += singleLine(access["text"_L1].toString()) + u'\n';
    const QJsonArray objects = policies.value("objects"_L1).toArray();
    for (const QJsonValue object : objects) {
        const auto change = egress::policyChangeFromJson(object.toObject());
        lines += singleLine(describe(change)) + u'\n';
        for (const QString &rule : change.rulesRemoved)
            lines += u"  - %1\n"_s.arg(singleLine(rule));
        for (const QString &rule : change.rulesAdded)
            lines += u"  + %1\n"_s.arg(singleLine(rule));
    }
    if (const int leftOut = policies.value("left_out"_L1).toInt(); leftOut > 0)
        lines += u"and %1 more policies\n"_s.arg(leftOut);
    if (!objects.isEmpty() && !policies.value("applied"_L1).toBool())
        lines += u"note: this master applies no policies\n"_s;
    for (const QJsonValue note : policies.value("notes"_L1).toArray())
        lines += u"note: %1\n"_s.arg(singleLine(note.toString()));
    if (policies.contains("error"_L1))
        lines += u"error: %1\n"_s.arg(singleLine(policies.value("error"_L1).toString()));
    return lines;
}

} // namespace

void BlueprintCommand::start()
{
    if (auto begun = begin(); !begun)
        finishWith(begun.error());
}

Result<void> BlueprintCommand::begin()
{
    const QStringList &arguments = m_context.options.arguments;
    const QString action = arguments.first();
    if (action == u"status" || action == u"sync") {
        show(action == u"sync" ? RouteId::BlueprintSync : RouteId::Blueprint);
        return {};
    }
    if (action != u"validate" && action != u"plan" && action != u"apply")
        return fail(ErrorCode::InvalidArgument,
                    u"blueprint '%1': expected validate, status, sync, plan, apply, drift or edit"_s.arg(action));
    if (action == u"apply" && m_context.options.value(u"message"_s).trimmed().isEmpty())
        return fail(ErrorCode::InvalidArgument, u"blueprint apply needs --message"_s);
    const auto files = blueprint::readDirectory(arguments.value(1, u"."_s));
    if (!files)
        return std::unexpected(files.error());
    if (action == u"validate")
        validate(*files);
    else
        compare(*files, action == u"plan" ? RouteId::BlueprintPlan : RouteId::BlueprintCommit);
    return {};
}

void BlueprintCommand::printFindings(const QList<blueprint::Finding> &findings)
{
    for (const blueprint::Finding &finding : findings)
        m_context.output.print(singleLine(describe(finding)) + u'\n');
}

void BlueprintCommand::validate(const blueprint::Files &files)
{
    const auto validation = blueprint::validate(files);
    if (m_context.wantsJson()) {
        QJsonArray findings;
        for (const blueprint::Finding &finding : validation.findings)
            findings.append(toJson(finding));
        printJson(compact({{u"accepted"_s, validation.isAccepted()}, {u"findings"_s, findings}}));
    } else {
        printFindings(validation.findings);
        if (validation.isAccepted())
            m_context.output.print(
                u"accepted: %1 pipelines, %2 teams, %3 users\n"_s.arg(validation.snapshot->pipelines.size())
                    .arg(validation.snapshot->teams.size())
                    .arg(validation.snapshot->users.size()));
    }
    finish(validation.isAccepted() ? ExitCode::Success : ExitCode::Failure);
}

void BlueprintCommand::show(RouteId route)
{
    m_context.client().send({.route = route}, this, [this](const Result<api::Answer> &answer) {
        const auto status = answer.and_then(&api::Answer::json);
        if (!status)
            return finishWith(status.error());
        if (m_context.wantsJson()) {
            printJson(answer->body);
        } else {
            m_context.output.print(formatStatus(*status));
            printFindings(findingsOf(*status));
        }
        const auto state = status->value("state"_L1).toString();
        finish(state == u"current" ? ExitCode::Success : ExitCode::Failure);
    });
}

void BlueprintCommand::compare(const blueprint::Files &wanted, RouteId route)
{
    QUrlQuery query;
    query.addQueryItem(u"content"_s, u"true"_s);
    // A plan says what would change in force; a commit changes the branch, whose head may have been refused.
    if (route == RouteId::BlueprintCommit)
        query.addQueryItem(u"of"_s, u"head"_s);
    m_context.client().sendJson({.route = RouteId::Blueprint, .query = query}, this,
                                [this, wanted, route](const Result<QJsonObject> &present) {
                                    if (!present)
                                        return finishWith(present.error());
                                    takePresent(*present, wanted, route);
                                });
}

void BlueprintCommand::takePresent(const QJsonObject &present, const blueprint::Files &wanted, RouteId route)
{
    const QJsonObject changes = changesTo(filesOf(present), wanted);
    if (changes.isEmpty()) {
        if (m_context.wantsJson())
            printJson(compact({{u"changes"_s, QJsonArray()}}));
        else
            m_context.output.print(u"nothing would change\n"_s);
        return finish(ExitCode::Success);
    }
    const QJsonObject body{{u"files"_s, changes},
                           {u"base_commit"_s, present.value("head_commit"_L1)},
                           {u"message"_s, m_context.options.value(u"message"_s)}};
    m_context.client().send({.route = route, .body = compact(body)}, this, [this](const Result<api::Answer> &answer) {
        const auto plan = answer.and_then(&api::Answer::json);
        if (!plan)
            return finishWith(plan.error());
        if (m_context.wantsJson())
            printJson(answer->body);
        else
            printPlan(*plan);
        const QString commit = plan->value("commit"_L1).toString();
        if (!commit.isEmpty() && m_context.options.has(u"wait"_s))
            return waitForPolicies(commit);
        const bool isRefused = plan->contains("accepted"_L1) && !plan->value("accepted"_L1).toBool();
        finish(isRefused ? ExitCode::Failure : ExitCode::Success);
    });
}

void BlueprintCommand::waitForPolicies(const QString &commit)
{
    auto *wait = new PolicyWait(
        m_context.client(), [commit](const QJsonObject &policy) { return holdsFor(policy, commit); }, this);
    connect(wait, &PolicyWait::arrived, this, [this](const QJsonObject &policy) {
        m_context.output.note(policy.value("applies"_L1).toBool() ? u"its policies hold"_s
                                                                  : u"this master applies no policies"_s);
        finish(ExitCode::Success);
    });
    connect(wait, &PolicyWait::expired, this, [this](const QJsonObject &policy) {
        m_context.output.note(u"its policies do not hold: "_s + singleLine(policy.value("reason"_L1).toString()));
        finish(ExitCode::Timeout);
    });
    connect(wait, &PolicyWait::failed, this, [this](const Error &error) { finishWith(error); });
    wait->start();
}

void BlueprintCommand::printPlan(const QJsonObject &plan)
{
    printFindings(findingsOf(plan));
    for (const auto &entry : plan.value("changes"_L1).toArray())
        m_context.output.print(singleLine(describe(blueprint::changeFromJson(entry.toObject()))) + u'\n');
    m_context.output.print(formatPolicies(plan.value("policies"_L1).toObject()));
    if (plan.contains("commit"_L1))
        m_context.output.print(u"committed %1\n"_s.arg(singleLine(plan.value("commit"_L1).toString())));
}

} // namespace danube::cli
