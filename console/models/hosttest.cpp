// SPDX-License-Identifier: GPL-3.0-or-later
#include "console/models/hosttest.h"

#include <QSet>

using namespace Qt::StringLiterals;

namespace danube::console {

namespace {

constexpr qsizetype maxToken = 2048;

/// Last labels that in a log are a file's suffix far more often than a domain.
bool isFileSuffix(QStringView label)
{
    static const QSet<QString> suffixes{
        u"a"_s,   u"bin"_s,   u"c"_s,   u"cc"_s,   u"cfg"_s, u"conf"_s, u"cpp"_s,  u"css"_s, u"d"_s,
        u"deb"_s, u"exe"_s,   u"go"_s,  u"gz"_s,   u"h"_s,   u"hpp"_s,  u"html"_s, u"in"_s,  u"ini"_s,
        u"jar"_s, u"java"_s,  u"js"_s,  u"json"_s, u"la"_s,  u"lock"_s, u"log"_s,  u"md"_s,  u"mod"_s,
        u"o"_s,   u"patch"_s, u"pl"_s,  u"png"_s,  u"py"_s,  u"rb"_s,   u"rpm"_s,  u"rs"_s,  u"service"_s,
        u"sh"_s,  u"so"_s,    u"sum"_s, u"svg"_s,  u"tar"_s, u"tgz"_s,  u"toml"_s, u"ts"_s,  u"txt"_s,
        u"whl"_s, u"xml"_s,   u"xz"_s,  u"yaml"_s, u"yml"_s, u"zip"_s};
    return suffixes.contains(label.toString().toLower());
}

bool isDelimiter(QChar c)
{
    return c.isSpace() || !c.isPrint() || QStringView(u"\"'`<>()[]{},;|=").contains(c);
}

/// A name with a dot whose last label could be a top-level domain, or a Service of the cluster.
bool looksLikeHost(const QString &host)
{
    const QString name = egress::canonicalName(host);
    if (!name.contains(u'.') || egress::isIpAddress(name))
        return false;
    const QString last = name.section(u'.', -1);
    const bool letters = std::ranges::all_of(last, [](QChar c) { return c.isLetter(); });
    return (letters && last.size() >= 2) || last.contains(u'-');
}

struct Token
{
    QString text;
    bool isAlone = false;
    bool isAnnounced = false; ///< after "host", "host:", "server", "resolve"
};

/// Nothing when the token names no host.
QString hostOf(const Token &token)
{
    QString text = token.text;
    while (!text.isEmpty() && QStringView(u".:!?/").contains(text.back()) && !text.endsWith("://"_L1))
        text.chop(1);
    const bool isUrl = text.contains("://"_L1);
    if (isUrl)
        text = text.section(u'/', 0, 2); // credentials, path and query are nobody's business here
    if (isUrl && text.contains(u'@'))
        text = text.section("://"_L1, 0, 0) + "://"_L1 + text.section(u'@', -1);
    const auto question = egress::parseQuestion(text);
    if (!question)
        return {};
    if (isUrl)
        return question->host.isEmpty() ? QString() : text;
    if (token.isAlone)
        return text;
    const bool named = looksLikeHost(question->host);
    const bool certain = token.isAnnounced || !isFileSuffix(QStringView(question->host).split(u'.').last());
    return named && certain ? text : QString();
}

QList<Token> tokensOf(QStringView line)
{
    QList<Token> tokens;
    for (qsizetype at = 0; at < line.size();) {
        qsizetype end = at;
        while (end < line.size() && !isDelimiter(line[end]))
            ++end;
        if (end > at && end - at <= maxToken) {
            static const QStringList announcing{u"host"_s, u"host:"_s, u"server"_s, u"resolve"_s, u"resolve:"_s};
            const bool isAnnounced = !tokens.isEmpty() && announcing.contains(tokens.last().text.toLower());
            tokens.append({line.sliced(at, end - at).toString(), false, isAnnounced});
        }
        at = end + 1;
    }
    if (tokens.size() == 1)
        tokens.first().isAlone = true;
    return tokens;
}

} // namespace

QStringList hostsIn(const QString &text)
{
    QStringList hosts;
    QSet<QString> known;
    for (const QStringView line : QStringView(text).tokenize(u'\n')) {
        for (const Token &token : tokensOf(line)) {
            const QString host = hostOf(token);
            if (host.isEmpty() || known.contains(host))
                continue;
            known.insert(host);
            hosts.append(host);
            if (hosts.size() == maxHosts)
                return hosts;
        }
    }
    return hosts;
}

QList<HostVerdict> testHosts(const QList<egress::Question> &hosts, const egress::Allowlists &now,
                             const egress::Allowlists &after, const egress::LintOptions &options)
{
    const egress::Explainer before(now, options);
    const egress::Explainer edited(after, options);
    QList<HostVerdict> verdicts;
    for (const egress::Question &host : hosts)
        verdicts.append({before.explain(host), edited.explain(host)});
    return verdicts;
}

qsizetype jobsLetThrough(const QList<EgressRefusal> &refusals, const egress::Allowlists &now,
                         const egress::Allowlists &after, const egress::LintOptions &options)
{
    const egress::Explainer before(now, options);
    const egress::Explainer edited(after, options);
    QHash<std::pair<QString, quint16>, bool> opened;
    QSet<JobId> jobs;
    for (const EgressRefusal &refusal : refusals) {
        const quint16 port = refusal.port == 0 ? 443 : refusal.port;
        const auto key = std::pair(refusal.host, port);
        if (!opened.contains(key)) {
            const egress::Question host{refusal.host, port};
            opened.insert(key, !before.explain(host).isAllowed && edited.explain(host).isAllowed);
        }
        if (opened.value(key))
            jobs.insert(refusal.job);
    }
    return jobs.size();
}

} // namespace danube::console
