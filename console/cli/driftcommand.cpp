// SPDX-License-Identifier: GPL-3.0-or-later
#include "console/cli/driftcommand.h"

#include "console/cli/policywait.h"
#include "console/cli/safetext.h"

#include <QJsonArray>
#include <QJsonDocument>

using namespace Qt::StringLiterals;

namespace danube::cli {
namespace {

using protocol::RouteId;

bool isDrift(const QJsonValue &policy)
{
    const QString state = policy["state"_L1].toString();
    return state == "drifted"_L1 || state == "conflict"_L1;
}

bool isApplied(const QJsonValue &policy)
{
    return policy["state"_L1].toString() == "applied"_L1;
}

QJsonArray driftsOf(const QJsonObject &policy)
{
    QJsonArray drifts;
    for (const QJsonValue one : policy.value("policies"_L1).toArray()) {
        if (isDrift(one))
            drifts.append(one);
    }
    return drifts;
}

bool holds(const QJsonObject &policy)
{
    const QJsonArray policies = policy.value("policies"_L1).toArray();
    return !policies.isEmpty() && std::ranges::all_of(policies, isApplied);
}

QString sentenceOf(const QJsonValue &policy)
{
    return u"%1 %2: %3\n"_s.arg(singleLine(policy["name"_L1].toString()), singleLine(policy["state"_L1].toString()),
                                singleLine(policy["detail"_L1].toString()));
}

} // namespace

void DriftCommand::start()
{
    m_context.client().sendJson({.route = RouteId::EgressPolicy}, this, [this](const Result<QJsonObject> &policy) {
        if (!policy)
            return finishWith(policy.error());
        show(*policy);
    });
}

void DriftCommand::show(const QJsonObject &policy)
{
    if (m_context.options.has(u"repair"_s) && !driftsOf(policy).isEmpty())
        return repair();
    finish(report(policy));
}

void DriftCommand::repair()
{
    m_context.client().sendJson({.route = RouteId::EgressRepair}, this, [this](const Result<QJsonObject> &begun) {
        if (!begun)
            return finishWith(begun.error());
        const QJsonArray names = begun->value("policies"_L1).toArray();
        auto *wait = new PolicyWait(m_context.client(), holds, this);
        connect(wait, &PolicyWait::arrived, this,
                [this, names](const QJsonObject &policy) { showRepaired(policy, names); });
        connect(wait, &PolicyWait::expired, this, [this](const QJsonObject &policy) { finish(report(policy)); });
        connect(wait, &PolicyWait::failed, this, [this](const Error &error) { finishWith(error); });
        wait->start();
    });
}

void DriftCommand::showRepaired(const QJsonObject &policy, const QJsonArray &names)
{
    if (!m_context.wantsJson()) {
        for (const QJsonValue name : names)
            m_context.output.print(u"%1 repaired\n"_s.arg(singleLine(name.toString())));
    }
    finish(report(policy, names));
}

ExitCode DriftCommand::report(const QJsonObject &policy, const QJsonArray &repaired)
{
    const QJsonArray drifts = driftsOf(policy);
    if (m_context.wantsJson()) {
        printJson(
            QJsonDocument(QJsonObject{{u"drifted"_s, drifts}, {u"repaired"_s, repaired}, {u"holds"_s, holds(policy)}})
                .toJson(QJsonDocument::Compact));
    } else {
        for (const QJsonValue drift : drifts)
            m_context.output.print(sentenceOf(drift));
        if (drifts.isEmpty() && holds(policy))
            m_context.output.print(u"all policies are as commit %1 wants them\n"_s.arg(
                singleLine(policy.value("commit"_L1).toString().left(12))));
        else if (drifts.isEmpty())
            m_context.output.print(singleLine(policy.value("reason"_L1).toString()) + u'\n');
    }
    if (!drifts.isEmpty())
        return ExitCode::Drift;
    return holds(policy) ? ExitCode::Success : ExitCode::Failure;
}

} // namespace danube::cli
