// SPDX-License-Identifier: GPL-3.0-or-later
#include "shared/egress/explain.h"

#include <QJsonArray>
#include <QUrl>

using namespace Qt::StringLiterals;

namespace danube::egress {
namespace {

/// How near an entry comes to letting a name through; the larger, the nearer.
enum class Nearness { None, SameDomain, ParentName, Depth, Apex, NewerCilium, Port };

QString placeText(const EntryPlace &place)
{
    return u"'%1' (entry %2 of %3)"_s.arg(place.text)
        .arg(place.index + 1)
        .arg(place.isPipelines ? u"the pipeline"_s : u"config.json"_s);
}

/// "*.x" and "**.x": x; a name: itself; else empty.
QString domainOf(const Pattern &pattern)
{
    if (pattern.isName())
        return pattern.text();
    const QStringList labels = pattern.isAnyDepth() ? pattern.labels() : pattern.labels().sliced(1);
    const QString domain = labels.join(u'.');
    return pattern.text().startsWith(u"*") && !domain.contains(u'*') ? domain : QString();
}

bool isBelow(const QString &name, const QString &domain)
{
    return !domain.isEmpty() && name.endsWith(u'.' + domain);
}

QString lastLabels(const QString &name, qsizetype count)
{
    return name.section(u'.', static_cast<int>(-count));
}

Nearness nearnessOf(const Entry &entry, const Entry &asked, CiliumVersion cilium)
{
    const Pattern &pattern = entry.pattern();
    const QString &host = asked.pattern().text();
    if (entry.isInCluster() != asked.isInCluster())
        return Nearness::None;
    if (pattern.matches(host, cilium))
        return Nearness::Port;
    if (pattern.isMatchAll() || asked.isInCluster())
        return Nearness::None;
    if (pattern.matches(host, {1, 19}))
        return Nearness::NewerCilium;
    const QString domain = domainOf(pattern);
    if (!pattern.isName() && host == domain)
        return Nearness::Apex;
    if (isBelow(host, domain))
        return pattern.isName() ? Nearness::ParentName : Nearness::Depth;
    const bool isRelated = host.count(u'.') >= 1 && lastLabels(pattern.text(), 2) == lastLabels(host, 2);
    return isRelated ? Nearness::SameDomain : Nearness::None;
}

Verdict refused(const Question &question, const QString &reason)
{
    return {question, false, {}, reason, {}};
}

} // namespace

struct Explainer::Near
{
    Nearness nearness = Nearness::None;
    const Candidate *candidate = nullptr;
};

Explainer::Explainer(const Allowlists &lists, LintOptions options) : m_options(std::move(options))
{
    append(lists.base, false);
    append(lists.pipeline, true);
}

void Explainer::append(const QStringList &list, bool isPipelines)
{
    for (qsizetype i = 0; i < std::min(list.size(), maxEntries); ++i) {
        if (auto entry = Entry::parse(list[i], m_options.cluster))
            m_candidates.append({{isPipelines, i, entry->text()}, *std::move(entry)});
    }
}

QString Explainer::whyNot(const Near &near, const Question &question) const
{
    const QString place = placeText(near.candidate->place);
    switch (near.nearness) {
    case Nearness::Port:
        return near.candidate->entry.port() ? u"%1 opens port %2 only"_s.arg(place).arg(*near.candidate->entry.port())
                                            : u"%1 opens ports 80 and 443, not %2"_s.arg(place).arg(question.port);
    case Nearness::NewerCilium:
        return u"%1 spans one label with Cilium %2; any depth needs 1.19"_s.arg(place, toText(m_options.cilium));
    case Nearness::Apex:
        return u"%1 matches names below '%2', not itself"_s.arg(place, question.host);
    case Nearness::Depth:
        return u"%1 matches one label, and '%2' has more"_s.arg(place, question.host);
    case Nearness::ParentName:
        return u"%1 matches that name only, none below it"_s.arg(place);
    case Nearness::SameDomain:
        return u"%1 is of the same domain and does not match"_s.arg(place);
    case Nearness::None:
        break;
    }
    return u"no entry comes near"_s;
}

QStringList Explainer::proposalFor(const Entry &asked, const Near &near) const
{
    const bool isUsual = !asked.isInCluster() && (asked.port() == 80 || asked.port() == 443);
    const std::optional<quint16> port = isUsual ? std::nullopt : asked.port();
    QStringList proposal{asked.withPort(port).text()};
    if (near.nearness != Nearness::Depth || !m_options.cilium.hasAnyDepthPrefix())
        return proposal;
    const QString anyDepth = u"**."_s + domainOf(near.candidate->entry.pattern());
    return proposal + entryTexts({anyDepth}, port, m_options.cluster).value_or(QStringList());
}

/// The host and port as an entry would name them, or the verdict where no list matters.
std::expected<Entry, Verdict> Explainer::askedFor(const Question &question) const
{
    if (isIpAddress(question.host))
        return std::unexpected(
            refused(question, u"'%1' is an address: jobs reach names, whose addresses follow from DNS answers"_s.arg(
                                  displayText(question.host))));
    const QString host = canonicalHost(question.host, m_options.cluster);
    if (host.isEmpty())
        return std::unexpected(refused(question, u"'%1' is no DNS name"_s.arg(displayText(question.host))));
    const auto asked = Entry::parse(host, m_options.cluster);
    if (!asked && asked.error() == EntryDefect::ApiServer)
        return std::unexpected(refused(question, u"jobs never reach the Kubernetes API server"_s));
    if (!asked)
        return std::unexpected(refused(question, u"'%1' is no Service of the cluster"_s.arg(displayText(host))));
    const auto master = Entry::parse(m_options.master, m_options.cluster);
    if (master && asked->pattern() == master->pattern() && question.port == m_options.masterPort)
        return std::unexpected(
            Verdict{question, true, {}, u"every job reaches the master's port %1"_s.arg(m_options.masterPort), {}});
    return asked->withPort(question.port);
}

Result<Question> parseQuestion(const QString &text)
{
    const QString bare = text.trimmed();
    const bool isUrl = bare.contains(u"://");
    if (!isUrl && isIpAddress(bare))
        return Question{bare, 443};
    const QUrl url(isUrl ? bare : u"https://"_s + bare, QUrl::StrictMode);
    const QString host = url.host(QUrl::FullyEncoded);
    if (bare.isEmpty() || host.isEmpty() || (!isUrl && (!url.path().isEmpty() || url.hasQuery() || url.hasFragment())))
        return fail(ErrorCode::InvalidArgument, u"'%1': expected a host, host:port or URL"_s.arg(displayText(text)));
    const int port = url.port(url.scheme() == u"http" ? 80 : 443);
    if (port < 1 || port > 65535)
        return fail(ErrorCode::InvalidArgument, u"'%1': expected a port of 1 to 65535"_s.arg(displayText(bare)));
    return Question{host, static_cast<quint16>(port)};
}

QJsonObject toJson(const Verdict &verdict)
{
    QJsonObject object{{u"host"_s, verdict.question.host},
                       {u"port"_s, verdict.question.port},
                       {u"allowed"_s, verdict.isAllowed},
                       {u"reason"_s, verdict.reason},
                       {u"proposal"_s, QJsonArray::fromStringList(verdict.proposal)}};
    if (verdict.entry) {
        object.insert(u"entry"_s, verdict.entry->text);
        object.insert(u"list"_s, verdict.entry->isPipelines ? u"pipeline"_s : u"config"_s);
        object.insert(u"index"_s, verdict.entry->index);
    }
    return object;
}

Verdict Explainer::explain(const Question &question) const
{
    auto asked = askedFor(question);
    if (!asked)
        return std::move(asked.error());
    Near nearest;
    for (const Candidate &candidate : m_candidates) {
        if (candidate.entry.covers(*asked, m_options.cilium))
            return {question, true, candidate.place, u"%1 allows it"_s.arg(placeText(candidate.place)), {}};
        const Nearness nearness = nearnessOf(candidate.entry, *asked, m_options.cilium);
        if (nearness > nearest.nearness)
            nearest = {nearness, &candidate};
    }
    Verdict verdict = refused(question, u"no entry comes near"_s);
    verdict.proposal = proposalFor(*asked, nearest);
    if (nearest.candidate) {
        verdict.entry = nearest.candidate->place;
        verdict.reason = whyNot(nearest, question);
    }
    return verdict;
}

bool Explainer::isReachable(const QString &host) const
{
    constexpr quint16 anyPort = 443;
    if (isMaster(host))
        return true;
    const auto asked = askedFor({host, anyPort});
    return asked && std::ranges::any_of(m_candidates, [&](const Candidate &candidate) {
               return candidate.entry.covers(asked->withPort(candidate.entry.port().value_or(anyPort)),
                                             m_options.cilium);
           });
}

bool Explainer::isMaster(const QString &host) const
{
    const auto master = Entry::parse(m_options.master, m_options.cluster);
    const QString name = canonicalHost(host, m_options.cluster);
    return master && !name.isEmpty() && master->pattern().text() == name;
}

Verdict explain(const Question &question, const Allowlists &lists, const LintOptions &options)
{
    return Explainer(lists, options).explain(question);
}

} // namespace danube::egress
