// SPDX-License-Identifier: GPL-3.0-or-later
#include "shared/egress/proposal.h"

#include "shared/egress/knownhosts.h"

#include <QMap>

#include <algorithm>

using namespace Qt::StringLiterals;

namespace danube::egress {
namespace {

constexpr int fewestForWildcard = 3;

QString parentOf(const QString &name)
{
    return name.section(u'.', 1);
}

/// Not a public suffix, and no place where strangers have names.
bool isHarmlessParent(const QString &parent)
{
    const QStringList labels = parent.split(u'.');
    return labels.size() > known::publicSuffixLabels(labels) &&
           known::sharedDomainOf(labels).sharing == known::Sharing::None;
}

void addWildcards(QList<Proposal> &proposals, const ClusterNames &cluster)
{
    QMap<QString, int> children;
    const auto parentOfPublic = [&](const Proposal &proposal) {
        const auto entry = Entry::parse(proposal.entry, cluster);
        return entry && !entry->isInCluster() && !entry->port() ? parentOf(entry->pattern().text()) : QString();
    };
    for (const Proposal &proposal : proposals)
        ++children[parentOfPublic(proposal)];
    for (Proposal &proposal : proposals) {
        const QString parent = parentOfPublic(proposal);
        if (!parent.isEmpty() && children[parent] >= fewestForWildcard && isHarmlessParent(parent))
            proposal.wildcard = u"*."_s + parent;
    }
}

QList<Finding> findingsOf(const QString &entry, const Allowlists &lists, LintOptions options)
{
    options.inherited = lists.base + lists.pipeline;
    return lint({entry}, options);
}

} // namespace

Proposals propose(const QList<Refusal> &refusals, const Allowlists &lists, const LintOptions &options)
{
    Proposals result;
    QMap<QString, qint64> counts; // by entry
    for (const Refusal &refusal : refusals) {
        const Verdict verdict =
            explain({refusal.host, refusal.port == 0 ? quint16(443) : refusal.port}, lists, options);
        if (!verdict.proposal.isEmpty())
            counts[verdict.proposal.first()] += refusal.count;
        else if (result.notProposed.size() < maxProposals && !result.notProposed.contains(verdict))
            result.notProposed.append(verdict);
    }
    for (const auto &[entry, count] : counts.asKeyValueRange())
        result.entries.append({entry, count, {}, {}});
    std::ranges::stable_sort(result.entries, std::ranges::greater(), &Proposal::count);
    result.leftOut = std::max<qsizetype>(0, result.entries.size() - maxProposals);
    result.entries.resize(result.entries.size() - result.leftOut);
    for (Proposal &proposal : result.entries)
        proposal.findings = findingsOf(proposal.entry, lists, options);
    addWildcards(result.entries, options.cluster);
    return result;
}

} // namespace danube::egress
