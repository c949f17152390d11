// SPDX-License-Identifier: GPL-3.0-or-later
#include "shared/egress/linter.h"

#include "shared/egress/lintrules.h"

#include <algorithm>

using namespace Qt::StringLiterals;

namespace danube::egress {
namespace {

QList<rules::Neighbour> readable(const QStringList &list, const LintOptions &options)
{
    QList<rules::Neighbour> entries;
    for (const QString &text : options.inherited.first(std::min(options.inherited.size(), maxEntries))) {
        if (auto entry = Entry::parse(text, options.cluster))
            entries.append({*std::move(entry), -1});
    }
    for (qsizetype i = 0; i < list.size(); ++i) {
        if (auto entry = Entry::parse(list[i], options.cluster))
            entries.append({*std::move(entry), i});
    }
    return entries;
}

Finding tooMany(qsizetype count)
{
    return {FindingCode::TooMany, Severity::Error, maxEntries,
            u"%1 entries; %2 is the longest list"_s.arg(count).arg(maxEntries), std::nullopt};
}

QList<Finding> findingsOf(const QString &text, qsizetype index, const QList<rules::Neighbour> &neighbours,
                          const LintOptions &options)
{
    const auto entry = Entry::parse(text, options.cluster);
    if (!entry)
        return {rules::defectFinding(text, entry.error(), options.cluster)};
    if (options.errorsOnly)
        return {};
    return rules::entryFindings(text, *entry, options) + rules::relationFindings({*entry, index}, neighbours, options);
}

void appendBySeverity(QList<Finding> &all, const QList<Finding> &some, qsizetype entry)
{
    for (const Severity severity : {Severity::Error, Severity::Warning, Severity::Hint}) {
        for (const Finding &finding : some) {
            if (finding.severity != severity)
                continue;
            all.append(finding);
            all.last().entry = entry;
        }
    }
}

} // namespace

QList<Finding> lint(const QStringList &list, const LintOptions &options)
{
    if (list.size() > maxEntries)
        return {tooMany(list.size())};
    const auto neighbours = options.errorsOnly ? QList<rules::Neighbour>() : readable(list, options);
    QList<Finding> findings;
    for (qsizetype i = 0; i < list.size(); ++i)
        appendBySeverity(findings, findingsOf(list[i], i, neighbours, options), i);
    return findings;
}

bool hasErrors(const QList<Finding> &findings)
{
    return std::ranges::any_of(findings, [](const Finding &f) { return f.severity == Severity::Error; });
}

} // namespace danube::egress
