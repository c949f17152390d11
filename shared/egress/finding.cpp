// SPDX-License-Identifier: GPL-3.0-or-later
#include "shared/egress/finding.h"

#include <QJsonArray>

#include <algorithm>
#include <array>
#include <utility>

using namespace Qt::StringLiterals;

namespace danube::egress {
namespace {

constexpr std::array names{
    std::pair(FindingCode::Empty, "empty"_L1),
    std::pair(FindingCode::Blank, "blank"_L1),
    std::pair(FindingCode::TooLong, "too-long"_L1),
    std::pair(FindingCode::BadCharacter, "bad-character"_L1),
    std::pair(FindingCode::Unicode, "unicode"_L1),
    std::pair(FindingCode::EmptyLabel, "empty-label"_L1),
    std::pair(FindingCode::LabelTooLong, "label-too-long"_L1),
    std::pair(FindingCode::Url, "url"_L1),
    std::pair(FindingCode::IpAddress, "ip-address"_L1),
    std::pair(FindingCode::Cidr, "cidr"_L1),
    std::pair(FindingCode::BadPort, "bad-port"_L1),
    std::pair(FindingCode::InClusterWildcard, "in-cluster-wildcard"_L1),
    std::pair(FindingCode::InClusterShape, "in-cluster-shape"_L1),
    std::pair(FindingCode::ApiServer, "api-server"_L1),
    std::pair(FindingCode::TooMany, "too-many"_L1),
    std::pair(FindingCode::MatchAll, "match-all"_L1),
    std::pair(FindingCode::LooseWildcard, "loose-wildcard"_L1),
    std::pair(FindingCode::DnsTunnel, "dns-tunnel"_L1),
    std::pair(FindingCode::DnsOverHttps, "dns-over-https"_L1),
    std::pair(FindingCode::DnsPort, "dns-port"_L1),
    std::pair(FindingCode::SharedHosting, "shared-hosting"_L1),
    std::pair(FindingCode::AnyDepthTooOld, "any-depth-too-old"_L1),
    std::pair(FindingCode::ServerNameUnknown, "server-name-unknown"_L1),
    std::pair(FindingCode::MasterPort, "master-port"_L1),
    std::pair(FindingCode::SingleLabel, "single-label"_L1),
    std::pair(FindingCode::Duplicate, "duplicate"_L1),
    std::pair(FindingCode::ApexNotCovered, "apex-not-covered"_L1),
    std::pair(FindingCode::OneLevelOnly, "one-level-only"_L1),
    std::pair(FindingCode::Shadowed, "shadowed"_L1),
    std::pair(FindingCode::SharedAddress, "shared-address"_L1),
    std::pair(FindingCode::Punycode, "punycode"_L1),
    std::pair(FindingCode::TooDeep, "too-deep"_L1),
    std::pair(FindingCode::StarsInside, "stars-inside"_L1),
    std::pair(FindingCode::UpperCase, "upper-case"_L1),
    std::pair(FindingCode::TrailingDot, "trailing-dot"_L1),
};

} // namespace

QString severityName(Severity severity)
{
    switch (severity) {
    case Severity::Error:
        return u"error"_s;
    case Severity::Warning:
        return u"warning"_s;
    case Severity::Hint:
        break;
    }
    return u"hint"_s;
}

QString findingName(FindingCode code)
{
    const auto *const row = std::ranges::find(names, code, [](const auto &pair) { return pair.first; });
    Q_ASSERT(row != names.end());
    return row->second;
}

QJsonObject toJson(const Finding &finding)
{
    QJsonObject object{{u"code"_s, findingName(finding.code)},
                       {u"severity"_s, severityName(finding.severity)},
                       {u"entry"_s, finding.entry},
                       {u"message"_s, finding.message}};
    if (finding.fix)
        object.insert(u"fix"_s, QJsonArray::fromStringList(*finding.fix));
    return object;
}

QStringList applyFix(const QStringList &list, const Finding &finding)
{
    if (!finding.fix || finding.entry < 0 || finding.entry >= list.size())
        return list;
    return list.first(finding.entry) + *finding.fix + list.sliced(finding.entry + 1);
}

QString displayText(const QString &text)
{
    constexpr qsizetype most = 80;
    QString out = text.size() > most ? text.first(most) + u'…' : text;
    for (QChar &c : out)
        c = c.isPrint() ? c : QChar(u'\uFFFD');
    return out;
}

} // namespace danube::egress
