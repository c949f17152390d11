// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "shared/egress/entry.h"
#include "shared/egress/finding.h"

namespace danube::egress {

/// Longest allowlist. Cilium turns each pattern into an expression that every DNS answer on a node is matched against.
constexpr qsizetype maxEntries = 1000;
/// Labels that a name may have and still be asked for below a search domain ("…danube-jobs.svc.cluster.local" adds two
/// to the eight that the DNS rule allows).
constexpr qsizetype maxSearchableLabels = 6;

struct LintOptions
{
    CiliumVersion cilium{};
    ClusterNames cluster{};
    QStringList inherited{}; ///< the list that this one adds to (a pipeline's to config.json's)
    QString master = QStringLiteral("master.danube-system"); ///< the master's Service, as an entry names it
    quint16 masterPort = 9000;                               ///< RPC: open without an entry
    bool errorsOnly = false;                                 ///< no warnings, no hints: linear in the list
};

/// Everything there is to say of an allowlist, by entry, errors first. Pure; a list of maxEntries takes well below a
/// second. Of a longer list only the length is reported.
QList<Finding> lint(const QStringList &list, const LintOptions &options = {});

bool hasErrors(const QList<Finding> &findings);

} // namespace danube::egress
