// SPDX-License-Identifier: GPL-3.0-or-later
#include "shared/egress/entry.h"

#include <algorithm>

using namespace Qt::StringLiterals;

namespace danube::egress {
namespace {

struct ServiceName
{
    QString service;
    QString nameSpace;
};

bool isNamespaceWord(const QString &label, const ClusterNames &cluster)
{
    return cluster.namespaces.contains(label) || (label.contains(u'-') && !label.startsWith(u"xn--"));
}

bool isDecimal(QStringView text)
{
    return !text.isEmpty() && std::ranges::all_of(text, [](QChar c) { return c >= u'0' && c <= u'9'; });
}

bool isIpv4(QStringView text)
{
    if (text.endsWith(u'.')) // as a name it would be canonical without
        text.chop(1);
    const auto parts = text.split(u'.');
    return parts.size() == 4 && std::ranges::all_of(parts, [](QStringView part) {
               return part.size() <= 3 && isDecimal(part) && part.toInt() <= 255;
           });
}

/// Enough to tell it from names: two colons, nothing but hexadecimal digits, colons and dots, maybe a zone.
bool isIpv6(QStringView text)
{
    if (text.startsWith(u'[') && text.endsWith(u']'))
        text = text.sliced(1, text.size() - 2);
    const QStringView address = text.contains(u'%') ? text.first(text.indexOf(u'%')) : text;
    return address.count(u':') >= 2 && std::ranges::all_of(address, [](QChar c) {
               return (c >= u'0' && c <= u'9') || (c.toLower() >= u'a' && c.toLower() <= u'f') || c == u':' ||
                      c == u'.';
           });
}

bool isCidr(QStringView text)
{
    const auto slash = text.indexOf(u'/');
    return slash > 0 && isIpAddress(text.first(slash)) && isDecimal(text.sliced(slash + 1));
}

EntryDefect toEntryDefect(PatternDefect defect)
{
    switch (defect) {
    case PatternDefect::Empty:
        return EntryDefect::Empty;
    case PatternDefect::TooLong:
        return EntryDefect::TooLong;
    case PatternDefect::EmptyLabel:
        return EntryDefect::EmptyLabel;
    case PatternDefect::LabelTooLong:
        return EntryDefect::LabelTooLong;
    case PatternDefect::BadCharacter:
        break;
    }
    return EntryDefect::BadCharacter;
}

/// What is wrong with the text as a whole, before it is taken apart.
std::optional<EntryDefect> formDefect(QStringView text)
{
    if (text.trimmed().isEmpty())
        return EntryDefect::Empty;
    if (std::ranges::any_of(text, [](QChar c) { return c.isSpace(); }))
        return EntryDefect::Blank;
    if (isCidr(text))
        return EntryDefect::Cidr;
    if (std::ranges::any_of(text, [](QChar c) { return c == u'/' || c == u'@' || c == u'?' || c == u'#'; }))
        return EntryDefect::Url;
    if (isIpv6(text) || (text.startsWith(u'[') && text.contains(u"]:")))
        return EntryDefect::IpAddress;
    if (std::ranges::any_of(text, [](QChar c) { return c.unicode() > 0x7f; }))
        return EntryDefect::Unicode;
    return std::nullopt;
}

std::expected<quint16, EntryDefect> parsePort(QStringView text)
{
    const uint port = isDecimal(text) && text.size() <= 5 && !text.startsWith(u'0') ? text.toUInt() : 0;
    if (port < 1 || port > 65535)
        return std::unexpected(EntryDefect::BadPort);
    return static_cast<quint16>(port);
}

/// The labels before "svc" or "svc.<domain>"; nullopt when the name ends otherwise.
std::optional<QStringList> labelsBelowSvc(const QString &name, const ClusterNames &cluster)
{
    QString rest = name;
    const QString domain = u'.' + cluster.domain;
    if (rest.endsWith(domain))
        rest.chop(domain.size());
    else if (!rest.endsWith(u".svc"))
        return std::nullopt;
    if (rest != u"svc" && !rest.endsWith(u".svc"))
        return QStringList();
    rest.chop(rest == u"svc" ? 3 : 4);
    return rest.split(u'.', Qt::SkipEmptyParts);
}

/// nullopt = a public name.
std::expected<std::optional<ServiceName>, EntryDefect> findService(const Pattern &pattern, const ClusterNames &cluster)
{
    const auto below = labelsBelowSvc(pattern.text(), cluster);
    const QStringList labels = below.value_or(pattern.labels());
    const bool isShort =
        !below && labels.size() == (pattern.isAnyDepth() ? 1 : 2) && isNamespaceWord(labels.last(), cluster);
    if (!below && !isShort)
        return std::nullopt;
    if (!pattern.isName())
        return std::unexpected(EntryDefect::InClusterWildcard);
    if (labels.size() != 2)
        return std::unexpected(EntryDefect::InClusterShape);
    if (labels[0] == u"kubernetes" && labels[1] == u"default")
        return std::unexpected(EntryDefect::ApiServer);
    return ServiceName{labels[0], labels[1]};
}

} // namespace

std::expected<Entry, EntryDefect> Entry::parse(QStringView text, const ClusterNames &cluster)
{
    if (const auto defect = formDefect(text))
        return std::unexpected(*defect);
    Entry entry;
    const auto colon = text.indexOf(u':');
    const QStringView host = colon < 0 ? text : text.first(colon);
    if (isIpv4(host))
        return std::unexpected(EntryDefect::IpAddress);
    if (colon >= 0) {
        const auto port = parsePort(text.sliced(colon + 1));
        if (!port)
            return std::unexpected(port.error());
        entry.m_port = *port;
    }
    auto pattern = Pattern::parse(host);
    if (!pattern)
        return std::unexpected(toEntryDefect(pattern.error()));
    const auto service = findService(*pattern, cluster);
    if (!service)
        return std::unexpected(service.error());
    entry.m_pattern = *std::move(pattern);
    if (!service->has_value())
        return entry;
    entry.m_service = (*service)->service;
    entry.m_namespace = (*service)->nameSpace;
    auto full = Pattern::parse(u"%1.%2.svc.%3"_s.arg(entry.m_service, entry.m_namespace, cluster.domain));
    if (!full)
        return std::unexpected(toEntryDefect(full.error()));
    entry.m_pattern = *std::move(full);
    return entry;
}

bool Entry::opens(quint16 port) const
{
    if (m_port)
        return *m_port == port;
    return isInCluster() || port == 80 || port == 443;
}

bool Entry::covers(const Entry &other, CiliumVersion version) const
{
    if (isInCluster() != other.isInCluster() || !m_pattern.covers(other.m_pattern, version))
        return false;
    if (other.m_port)
        return opens(*other.m_port);
    return !m_port;
}

QString Entry::text() const
{
    const QString host = isInCluster() ? m_service + u'.' + m_namespace : m_pattern.text();
    const bool isAmbiguous = isInCluster() && !m_namespace.contains(u'-');
    const QString name = isAmbiguous ? host + u".svc"_s : host;
    return m_port ? name + u':' + QString::number(*m_port) : name;
}

Entry Entry::withPort(std::optional<quint16> port) const
{
    Entry entry = *this;
    entry.m_port = port;
    return entry;
}

QString canonicalHost(QStringView host, const ClusterNames &cluster)
{
    const QString name = canonicalName(host);
    if (name.isEmpty() || isIpv4(name))
        return {};
    const auto entry = Entry::parse(name, cluster);
    return entry && entry->isInCluster() ? entry->pattern().text() : name;
}

std::optional<QStringList> entryTexts(const QStringList &texts, std::optional<quint16> port,
                                      const ClusterNames &cluster)
{
    QStringList canonical;
    for (const QString &text : texts) {
        const auto entry = Entry::parse(text, cluster);
        if (!entry)
            return std::nullopt;
        canonical.append(entry->withPort(port).text());
    }
    return canonical;
}

bool isIpAddress(QStringView text)
{
    return isIpv4(text) || isIpv6(text);
}

bool isAddressRange(QStringView text)
{
    const QStringView length = text.sliced(std::min(text.size(), text.indexOf(u'/') + 1));
    return isCidr(text) && length.size() <= 3 && length.toInt() <= (text.contains(u':') ? 128 : 32);
}

} // namespace danube::egress
