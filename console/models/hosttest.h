// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "shared/egress/explain.h"
#include "shared/model/egressrefusal.h"

namespace danube::console {

/// The hosts named in a pasted text: a list of hosts, one a line, or a whole log, from which URLs, "host:port" and what
/// stands alone on its line or follows a word like "host" are taken. Each once, in order, at most `maxHosts`. Works on
/// any bytes.
constexpr qsizetype maxHosts = 1000;
QStringList hostsIn(const QString &text);

/// What two versions of the lists say of one host.
struct HostVerdict
{
    egress::Verdict now;
    egress::Verdict after;
    bool changes() const { return now.isAllowed != after.isAllowed; }
    bool operator==(const HostVerdict &) const = default;
};
QList<HostVerdict> testHosts(const QList<egress::Question> &hosts, const egress::Allowlists &now,
                             const egress::Allowlists &after, const egress::LintOptions &options);

/// Jobs among the refused ones whose refusals the edit would let through, wholly or in part. What an edit would refuse
/// anew cannot be told from refusals.
qsizetype jobsLetThrough(const QList<EgressRefusal> &refusals, const egress::Allowlists &now,
                         const egress::Allowlists &after, const egress::LintOptions &options);

} // namespace danube::console
