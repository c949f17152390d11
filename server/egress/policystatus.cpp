// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/egress/policystatus.h"

#include <algorithm>
#include <array>

using namespace Qt::StringLiterals;

namespace danube::egress {
namespace {

using Phase = PolicyReport::Phase;

constexpr std::array phaseNames{"pending"_L1, "waiting"_L1,  "applied"_L1, "invalid"_L1,
                                "drifted"_L1, "conflict"_L1, "failed"_L1};

const auto auditReason = u"audit mode: what the list would refuse is only reported"_s;

EgressLevel declared(const QString &reason)
{
    return {EgressLevel::Kind::Declared, reason};
}

} // namespace

QString toText(PolicyReport::Phase phase)
{
    return phaseNames.at(static_cast<size_t>(phase));
}

QString describe(const PolicyReport &report)
{
    const QString name = u"policy %1"_s.arg(report.name);
    switch (report.phase) {
    case Phase::Pending:
        return name + u" is not sent yet"_s;
    case Phase::Unjudged:
        return name + u" is stored, but no network plugin has judged it"_s;
    case Phase::Applied:
        return name + u" is applied"_s;
    case Phase::Invalid:
        return name + u" is refused by the network plugin: "_s + report.detail;
    case Phase::Drifted:
        return name + u" was changed in the cluster: "_s + report.detail;
    case Phase::Conflict:
        return name + u" has another owner: "_s + report.detail;
    case Phase::Failed:
        return name + u" could not be applied: "_s + report.detail;
    }
    return name;
}

QJsonObject toJson(const PolicyReport &report)
{
    QJsonObject object{
        {u"name"_s, report.name}, {u"state"_s, toText(report.phase)}, {u"since"_s, toRfc3339(report.since)}};
    if (!report.pipeline.isEmpty())
        object.insert(u"pipeline"_s, report.pipeline);
    if (!report.detail.isEmpty())
        object.insert(u"detail"_s, report.detail);
    return object;
}

QString toText(PolicyKind kind)
{
    static constexpr std::array names{"none"_L1, "CiliumNetworkPolicy"_L1, "NetworkPolicy"_L1};
    return names.at(static_cast<size_t>(kind));
}

bool PolicyStatus::isApplied() const
{
    return !policies.isEmpty() && std::ranges::all_of(policies, [](const PolicyReport &policy) {
        return policy.phase == PolicyReport::Phase::Applied;
    });
}

QString toText(CanaryFinding::Kind kind)
{
    static constexpr std::array names{"proven"_L1, "breached"_L1, "inconclusive"_L1};
    return names.at(static_cast<size_t>(kind));
}

QJsonObject toJson(const CanaryFinding &finding)
{
    return {{u"result"_s, toText(finding.kind)},
            {u"detail"_s, finding.sentence},
            {u"policy_digest"_s, finding.digest},
            {u"at"_s, toRfc3339(finding.at)}};
}

QString toText(EgressLevel::Kind kind)
{
    static constexpr std::array names{"none"_L1, "declared"_L1, "enforced"_L1};
    return names.at(static_cast<size_t>(kind));
}

JobEgress toJobEgress(const EgressLevel &level)
{
    return {.level = toText(level.kind), .reason = level.reason};
}

EgressLevel levelOf(const PolicyStatus &status, const std::optional<CanaryFinding> &canary, WallTime now,
                    milliseconds canaryLife)
{
    if (status.kind == PolicyKind::None || status.policies.isEmpty())
        return {EgressLevel::Kind::None, status.failure ? status.failure->message : u"no policy guards the jobs"_s};
    const auto bad = std::ranges::find_if(status.policies,
                                          [](const PolicyReport &policy) { return policy.phase != Phase::Applied; });
    if (bad != status.policies.end())
        return declared(describe(*bad));
    if (status.isAudit)
        return declared(auditReason);
    if (status.kind == PolicyKind::Fallback)
        return declared(u"a NetworkPolicy knows no names: weaker than the list"_s);
    if (!canary || canary->digest != status.digest)
        return declared(u"no canary has proved this policy yet"_s);
    if (canary->kind != CanaryFinding::Kind::Proven)
        return declared(u"not enforced: "_s + canary->sentence);
    if (now - canary->at > canaryLife)
        return declared(u"the last canary is too old: "_s + toRfc3339(canary->at));
    return {EgressLevel::Kind::Enforced, u"canary at %1: %2"_s.arg(toRfc3339(canary->at), canary->sentence)};
}

EgressLevel levelIn(Mode mode, const EgressLevel &all)
{
    const bool isOpen = mode == Mode::Audit && all.kind == EgressLevel::Kind::Enforced;
    return isOpen ? declared(auditReason) : all;
}

} // namespace danube::egress
