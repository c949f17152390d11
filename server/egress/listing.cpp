// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/egress/listing.h"

#include <algorithm>

using namespace Qt::StringLiterals;

namespace danube::egress {
namespace {

constexpr quint16 dnsPort = 53;
constexpr qsizetype maxClusterLabels = 8; // of the base policy's DNS rule: docs/adr/0040

bool isClusterName(const QString &name, const QString &domain)
{
    const QString suffix = u'.' + domain;
    return name.endsWith(suffix) && name.chopped(suffix.size()).count(u'.') < maxClusterLabels;
}

bool isQueryListed(const QString &host, const Allowlists &lists, const LintOptions &options)
{
    const QString name = canonicalName(host);
    if (name.isEmpty())
        return false;
    if (isClusterName(name, options.cluster.domain))
        return true;
    const auto matches = [&](const QString &text) {
        const auto entry = Entry::parse(text, options.cluster);
        return entry && !entry->isInCluster() && entry->pattern().matches(name, options.cilium);
    };
    return std::ranges::any_of(lists.base, matches) || std::ranges::any_of(lists.pipeline, matches);
}

} // namespace

bool isListed(const Attempt &attempt, const Allowlists &lists, const LintOptions &options)
{
    if (attempt.isQuery())
        return isQueryListed(attempt.host(), lists, options);
    const bool isUnnamedPod = !attempt.isWorld && attempt.names.isEmpty();
    if (!attempt.isWorld && (attempt.port == dnsPort || isUnnamedPod))
        return true;
    if (attempt.protocol != "TCP"_L1)
        return false;
    return std::ranges::any_of(attempt.names, [&](const QString &name) {
        return explain({.host = name, .port = attempt.port}, lists, options).isAllowed;
    });
}

} // namespace danube::egress
