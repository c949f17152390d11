// SPDX-License-Identifier: GPL-3.0-or-later
#include "console/models/entrywords.h"

#include <QCoreApplication>

using namespace Qt::StringLiterals;

namespace danube::console {

namespace {

using egress::Entry;

constexpr qsizetype exampleCount = 2;

QString translated(const char *text)
{
    return QCoreApplication::translate("EntryWords", text);
}

/// The name behind the wildcard; a name itself; empty for "*".
QString domainOf(const egress::Pattern &pattern)
{
    QStringList labels = pattern.labels();
    while (!labels.isEmpty() && labels.first() == u"*"_s)
        labels.removeFirst();
    return labels.join(u'.');
}

/// The pattern with every star replaced.
QString filled(const egress::Pattern &pattern, const QString &with)
{
    QString text = pattern.text();
    if (pattern.isAnyDepth())
        text.remove(0, 1);
    return text.replace(u'*', with);
}

QStringList candidates(const egress::Pattern &pattern)
{
    if (pattern.isMatchAll())
        return {u"packages.example.org"_s, u"any.other.example.com"_s};
    const QString domain = domainOf(pattern);
    QStringList names{filled(pattern, u"files"_s), filled(pattern, {}),        filled(pattern, u"a.b"_s),
                      filled(pattern, u"eu-1"_s),  u"files."_s + domain,       u"a.b."_s + domain,
                      u"evil"_s + domain,          domain + u".example.net"_s, domain};
    names.removeIf([](const QString &name) { return egress::canonicalName(name).isEmpty(); });
    names.removeDuplicates();
    return names;
}

quint16 otherPort(const Entry &entry)
{
    return entry.port() ? (*entry.port() == 443 ? 80 : 443) : 22;
}

void addExamples(EntryWords &words, const Entry &entry, const egress::LintOptions &options)
{
    const auto add = [&](const QString &name, quint16 port) {
        const QString host = egress::canonicalHost(name, options.cluster);
        const bool matches = !host.isEmpty() && entry.opens(port) && entry.pattern().matches(host, options.cilium);
        QStringList &list = matches ? words.matches : words.mismatches;
        const QString example = u"%1:%2"_s.arg(name).arg(port);
        if (list.size() < exampleCount && !list.contains(example))
            list.append(example);
    };
    const quint16 port = entry.port().value_or(443);
    if (entry.isInCluster()) {
        const QString service = u"%1.%2"_s.arg(entry.service(), entry.serviceNamespace());
        add(service, port);
        add(service + u".svc"_s, port);
        add(u"other."_s + entry.serviceNamespace(), port);
        add(entry.service() + u".other-namespace"_s, port);
        return;
    }
    for (const QString &name : candidates(entry.pattern()))
        add(name, port);
    for (const QString &name : candidates(entry.pattern())) {
        if (!entry.port())
            add(name, 80);
        add(name, otherPort(entry));
    }
}

QString portWords(const Entry &entry)
{
    if (entry.port())
        return translated(QT_TRANSLATE_NOOP("EntryWords", "port %1")).arg(*entry.port());
    return entry.isInCluster() ? translated(QT_TRANSLATE_NOOP("EntryWords", "all its ports"))
                               : translated(QT_TRANSLATE_NOOP("EntryWords", "ports 80 and 443"));
}

QString meaningOf(const Entry &entry, EntryKind kind, const egress::LintOptions &options)
{
    const QString domain = domainOf(entry.pattern());
    switch (kind) {
    case EntryKind::Exact:
        return translated(QT_TRANSLATE_NOOP("EntryWords", "%1 itself and nothing below it, %2"))
            .arg(domain, portWords(entry));
    case EntryKind::OneLevel:
        return translated(QT_TRANSLATE_NOOP("EntryWords", "names one label below %1, not %1 itself, %2"))
            .arg(domain, portWords(entry));
    case EntryKind::AnyDepth:
        return (options.cilium.hasAnyDepthPrefix()
                    ? translated(QT_TRANSLATE_NOOP("EntryWords", "all names below %1, however deep, not %1 itself, %2"))
                    : translated(QT_TRANSLATE_NOOP("EntryWords",
                                                   "with this Cilium only one label below %1, not %1 itself, %2")))
            .arg(domain, portWords(entry));
    case EntryKind::OtherPattern:
        return translated(QT_TRANSLATE_NOOP("EntryWords", "names of the form %1; * stands for any characters but a "
                                                          "dot, also for none, %2"))
            .arg(entry.pattern().text(), portWords(entry));
    case EntryKind::MatchAll:
        return translated(QT_TRANSLATE_NOOP("EntryWords", "every name there is, %1")).arg(portWords(entry));
    case EntryKind::InCluster:
        return translated(QT_TRANSLATE_NOOP("EntryWords", "the cluster's Service %1 in %2, %3"))
            .arg(entry.service(), entry.serviceNamespace(), portWords(entry));
    case EntryKind::Invalid:
        break;
    }
    return {};
}

EntryKind kindOf(const Entry &entry)
{
    const egress::Pattern &pattern = entry.pattern();
    if (entry.isInCluster())
        return EntryKind::InCluster;
    if (pattern.isMatchAll())
        return EntryKind::MatchAll;
    if (pattern.isName())
        return EntryKind::Exact;
    if (domainOf(pattern).contains(u'*'))
        return EntryKind::OtherPattern;
    if (pattern.isAnyDepth())
        return EntryKind::AnyDepth;
    return pattern.text().count(u'*') == 1 ? EntryKind::OneLevel : EntryKind::OtherPattern;
}

} // namespace

EntryKind kindOf(const QString &text, const egress::LintOptions &options)
{
    const auto entry = Entry::parse(text, options.cluster);
    return entry ? kindOf(*entry) : EntryKind::Invalid;
}

QString kindWord(EntryKind kind)
{
    switch (kind) {
    case EntryKind::Exact:
        return translated(QT_TRANSLATE_NOOP("EntryWords", "Exact name"));
    case EntryKind::OneLevel:
        return translated(QT_TRANSLATE_NOOP("EntryWords", "Wildcard, one level"));
    case EntryKind::AnyDepth:
        return translated(QT_TRANSLATE_NOOP("EntryWords", "Wildcard, any depth"));
    case EntryKind::OtherPattern:
        return translated(QT_TRANSLATE_NOOP("EntryWords", "Wildcard inside"));
    case EntryKind::MatchAll:
        return translated(QT_TRANSLATE_NOOP("EntryWords", "Everything"));
    case EntryKind::InCluster:
        return translated(QT_TRANSLATE_NOOP("EntryWords", "In the cluster"));
    case EntryKind::Invalid:
        break;
    }
    return translated(QT_TRANSLATE_NOOP("EntryWords", "Invalid"));
}

EntryWords wordsOf(const QString &text, const egress::LintOptions &options)
{
    EntryWords words;
    const auto entry = Entry::parse(text, options.cluster);
    if (!entry) {
        words.meaning = translated(QT_TRANSLATE_NOOP("EntryWords", "opens nothing: no entry can be written like this"));
        return words;
    }
    words.kind = kindOf(*entry);
    words.meaning = meaningOf(*entry, words.kind, options);
    addExamples(words, *entry, options);
    return words;
}

QString severityWord(egress::Severity severity)
{
    switch (severity) {
    case egress::Severity::Error:
        return translated(QT_TRANSLATE_NOOP("EntryWords", "Error"));
    case egress::Severity::Warning:
        return translated(QT_TRANSLATE_NOOP("EntryWords", "Warning"));
    case egress::Severity::Hint:
        break;
    }
    return translated(QT_TRANSLATE_NOOP("EntryWords", "Hint"));
}

} // namespace danube::console
