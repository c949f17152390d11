// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "server/egress/flowrecord.h"
#include "shared/core/id.h"

namespace danube::egress {

/// What a flow says that a job tried: to reach a place, or to ask for a name.
struct Attempt
{
    enum class Outcome {
        LetThrough,
        Refused,
        WouldBeRefused, ///< Cilium itself runs in audit mode
    };
    JobId job;
    Outcome outcome = Outcome::LetThrough;
    WallTime time{};
    QString protocol;  ///< "DNS" for a query, else as in FlowRecord
    quint16 port = 0;  ///< 0 for a query
    QString address;   ///< empty for a query
    QStringList names; ///< the name asked for; of a connection all its address was looked up by, maybe none
    bool isWorld = false;
    bool operator==(const Attempt &) const = default;

    bool isQuery() const { return protocol == QLatin1StringView("DNS"); }
    /// The name, else the address: what a person is told.
    QString host() const { return names.isEmpty() ? address : names.first(); }
};

/// The job whose pod sent the flow (or got the DNS answer): by the label danube.dev/job, or, where Cilium is configured
/// to leave that label out of identities, by the pod's name. nullopt: no pod of a job in that namespace. Whether there
/// is such a job only the store knows.
std::optional<JobId> jobOf(const FlowRecord &record, const QString &jobsNamespace);

/// nullopt: the flow says nothing of what its job may do: replies, drops for other reasons than policy, ingress.
std::optional<Attempt> attemptOf(const FlowRecord &record, const QString &jobsNamespace);

} // namespace danube::egress
