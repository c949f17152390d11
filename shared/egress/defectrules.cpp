// SPDX-License-Identifier: GPL-3.0-or-later
#include "shared/egress/lintrules.h"

#include <QMap>
#include <QUrl>

#include <algorithm>

using namespace Qt::StringLiterals;

namespace danube::egress::rules {
namespace {

/// The texts, when all of them are entries.
std::optional<QStringList> onlyEntries(const QStringList &texts, const ClusterNames &cluster)
{
    const bool areAll = !texts.isEmpty() && std::ranges::all_of(texts, [&](const QString &each) {
        return Entry::parse(each, cluster).has_value();
    });
    return areAll ? std::optional(texts) : std::nullopt;
}

QStringList entryOfUrl(const QString &text)
{
    const auto at = text.indexOf(u'@');
    if (at > 0 && !text.contains(u"://")) // git@host:path
        return {text.sliced(at + 1).section(u':', 0, 0) + u":22"_s};
    const QUrl url(text.contains(u"://") ? text : u"https://"_s + text);
    const QString host = url.host(QUrl::FullyEncoded);
    if (host.isEmpty())
        return {};
    return {url.port() > 0 ? host + u':' + QString::number(url.port()) : host};
}

QStringList entryOfUnicode(const QString &text)
{
    const auto colon = text.indexOf(u':');
    const QString host = colon < 0 ? text : text.first(colon);
    const QByteArray ace = QUrl::toAce(host);
    return ace.isEmpty() ? QStringList() : QStringList{QString::fromLatin1(ace) + text.sliced(host.size())};
}

QStringList entryOfPortName(const QString &text)
{
    static const QMap<QString, int> ports{{u"git"_s, 9418}, {u"http"_s, 80}, {u"https"_s, 443}, {u"ssh"_s, 22}};
    const auto colon = text.indexOf(u':');
    const int port = ports.value(text.sliced(colon + 1).toLower());
    return port == 0 ? QStringList() : QStringList{text.first(colon + 1) + QString::number(port)};
}

/// ".example.org" means "and everything below" to other programs.
QStringList entriesOfLeadingDot(const QString &text)
{
    return text.startsWith(u'.') ? QStringList{text.sliced(1), u'*' + text} : QStringList();
}

struct Description
{
    FindingCode code;
    QString why; ///< after "'text' "
    QStringList fix;
};

Description describeForm(const QString &text, EntryDefect defect)
{
    switch (defect) {
    case EntryDefect::Blank:
        return {FindingCode::Blank, u"has blanks"_s, {text.trimmed()}};
    case EntryDefect::Url:
        return {FindingCode::Url, u"is a URL: an entry is a name, with a port or without"_s, entryOfUrl(text)};
    case EntryDefect::IpAddress:
        return {FindingCode::IpAddress, u"is an address: entries are names, addresses follow from DNS answers"_s, {}};
    case EntryDefect::Cidr:
        return {FindingCode::Cidr, u"is an address range: entries are names, addresses follow from DNS answers"_s, {}};
    case EntryDefect::Unicode:
        return {FindingCode::Unicode, u"is not ASCII: DNS carries the xn-- form"_s, entryOfUnicode(text)};
    case EntryDefect::BadPort:
        return {FindingCode::BadPort, u"has no port of 1 to 65535 after the colon"_s, entryOfPortName(text)};
    default:
        break;
    }
    return {FindingCode::BadCharacter, u"has characters other than letters, digits, '-', '_', '.' and '*'"_s, {}};
}

Description describe(const QString &text, EntryDefect defect)
{
    switch (defect) {
    case EntryDefect::TooLong:
        return {FindingCode::TooLong, u"is longer than %1 characters"_s.arg(maxPatternLength), {}};
    case EntryDefect::EmptyLabel:
        return {FindingCode::EmptyLabel, u"has an empty label"_s, entriesOfLeadingDot(text)};
    case EntryDefect::LabelTooLong:
        return {FindingCode::LabelTooLong,
                u"has a label of more than %1 characters: no such name exists"_s.arg(maxLabelLength),
                {}};
    case EntryDefect::InClusterWildcard:
        return {FindingCode::InClusterWildcard, u"has a '*' in a name of the cluster: name each Service"_s, {}};
    case EntryDefect::InClusterShape:
        return {FindingCode::InClusterShape, u"is no Service of the cluster: write name.namespace.svc"_s, {}};
    default:
        return describeForm(text, defect);
    }
}

} // namespace

Finding defectFinding(const QString &text, EntryDefect defect, const ClusterNames &cluster)
{
    if (defect == EntryDefect::Empty)
        return {FindingCode::Empty, Severity::Error, 0, u"the entry is empty"_s, QStringList()};
    if (defect == EntryDefect::ApiServer)
        return {FindingCode::ApiServer, Severity::Error, 0,
                u"'%1' is the Kubernetes API server: jobs never reach it, the master works through it"_s.arg(
                    displayText(text)),
                QStringList()};
    const Description what = describe(text, defect);
    return {what.code, Severity::Error, 0, u"'%1' %2"_s.arg(displayText(text), what.why),
            onlyEntries(what.fix, cluster)};
}

} // namespace danube::egress::rules
