// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "shared/egress/explain.h"

namespace danube::egress {

/// A host that jobs were refused. From flows: bytes of strangers.
struct Refusal
{
    QString host;
    quint16 port = 0; ///< 0 = a refused DNS query
    qint64 count = 1;
};

struct Proposal
{
    QString entry;    ///< the narrowest that would have allowed it
    qint64 count = 0; ///< refusals it answers
    QString wildcard; ///< one pattern for this and at least two other proposals, when a harmless one exists; else empty
    QList<Finding> findings; ///< what the linter says of the entry, such as a resolver over HTTPS
    bool operator==(const Proposal &) const = default;
};

struct Proposals
{
    QList<Proposal> entries;    ///< most refused first
    QList<Verdict> notProposed; ///< addresses, what is no name, what is allowed by now; at most maxProposals
    qsizetype leftOut = 0;      ///< more than maxProposals
};
constexpr qsizetype maxProposals = 200;

/// Entries to add so that the refused hosts are let through. Exact names only: a wildcard is for people to choose.
Proposals propose(const QList<Refusal> &refusals, const Allowlists &lists, const LintOptions &options = {});

} // namespace danube::egress
