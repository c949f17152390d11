// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "server/egress/egresslists.h"
#include "server/egress/policystatus.h"
#include "shared/egress/allowlistdiff.h"
#include "shared/egress/policydiff.h"

namespace danube::egress {

/// What other lists would do to egress, before they are in force.
struct PolicyPlan
{
    /// One difference of one list. What a change of the list for every job does to a pipeline is not said again.
    struct Access
    {
        QString pipeline; ///< empty = every job
        ListChange change;
        bool operator==(const Access &) const = default;
    };
    PolicyKind kind = PolicyKind::Cilium; ///< of the objects
    QList<Access> access;
    QList<PolicyChange> objects;
    QStringList notes;    ///< of the compiler, on the lists to come
    QString digestBefore; ///< empty: nothing is in force
    QString digestAfter;
    std::optional<Error> failure; ///< the lists to come cannot be compiled: nothing would change
    bool operator==(const PolicyPlan &) const = default;
};

/// Pure. `kind` as it is applied; None (no cluster) plans Cilium's objects all the same.
PolicyPlan planPolicies(const EgressLists &before, const EgressLists &after, PolicyKind kind,
                        const PolicySettings &settings, const LintOptions &lint);

/// {kind, digest_before, digest_after, access: [{pipeline?, change: "added" | "removed", entry, changes_access, text}],
/// objects: as toJson(PolicyChange), left_out, notes, error?}; at most maxPlannedObjects.
QJsonObject toJson(const PolicyPlan &plan);
constexpr qsizetype maxPlannedObjects = 200;

} // namespace danube::egress
