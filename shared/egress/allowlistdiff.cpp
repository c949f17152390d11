// SPDX-License-Identifier: GPL-3.0-or-later
#include "shared/egress/allowlistdiff.h"

#include <QMap>

using namespace Qt::StringLiterals;

namespace danube::egress {
namespace {

using Entries = QMap<QString, std::optional<Entry>>; // by canonical text; nullopt = no entry

Entries read(const QStringList &list, const ClusterNames &cluster)
{
    Entries entries;
    for (const QString &text : list) {
        auto entry = Entry::parse(text, cluster);
        const QString key = entry ? entry->text() : text;
        entries.insert(key, entry ? std::optional(*std::move(entry)) : std::nullopt);
    }
    return entries;
}

QString portsOf(const Entry &entry)
{
    if (entry.port())
        return u"port %1"_s.arg(*entry.port());
    return entry.isInCluster() ? u"all its ports"_s : u"ports 80 and 443"_s;
}

QString targetText(const Entry &entry)
{
    return entry.pattern().isMatchAll() ? u"every name"_s : entry.withPort(std::nullopt).text();
}

const Entry *coverOf(const Entry &entry, const Entries &entries, CiliumVersion cilium)
{
    // Not of asKeyValueRange(), which may be a copy: what is found is to outlive the loop.
    const auto found = std::ranges::find_if(
        entries, [&](const std::optional<Entry> &other) { return other && other->covers(entry, cilium); });
    return found == entries.end() ? nullptr : &**found;
}

ListChange changeOf(ListChange::Kind kind, const QString &text, const std::optional<Entry> &entry,
                    const Entries &others, CiliumVersion cilium)
{
    const bool isAdded = kind == ListChange::Kind::Added;
    if (!entry)
        return {kind, text, false,
                isAdded ? u"adds '%1', which is no entry"_s.arg(displayText(text))
                        : u"removes '%1', which was no entry"_s.arg(displayText(text))};
    const QString what = u"%1 on %2"_s.arg(targetText(*entry), portsOf(*entry));
    const Entry *cover = coverOf(*entry, others, cilium);
    if (!cover)
        return {kind, text, true, isAdded ? u"opens "_s + what : u"closes "_s + what};
    const QString because = isAdded ? u"adds '%1': '%2' allowed it already"_s : u"removes '%1': '%2' still allows it"_s;
    return {kind, text, false, because.arg(text, cover->text())};
}

} // namespace

QList<ListChange> diffAllowlists(const QStringList &before, const QStringList &after, const LintOptions &options)
{
    const Entries old = read(before, options.cluster);
    const Entries now = read(after, options.cluster);
    QList<ListChange> changes;
    for (const auto &[text, entry] : old.asKeyValueRange()) {
        if (!now.contains(text))
            changes.append(changeOf(ListChange::Kind::Removed, text, entry, now, options.cilium));
    }
    for (const auto &[text, entry] : now.asKeyValueRange()) {
        if (!old.contains(text))
            changes.append(changeOf(ListChange::Kind::Added, text, entry, old, options.cilium));
    }
    return changes;
}

} // namespace danube::egress
