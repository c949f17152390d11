// SPDX-License-Identifier: GPL-3.0-or-later
#include "shared/egress/knownhosts.h"
#include "shared/egress/lintrules.h"

#include <QUrl>

#include <algorithm>

using namespace Qt::StringLiterals;

namespace danube::egress::rules {
namespace {

struct Subject
{
    const QString &text; ///< as written
    const Entry &entry;
    const LintOptions &options;

    const Pattern &pattern() const { return entry.pattern(); }
    Finding finding(FindingCode code, Severity severity, const QString &why, std::optional<QStringList> fix = {}) const
    {
        return {code, severity, 0, u"'%1' %2"_s.arg(entry.text(), why), std::move(fix)};
    }
};

void checkSpelling(const Subject &subject, QList<Finding> &findings)
{
    const QStringView host = QStringView(subject.text)
                                 .first(std::max<qsizetype>(0, subject.text.contains(u':') ? subject.text.indexOf(u':')
                                                                                           : subject.text.size()));
    const QStringList canonical{subject.entry.text()};
    if (host.toString() != host.toString().toLower())
        findings.append(
            subject.finding(FindingCode::UpperCase, Severity::Hint, u"is compared in lower case"_s, canonical));
    if (host.endsWith(u'.'))
        findings.append(
            subject.finding(FindingCode::TrailingDot, Severity::Hint, u"needs no trailing dot"_s, canonical));
    const auto stars = std::ranges::find_if(host, [](QChar c) { return c != u'*'; }) - host.begin();
    if (host.sliced(subject.pattern().isAnyDepth() ? stars : 0).contains(u"**"))
        findings.append(subject.finding(FindingCode::StarsInside, Severity::Hint,
                                        u"has '**' where it means '*': only '**.' in front spans labels"_s, canonical));
}

void checkLabels(const Subject &subject, QList<Finding> &findings)
{
    const QStringList &labels = subject.pattern().labels();
    if (labels.size() == 1 && subject.pattern().isName())
        findings.append(subject.finding(FindingCode::SingleLabel, Severity::Warning,
                                        u"has one label: no public name has; a Service is written name.namespace"_s));
    if (labels.size() > maxSearchableLabels)
        findings.append(subject.finding(
            FindingCode::TooDeep, Severity::Hint,
            u"has more than %1 labels: with search domains (musl, ndots above 1) its lookups are refused first"_s.arg(
                maxSearchableLabels)));
    const bool isPunycode = std::ranges::any_of(labels, [](const QString &label) { return label.startsWith(u"xn--"); });
    if (isPunycode)
        findings.append(subject.finding(
            FindingCode::Punycode, Severity::Hint,
            u"reads '%1': make sure it is no look-alike"_s.arg(QUrl::fromAce(subject.pattern().text().toLatin1()))));
}

/// Wildcards in or right above the part that everybody may register.
void checkWidth(const Subject &subject, QList<Finding> &findings)
{
    const Pattern &pattern = subject.pattern();
    if (pattern.isMatchAll()) {
        findings.append(subject.finding(FindingCode::MatchAll, Severity::Warning, u"allows every name there is"_s));
        return;
    }
    const QStringList labels = (pattern.isAnyDepth() ? QStringList{u"*"_s} : QStringList()) + pattern.labels();
    const qsizetype registered = labels.size() - known::publicSuffixLabels(labels) - 1; // label a registrant chooses
    const bool isWild = std::ranges::any_of(labels.sliced(std::max<qsizetype>(registered, 0)),
                                            [](const QString &label) { return label.contains(u'*'); });
    if (!isWild)
        return;
    if (registered == 0 && labels.first() == u"*") {
        findings.append(
            subject.finding(FindingCode::DnsTunnel, Severity::Warning,
                            u"allows every domain below '%1': whoever registers one reads what queries carry out"_s.arg(
                                labels.sliced(1).join(u'.'))));
        return;
    }
    const QString bare = pattern.text().startsWith(u'*') ? pattern.text().sliced(1) : QString();
    std::optional<QStringList> fix;
    if (const auto apex = Pattern::parse(bare); apex && apex->isName())
        fix = entryTexts({bare, u"*."_s + bare}, subject.entry.port(), subject.options.cluster);
    const QString example = QString(pattern.text()).replace(u"*"_s, u"evil"_s);
    findings.append(subject.finding(FindingCode::LooseWildcard, Severity::Warning,
                                    u"also matches '%1', which anybody may register"_s.arg(example), fix));
}

void checkPlace(const Subject &subject, QList<Finding> &findings)
{
    const Pattern &pattern = subject.pattern();
    if (const auto resolver = known::resolverIn(pattern))
        findings.append(subject.finding(
            FindingCode::DnsOverHttps, Severity::Warning,
            u"lets '%1' through, a resolver over HTTPS: names asked there are seen by nobody"_s.arg(*resolver)));
    if (pattern.isMatchAll())
        return;
    const auto place = known::sharedDomainOf(pattern.labels());
    if (place.sharing == known::Sharing::None)
        return;
    if (place.sharing == known::Sharing::Tunnels && !pattern.isName())
        findings.append(
            subject.finding(FindingCode::DnsTunnel, Severity::Warning,
                            u"allows names below '%1', which lead anywhere for anybody"_s.arg(place.domain)));
    else if (place.sharing == known::Sharing::Names && !pattern.isName())
        findings.append(subject.finding(FindingCode::SharedHosting, Severity::Warning,
                                        u"allows other people's sites at '%1'; name yours"_s.arg(place.domain)));
    else if (!subject.entry.port())
        findings.append(subject.finding(
            FindingCode::SharedAddress, Severity::Hint,
            u"shares its addresses with other sites of '%1': on 443 the TLS name tells them apart, on 80 nothing does"_s
                .arg(place.domain),
            QStringList{subject.entry.withPort(443).text()}));
}

void checkVersion(const Subject &subject, QList<Finding> &findings)
{
    const Pattern &pattern = subject.pattern();
    const CiliumVersion &cilium = subject.options.cilium;
    if (pattern.isAnyDepth() && !cilium.hasAnyDepthPrefix()) {
        const QString oneLabel = pattern.text().sliced(1);
        const QStringList depths{oneLabel, u"*."_s + oneLabel, u"*.*."_s + oneLabel};
        const auto fix = entryTexts(depths, subject.entry.port(), subject.options.cluster);
        findings.append(subject.finding(FindingCode::AnyDepthTooOld, Severity::Warning,
                                        u"means one label with Cilium %1; any depth needs 1.19"_s.arg(toText(cilium)),
                                        fix));
    } else if (pattern.isAnyDepth()) {
        findings.append(subject.finding(
            FindingCode::DnsTunnel, Severity::Hint,
            u"spans any depth: queries below it have room for data, read by whoever runs the domain"_s));
    }
    if (subject.entry.opens(443) && !pattern.isMatchAll() && !pattern.isServerName(cilium))
        findings.append(subject.finding(
            FindingCode::ServerNameUnknown, Severity::Warning,
            u"cannot be checked as a TLS name by Cilium %1: every site at its addresses is reachable"_s.arg(
                toText(cilium))));
}

void checkPort(const Subject &subject, QList<Finding> &findings)
{
    const auto port = subject.entry.port();
    if (port == 53 || port == 853)
        findings.append(subject.finding(FindingCode::DnsPort, Severity::Warning,
                                        u"opens another resolver: names asked there are seen by nobody"_s));
}

void checkMaster(const Subject &subject, QList<Finding> &findings)
{
    const auto master = Entry::parse(subject.options.master, subject.options.cluster);
    if (!master || master->pattern() != subject.pattern())
        return;
    if (subject.entry.port() == subject.options.masterPort)
        findings.append(
            subject.finding(FindingCode::Shadowed, Severity::Hint, u"is open to every job anyway"_s, QStringList()));
    else
        findings.append(subject.finding(
            FindingCode::MasterPort, Severity::Warning,
            u"opens more of the master than jobs need: port %1 is open anyway"_s.arg(subject.options.masterPort),
            QStringList()));
}

} // namespace

QList<Finding> entryFindings(const QString &text, const Entry &entry, const LintOptions &options)
{
    const Subject subject{text, entry, options};
    QList<Finding> findings;
    checkSpelling(subject, findings);
    checkPort(subject, findings);
    if (entry.isInCluster()) {
        checkMaster(subject, findings);
        return findings;
    }
    checkLabels(subject, findings);
    checkWidth(subject, findings);
    checkPlace(subject, findings);
    checkVersion(subject, findings);
    return findings;
}

} // namespace danube::egress::rules
