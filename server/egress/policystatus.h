// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "shared/core/clock.h"
#include "shared/core/result.h"
#include "shared/egress/policy.h"
#include "shared/model/jobegress.h"

#include <QJsonObject>
#include <QStringList>

#include <optional>

namespace danube::egress {

/// One policy object in the cluster, as far as this master knows.
struct PolicyReport
{
    enum class Phase {
        Pending,  ///< not sent yet
        Unjudged, ///< sent and read back as wanted; no network plugin has said anything
        Applied,  ///< read back as wanted, and Valid where a plugin says so
        Invalid,  ///< the plugin refuses it
        Drifted,  ///< somebody changed or deleted it
        Conflict, ///< another manager owns fields of it, and it is not ours to force
        Failed,   ///< the API server refused it, or cannot be reached
    };
    QString name;
    QString pipeline; ///< empty = every job
    Phase phase = Phase::Pending;
    QString detail; ///< the plugin's message, the field that drifted, the refusal
    WallTime since{};
    bool operator==(const PolicyReport &) const = default;
};
QString toText(PolicyReport::Phase phase);      ///< "applied", "waiting", "invalid", …
QString describe(const PolicyReport &report);   ///< one sentence
QJsonObject toJson(const PolicyReport &report); ///< {name, pipeline?, state, detail?, since}

/// Which objects guard the jobs.
enum class PolicyKind {
    None,     ///< no cluster, or not known yet
    Cilium,   ///< cilium.io/v2 CiliumNetworkPolicy
    Fallback, ///< networking.k8s.io/v1 NetworkPolicy: knows no names, weaker
};
QString toText(PolicyKind kind);

struct PolicyStatus
{
    PolicyKind kind = PolicyKind::None;
    QList<PolicyReport> policies; ///< wanted ones; base first
    QString digest;               ///< of the wanted set
    QStringList notes;            ///< of the compiler
    QStringList foreign;          ///< policies of others in the namespace: they add up with ours; at most 20
    std::optional<Error> failure; ///< why nothing can be applied at all: compile error, missing definition, no right
    bool isAudit = false;         ///< the base list is in audit mode
    bool operator==(const PolicyStatus &) const = default;

    bool isApplied() const; ///< there are policies, and all are
};

/// What a canary pod found.
struct CanaryFinding
{
    enum class Kind {
        Proven,       ///< what is allowed works, what is forbidden fails
        Breached,     ///< reached what the policy forbids
        Inconclusive, ///< could not find out
    };
    Kind kind = Kind::Inconclusive;
    QString sentence;
    QString digest; ///< of the policy set that was in force
    WallTime at{};
    bool operator==(const CanaryFinding &) const = default;
};
QString toText(CanaryFinding::Kind kind); ///< "proven", "breached", "inconclusive"
QJsonObject toJson(const CanaryFinding &finding);

/// What may be said of the jobs' egress; never more than was verified.
struct EgressLevel
{
    enum class Kind { None, Declared, Enforced };
    Kind kind = Kind::None;
    QString reason; ///< one sentence: why not more, or what proved it
    bool operator==(const EgressLevel &) const = default;
};
QString toText(EgressLevel::Kind kind); ///< "none", "declared", "enforced"
JobEgress toJobEgress(const EgressLevel &level);

/// Enforced: all policies applied, none but enforcing ones, and a canary of this very set not older than `canaryLife`.
EgressLevel levelOf(const PolicyStatus &status, const std::optional<CanaryFinding> &canary, WallTime now,
                    milliseconds canaryLife);
/// What may be said of the jobs of a pipeline in that mode, where `all` is said of the base list: what was proved is
/// the base's policy, by a pod of no pipeline.
EgressLevel levelIn(Mode mode, const EgressLevel &all);

} // namespace danube::egress
