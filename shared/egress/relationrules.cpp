// SPDX-License-Identifier: GPL-3.0-or-later
#include "shared/egress/lintrules.h"

#include <algorithm>

using namespace Qt::StringLiterals;

namespace danube::egress::rules {
namespace {

Finding finding(const Neighbour &self, FindingCode code, Severity severity, const QString &why, QStringList fix)
{
    return {code, severity, self.index, u"'%1' %2"_s.arg(self.entry.text(), why), std::move(fix)};
}

bool isEarlier(const Neighbour &other, const Neighbour &self)
{
    return other.index < self.index;
}

QString placeOf(const Neighbour &other)
{
    return other.index < 0 ? u" of config.json"_s : QString();
}

std::optional<Finding> duplicateOrShadowed(const Neighbour &self, const QList<Neighbour> &all,
                                           const LintOptions &options)
{
    const auto twin = std::ranges::find_if(
        all, [&](const Neighbour &other) { return isEarlier(other, self) && other.entry == self.entry; });
    if (twin != all.end())
        return finding(self, FindingCode::Duplicate, Severity::Warning,
                       u"is there already%1"_s.arg(twin->index < 0 ? u", in config.json"_s
                                                                   : u" (entry %1)"_s.arg(twin->index + 1)),
                       {});
    // Two that cover each other (as "*.x" and "**.x" of an older Cilium) shadow the later one only.
    const auto wider = std::ranges::find_if(all, [&](const Neighbour &other) {
        return other.entry != self.entry && other.entry.covers(self.entry, options.cilium) &&
               (isEarlier(other, self) || !self.entry.covers(other.entry, options.cilium));
    });
    if (wider == all.end())
        return std::nullopt;
    return finding(self, FindingCode::Shadowed, Severity::Hint,
                   u"is allowed by '%1'%2 as well"_s.arg(wider->entry.text(), placeOf(*wider)), {});
}

/// The name or pattern with the given labels and self's port.
Entry sibling(const Neighbour &self, const QString &text, const LintOptions &options)
{
    const auto entry = Entry::parse(text, options.cluster);
    return entry ? entry->withPort(self.entry.port()) : self.entry;
}

bool isCovered(const Entry &wanted, const QList<Neighbour> &all, const LintOptions &options)
{
    return std::ranges::any_of(all, [&](const Neighbour &other) { return other.entry.covers(wanted, options.cilium); });
}

/// "*.x" and "**.x" are often read as "x and everything below".
void checkReach(const Neighbour &self, const QList<Neighbour> &all, const LintOptions &options,
                QList<Finding> &findings)
{
    const Pattern &pattern = self.entry.pattern();
    const bool isOneLevel = !pattern.isAnyDepth() && pattern.text().startsWith(u"*.");
    const QStringList below = isOneLevel ? pattern.labels().sliced(1) : pattern.labels();
    const QString domain = below.join(u'.');
    if ((!isOneLevel && !pattern.isAnyDepth()) || below.size() < 2 || domain.contains(u'*'))
        return;
    const Entry apex = sibling(self, domain, options);
    if (!isCovered(apex, all, options))
        findings.append(finding(self, FindingCode::ApexNotCovered, Severity::Hint,
                                u"does not match '%1' itself"_s.arg(domain), {self.entry.text(), apex.text()}));
    const Entry deeper = sibling(self, u"*.*."_s + domain, options);
    if (!isOneLevel || isCovered(deeper, all, options))
        return;
    const Entry anyDepth = sibling(self, u"**."_s + domain, options);
    findings.append(finding(self, FindingCode::OneLevelOnly, Severity::Hint,
                            u"matches one label: 'a.%1', not 'a.b.%1'"_s.arg(domain),
                            options.cilium.hasAnyDepthPrefix() ? QStringList{anyDepth.text()}
                                                               : QStringList{self.entry.text(), deeper.text()}));
}

} // namespace

QList<Finding> relationFindings(const Neighbour &self, const QList<Neighbour> &all, const LintOptions &options)
{
    if (auto redundant = duplicateOrShadowed(self, all, options))
        return {*std::move(redundant)};
    QList<Finding> findings;
    if (!self.entry.isInCluster() && !self.entry.pattern().isMatchAll())
        checkReach(self, all, options, findings);
    return findings;
}

} // namespace danube::egress::rules
