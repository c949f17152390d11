// SPDX-License-Identifier: GPL-3.0-or-later
#include "console/models/rulewords.h"

#include <QCoreApplication>
#include <QRegularExpression>

#include <algorithm>

using namespace Qt::StringLiterals;

namespace danube::console {

namespace {

constexpr int deepest = 3; // phrases inside of phrases

// Every sentence that the rules make, as they make it.
constexpr const char *sentences[] = {
    // entries of an allowlist, by themselves (shared/egress/defectrules.cpp, entryrules.cpp)
    QT_TRANSLATE_NOOP("RuleWords", "the entry is empty"),
    QT_TRANSLATE_NOOP("RuleWords",
                      "'%1' is the Kubernetes API server: jobs never reach it, the master works through it"),
    QT_TRANSLATE_NOOP("RuleWords", "'%1' has blanks"),
    QT_TRANSLATE_NOOP("RuleWords", "'%1' is a URL: an entry is a name, with a port or without"),
    QT_TRANSLATE_NOOP("RuleWords", "'%1' is an address: entries are names, addresses follow from DNS answers"),
    QT_TRANSLATE_NOOP("RuleWords", "'%1' is an address range: entries are names, addresses follow from DNS answers"),
    QT_TRANSLATE_NOOP("RuleWords", "'%1' is not ASCII: DNS carries the xn-- form"),
    QT_TRANSLATE_NOOP("RuleWords", "'%1' has no port of 1 to 65535 after the colon"),
    QT_TRANSLATE_NOOP("RuleWords", "'%1' has characters other than letters, digits, '-', '_', '.' and '*'"),
    QT_TRANSLATE_NOOP("RuleWords", "'%1' is longer than %2 characters"),
    QT_TRANSLATE_NOOP("RuleWords", "'%1' has an empty label"),
    QT_TRANSLATE_NOOP("RuleWords", "'%1' has a label of more than %2 characters: no such name exists"),
    QT_TRANSLATE_NOOP("RuleWords", "'%1' has a '*' in a name of the cluster: name each Service"),
    QT_TRANSLATE_NOOP("RuleWords", "'%1' is no Service of the cluster: write name.namespace.svc"),
    QT_TRANSLATE_NOOP("RuleWords", "%1 entries; %2 is the longest list"),
    QT_TRANSLATE_NOOP("RuleWords", "'%1' is compared in lower case"),
    QT_TRANSLATE_NOOP("RuleWords", "'%1' needs no trailing dot"),
    QT_TRANSLATE_NOOP("RuleWords", "'%1' has '**' where it means '*': only '**.' in front spans labels"),
    QT_TRANSLATE_NOOP("RuleWords", "'%1' has one label: no public name has; a Service is written name.namespace"),
    QT_TRANSLATE_NOOP(
        "RuleWords",
        "'%1' has more than %2 labels: with search domains (musl, ndots above 1) its lookups are refused first"),
    QT_TRANSLATE_NOOP("RuleWords", "'%1' reads '%2': make sure it is no look-alike"),
    QT_TRANSLATE_NOOP("RuleWords", "'%1' allows every name there is"),
    QT_TRANSLATE_NOOP("RuleWords",
                      "'%1' allows every domain below '%2': whoever registers one reads what queries carry out"),
    QT_TRANSLATE_NOOP("RuleWords", "'%1' also matches '%2', which anybody may register"),
    QT_TRANSLATE_NOOP("RuleWords",
                      "'%1' lets '%2' through, a resolver over HTTPS: names asked there are seen by nobody"),
    QT_TRANSLATE_NOOP("RuleWords", "'%1' allows names below '%2', which lead anywhere for anybody"),
    QT_TRANSLATE_NOOP("RuleWords", "'%1' allows other people's sites at '%2'; name yours"),
    QT_TRANSLATE_NOOP(
        "RuleWords",
        "'%1' shares its addresses with other sites of '%2': on 443 the TLS name tells them apart, on 80 nothing does"),
    QT_TRANSLATE_NOOP("RuleWords", "'%1' means one label with Cilium %2; any depth needs 1.19"),
    QT_TRANSLATE_NOOP("RuleWords",
                      "'%1' spans any depth: queries below it have room for data, read by whoever runs the domain"),
    QT_TRANSLATE_NOOP("RuleWords",
                      "'%1' cannot be checked as a TLS name by Cilium %2: every site at its addresses is reachable"),
    QT_TRANSLATE_NOOP("RuleWords", "'%1' opens another resolver: names asked there are seen by nobody"),
    QT_TRANSLATE_NOOP("RuleWords", "'%1' is open to every job anyway"),
    QT_TRANSLATE_NOOP("RuleWords", "'%1' opens more of the master than jobs need: port %2 is open anyway"),
    // entries among others (relationrules.cpp)
    QT_TRANSLATE_NOOP("RuleWords", "'%1' is there already, in config.json"),
    QT_TRANSLATE_NOOP("RuleWords", "'%1' is there already (entry %2)"),
    QT_TRANSLATE_NOOP("RuleWords", "'%1' is allowed by '%2' as well"),
    QT_TRANSLATE_NOOP("RuleWords", "'%1' is allowed by '%2' of config.json as well"),
    QT_TRANSLATE_NOOP("RuleWords", "'%1' does not match '%2' itself"),
    QT_TRANSLATE_NOOP("RuleWords", "'%1' matches one label: 'a.%2', not 'a.b.%3'"),
    // why a host is let through or not (explain.cpp)
    QT_TRANSLATE_NOOP("RuleWords", "'%1' (entry %2 of config.json) %3"),
    QT_TRANSLATE_NOOP("RuleWords", "'%1' (entry %2 of the pipeline) %3"),
    QT_TRANSLATE_NOOP("RuleWords", "allows it"),
    QT_TRANSLATE_NOOP("RuleWords", "opens port %1 only"),
    QT_TRANSLATE_NOOP("RuleWords", "opens ports 80 and 443, not %1"),
    QT_TRANSLATE_NOOP("RuleWords", "spans one label with Cilium %1; any depth needs 1.19"),
    QT_TRANSLATE_NOOP("RuleWords", "matches names below '%1', not itself"),
    QT_TRANSLATE_NOOP("RuleWords", "matches one label, and '%1' has more"),
    QT_TRANSLATE_NOOP("RuleWords", "matches that name only, none below it"),
    QT_TRANSLATE_NOOP("RuleWords", "is of the same domain and does not match"),
    QT_TRANSLATE_NOOP("RuleWords", "no entry comes near"),
    QT_TRANSLATE_NOOP("RuleWords", "'%1' is an address: jobs reach names, whose addresses follow from DNS answers"),
    QT_TRANSLATE_NOOP("RuleWords", "'%1' is no DNS name"),
    QT_TRANSLATE_NOOP("RuleWords", "jobs never reach the Kubernetes API server"),
    QT_TRANSLATE_NOOP("RuleWords", "'%1' is no Service of the cluster"),
    QT_TRANSLATE_NOOP("RuleWords", "every job reaches the master's port %1"),
    // notes on policies (ciliumpolicy.cpp, networkpolicy.cpp, resolve.cpp)
    QT_TRANSLATE_NOOP(
        "RuleWords",
        "'%1': Cilium %2 cannot check TLS names by such a pattern; every site at its addresses is reachable"),
    QT_TRANSLATE_NOOP("RuleWords", "'%1' is compiled as '%2': Cilium %3 has no pattern of any depth"),
    QT_TRANSLATE_NOOP("RuleWords", "1 entry of %1 are not opened by name: this cluster's policies know addresses only"),
    QT_TRANSLATE_NOOP("RuleWords",
                      "%1 entries of %2 are not opened by name: this cluster's policies know addresses only"),
    QT_TRANSLATE_NOOP("RuleWords", "pipeline '%1'"),
    QT_TRANSLATE_NOOP("RuleWords", "'%1' is not opened: no such Service is known"),
    QT_TRANSLATE_NOOP("RuleWords", "'%1' is not opened: the Service has no selector"),
    QT_TRANSLATE_NOOP("RuleWords", "'%1' is not opened: the Service has no such TCP port"),
    // what a change does (allowlistdiff.cpp, policydiff.cpp, shared/blueprint/changes.cpp)
    QT_TRANSLATE_NOOP("RuleWords", "opens %1 on %2"),
    QT_TRANSLATE_NOOP("RuleWords", "closes %1 on %2"),
    QT_TRANSLATE_NOOP("RuleWords", "adds '%1', which is no entry"),
    QT_TRANSLATE_NOOP("RuleWords", "removes '%1', which was no entry"),
    QT_TRANSLATE_NOOP("RuleWords", "adds '%1': '%2' allowed it already"),
    QT_TRANSLATE_NOOP("RuleWords", "removes '%1': '%2' still allows it"),
    QT_TRANSLATE_NOOP("RuleWords", "every name"),
    QT_TRANSLATE_NOOP("RuleWords", "port %1"),
    QT_TRANSLATE_NOOP("RuleWords", "ports 80 and 443"),
    QT_TRANSLATE_NOOP("RuleWords", "all its ports"),
    QT_TRANSLATE_NOOP("RuleWords", "CiliumNetworkPolicy %1 is added"),
    QT_TRANSLATE_NOOP("RuleWords", "CiliumNetworkPolicy %1 is removed"),
    QT_TRANSLATE_NOOP("RuleWords", "CiliumNetworkPolicy %1 is changed"),
    QT_TRANSLATE_NOOP("RuleWords", "NetworkPolicy %1 is added"),
    QT_TRANSLATE_NOOP("RuleWords", "NetworkPolicy %1 is removed"),
    QT_TRANSLATE_NOOP("RuleWords", "NetworkPolicy %1 is changed"),
    QT_TRANSLATE_NOOP("RuleWords", "pipeline \"%1\" added"),
    QT_TRANSLATE_NOOP("RuleWords", "pipeline \"%1\" removed"),
    QT_TRANSLATE_NOOP("RuleWords", "user \"%1\" added"),
    QT_TRANSLATE_NOOP("RuleWords", "user \"%1\" removed"),
    QT_TRANSLATE_NOOP("RuleWords", "team \"%1\" added"),
    QT_TRANSLATE_NOOP("RuleWords", "team \"%1\" removed"),
    // documents of the Blueprint (shared/blueprint/schema.cpp, schemawalk.cpp, rules.cpp, references.cpp,
    // validator.cpp)
    QT_TRANSLATE_NOOP("RuleWords", "%1 is missing"),
    QT_TRANSLATE_NOOP("RuleWords", "add \"%1\": %2"),
    QT_TRANSLATE_NOOP("RuleWords", "unknown field, it has no effect"),
    QT_TRANSLATE_NOOP("RuleWords", "\"%1\" may be meant"),
    QT_TRANSLATE_NOOP("RuleWords", "expected %1, got %2"),
    QT_TRANSLATE_NOOP("RuleWords", "expected %1"),
    QT_TRANSLATE_NOOP("RuleWords", "an object"),
    QT_TRANSLATE_NOOP("RuleWords", "a list of at most %1"),
    QT_TRANSLATE_NOOP("RuleWords", "a list of %1"),
    QT_TRANSLATE_NOOP("RuleWords", "true or false"),
    QT_TRANSLATE_NOOP("RuleWords", "a whole number"),
    QT_TRANSLATE_NOOP("RuleWords", "a whole number of at least %1"),
    QT_TRANSLATE_NOOP("RuleWords", "a whole number from %1 to %2"),
    QT_TRANSLATE_NOOP("RuleWords", "a whole number of days, 0 for ever"),
    QT_TRANSLATE_NOOP("RuleWords", "a whole number of seconds from 1 to 604800 (a week)"),
    QT_TRANSLATE_NOOP("RuleWords", "a text"),
    QT_TRANSLATE_NOOP("RuleWords", "a text of %1 to %2 characters"),
    QT_TRANSLATE_NOOP("RuleWords", "one of %1 or %2"),
    QT_TRANSLATE_NOOP("RuleWords", "nothing"),
    QT_TRANSLATE_NOOP("RuleWords", "1 to 64 characters of a-z, 0-9 and -"),
    QT_TRANSLATE_NOOP("RuleWords", "1 to 64 characters of a-z, A-Z, 0-9, '.', '_' and -"),
    QT_TRANSLATE_NOOP("RuleWords", "a bcrypt hash such as \"%1\""),
    QT_TRANSLATE_NOOP("RuleWords", "a branch or a pattern such as \"%1\""),
    QT_TRANSLATE_NOOP("RuleWords", "a host name in lower case, with a port where it is not the usual one"),
    QT_TRANSLATE_NOOP("RuleWords", "a host name or pattern such as \"%1\", \"%2\" or \"%3\""),
    QT_TRANSLATE_NOOP("RuleWords", "a path inside the repository"),
    QT_TRANSLATE_NOOP("RuleWords", "an amount such as \"%1\", \"%2\" or \"%3\""),
    QT_TRANSLATE_NOOP("RuleWords", "an e-mail address"),
    QT_TRANSLATE_NOOP("RuleWords", "an image such as \"%1\""),
    QT_TRANSLATE_NOOP("RuleWords", "five fields such as \"%1\""),
    QT_TRANSLATE_NOOP("RuleWords", "the URL of a git repository"),
    QT_TRANSLATE_NOOP("RuleWords", "the name of a team in teams.json"),
    QT_TRANSLATE_NOOP("RuleWords", "the name of a user in users.json"),
    QT_TRANSLATE_NOOP("RuleWords", "the number GitHub gave the app"),
    QT_TRANSLATE_NOOP("RuleWords", "the number GitHub gave the installation"),
    QT_TRANSLATE_NOOP("RuleWords", "\"%1\" names no tag: whatever is latest will run"),
    QT_TRANSLATE_NOOP("RuleWords", "add a tag or a digest"),
    QT_TRANSLATE_NOOP("RuleWords", "\"%1\" is there already, as number %2"),
    QT_TRANSLATE_NOOP("RuleWords", "remove it"),
    QT_TRANSLATE_NOOP("RuleWords", "write \"%1\""),
    QT_TRANSLATE_NOOP("RuleWords", "a cron trigger needs a schedule"),
    QT_TRANSLATE_NOOP("RuleWords", "only a cron trigger has a schedule"),
    QT_TRANSLATE_NOOP("RuleWords", "add \"schedule\", such as \"%1\""),
    QT_TRANSLATE_NOOP("RuleWords", "\"%1\" never comes"),
    QT_TRANSLATE_NOOP("RuleWords", "a cron trigger needs the names of branches"),
    QT_TRANSLATE_NOOP("RuleWords", "name each branch"),
    QT_TRANSLATE_NOOP("RuleWords", "only a cron trigger catches up"),
    QT_TRANSLATE_NOOP("RuleWords", "an ssh key is only used with hosts whose keys are known"),
    QT_TRANSLATE_NOOP("RuleWords",
                      "add \"known_hosts\" with the lines that ssh-keyscan %1 prints, after checking them"),
    QT_TRANSLATE_NOOP("RuleWords", "a GitHub App signs in with app_id and installation_id"),
    QT_TRANSLATE_NOOP("RuleWords", "add both; they stand on the app's and on the installation's page"),
    QT_TRANSLATE_NOOP("RuleWords", "only a GitHub App has app_id and installation_id"),
    QT_TRANSLATE_NOOP("RuleWords", "remove them, or set \"type\" to \"github_app\""),
    QT_TRANSLATE_NOOP("RuleWords", "there is another entry for %1"),
    QT_TRANSLATE_NOOP("RuleWords", "keep one of them"),
    QT_TRANSLATE_NOOP("RuleWords", "the user \"%1\" is defined in %2 already"),
    QT_TRANSLATE_NOOP("RuleWords", "the team \"%1\" is defined in %2 already"),
    QT_TRANSLATE_NOOP("RuleWords", "the pipeline \"%1\" is defined in %2 already"),
    QT_TRANSLATE_NOOP("RuleWords", "rename or remove one of them"),
    QT_TRANSLATE_NOOP("RuleWords", "\"%1\" is not the name of its file, %2"),
    QT_TRANSLATE_NOOP("RuleWords", "rename the file to pipelines/%1.json, or the pipeline to \"%2\""),
    QT_TRANSLATE_NOOP("RuleWords", "there is no user \"%1\""),
    QT_TRANSLATE_NOOP("RuleWords", "there is no team \"%1\""),
    QT_TRANSLATE_NOOP("RuleWords", "define it, or remove it here"),
    QT_TRANSLATE_NOOP("RuleWords", "\"%1\" is a member already"),
    QT_TRANSLATE_NOOP("RuleWords", "\"%1\" has a permission here already"),
    QT_TRANSLATE_NOOP("RuleWords", "keep the higher one"),
    QT_TRANSLATE_NOOP("RuleWords", "%1 is %2's address already"),
    QT_TRANSLATE_NOOP("RuleWords", "one address signs in one user"),
    QT_TRANSLATE_NOOP("RuleWords", "the file has %1 bytes, more than 1 MiB"),
    QT_TRANSLATE_NOOP("RuleWords", "asterisks stand for a hash that the API does not show"),
    QT_TRANSLATE_NOOP("RuleWords", "write a hash, or leave %1 out of the change"),
    QT_TRANSLATE_NOOP("RuleWords", "expected an object at the top, got a list"),
    QT_TRANSLATE_NOOP("RuleWords", "expected an object at the top"),
    QT_TRANSLATE_NOOP("RuleWords", "%1 is there twice, first in line %2"),
    QT_TRANSLATE_NOOP("RuleWords", "there is no config.json and no pipelines/*.json here"),
    QT_TRANSLATE_NOOP("RuleWords", "is this the right branch and config_repo.path?"),
    QT_TRANSLATE_NOOP("RuleWords", "the document"),
    QT_TRANSLATE_NOOP("RuleWords", "the file is missing: defaults apply"),
    // how JSON is written (jsonscanner.cpp)
    QT_TRANSLATE_NOOP("RuleWords", "a byte order mark is not allowed in JSON"),
    QT_TRANSLATE_NOOP("RuleWords", "save the file as UTF-8 without byte order mark"),
    QT_TRANSLATE_NOOP("RuleWords", "this is no UTF-8"),
    QT_TRANSLATE_NOOP("RuleWords", "save the file as UTF-8"),
    QT_TRANSLATE_NOOP("RuleWords", "text after the end of the document"),
    QT_TRANSLATE_NOOP("RuleWords", "remove it, or look for a bracket too many before it"),
    QT_TRANSLATE_NOOP("RuleWords", "more than %1 levels of nesting"),
    QT_TRANSLATE_NOOP("RuleWords", "a comma before '%1'"),
    QT_TRANSLATE_NOOP("RuleWords", "remove the comma"),
    QT_TRANSLATE_NOOP("RuleWords", "an invisible character (U+FEFF) in front of a string"),
    QT_TRANSLATE_NOOP("RuleWords", "a string that does not end on its line"),
    QT_TRANSLATE_NOOP("RuleWords", "close it with \", or write \\n"),
    QT_TRANSLATE_NOOP("RuleWords", "a control character in a string"),
    QT_TRANSLATE_NOOP("RuleWords", "write \\u%1"),
    QT_TRANSLATE_NOOP("RuleWords", "a string that does not end"),
    QT_TRANSLATE_NOOP("RuleWords", "close it with \""),
    QT_TRANSLATE_NOOP("RuleWords", "an unknown escape in a string"),
    QT_TRANSLATE_NOOP("RuleWords", "write \\\\ for a backslash"),
    QT_TRANSLATE_NOOP("RuleWords", "\\u without four hexadecimal digits"),
    QT_TRANSLATE_NOOP("RuleWords", "a number with a leading zero"),
    QT_TRANSLATE_NOOP("RuleWords", "remove the zero"),
    QT_TRANSLATE_NOOP("RuleWords", "the word %1 is no JSON value"),
    QT_TRANSLATE_NOOP("RuleWords", "put text into double quotes"),
    QT_TRANSLATE_NOOP("RuleWords", "expected %1, but the text ends"),
    QT_TRANSLATE_NOOP("RuleWords", "expected %1; JSON has no comments"),
    QT_TRANSLATE_NOOP("RuleWords", "remove the comment"),
    QT_TRANSLATE_NOOP("RuleWords", "expected %1, got a single quote"),
    QT_TRANSLATE_NOOP("RuleWords", "use double quotes"),
    QT_TRANSLATE_NOOP("RuleWords", "a value"),
    QT_TRANSLATE_NOOP("RuleWords", "a key in double quotes"),
    QT_TRANSLATE_NOOP("RuleWords", "':' after the key \"%1\""),
    QT_TRANSLATE_NOOP("RuleWords", "',' or '%1'"),
    QT_TRANSLATE_NOOP("RuleWords", "a digit"),
    QT_TRANSLATE_NOOP("RuleWords", "a digit after '%1'"),
    QT_TRANSLATE_NOOP("RuleWords", "a digit in the exponent"),
    // names, patterns and times (imagename.cpp, branchpattern.cpp, cron.cpp)
    QT_TRANSLATE_NOOP("RuleWords", "image \"%1\": %2"),
    QT_TRANSLATE_NOOP("RuleWords", "branch pattern \"%1\": %2"),
    QT_TRANSLATE_NOOP("RuleWords", "expected @sha256: and 64 hexadecimal digits"),
    QT_TRANSLATE_NOOP("RuleWords", "expected a tag of up to 128 letters, digits, '_', '.' and - after ':'"),
    QT_TRANSLATE_NOOP("RuleWords", "\"%1\" is no host name"),
    QT_TRANSLATE_NOOP("RuleWords", "expected 1 to %1 characters"),
    QT_TRANSLATE_NOOP("RuleWords", "expected a name without scheme such as https://"),
    QT_TRANSLATE_NOOP("RuleWords", "repository names are in lower case: \"%1\""),
    QT_TRANSLATE_NOOP("RuleWords", "expected a repository name of a-z, 0-9, '.', '_' and - with '/' between its parts"),
    QT_TRANSLATE_NOOP("RuleWords", "no branch may contain '%1'; only * and ? have a meaning"),
    QT_TRANSLATE_NOOP("RuleWords", "a branch has no empty part between '/'"),
    QT_TRANSLATE_NOOP("RuleWords", "git allows no such branch (git check-ref-format)"),
    QT_TRANSLATE_NOOP("RuleWords", "expected the branch's name without refs/heads/"),
    QT_TRANSLATE_NOOP("RuleWords", "%1: expected * or numbers from %2 to %3 with , - and /, got \"%4\""),
    QT_TRANSLATE_NOOP("RuleWords",
                      "expected five fields (minute hour day month weekday) or @daily and its like, got \"%1\""),
    QT_TRANSLATE_NOOP("RuleWords", "minute"),
    QT_TRANSLATE_NOOP("RuleWords", "hour"),
    QT_TRANSLATE_NOOP("RuleWords", "day of month"),
    QT_TRANSLATE_NOOP("RuleWords", "month"),
    QT_TRANSLATE_NOOP("RuleWords", "day of week"),
};

/// A sentence cut at its places: "'%1' has blanks" is "'", "' has blanks".
struct Sentence
{
    const char *source;
    QStringList parts;
    QList<bool> isQuoted; ///< whether a place holds somebody's name, which is no phrase
    qsizetype length = 0;

    explicit Sentence(const char *text) : source(text)
    {
        static const QRegularExpression place(u"%\\d"_s);
        const QString whole = QString::fromUtf8(text);
        qsizetype from = 0;
        for (const auto &match : place.globalMatch(whole)) {
            parts.append(whole.sliced(from, match.capturedStart() - from));
            isQuoted.append(parts.last().endsWith(u'\'') || parts.last().endsWith(u'"'));
            from = match.capturedEnd();
        }
        parts.append(whole.sliced(from));
        for (const QString &part : std::as_const(parts))
            length += part.size();
    }
    /// What stands at its places in `text`; nullopt = it is another sentence.
    std::optional<QStringList> match(QStringView text) const
    {
        if (parts.size() == 1)
            return text == parts.first() ? std::optional(QStringList()) : std::nullopt;
        if (!text.startsWith(parts.first()) || !text.endsWith(parts.last()))
            return std::nullopt;
        const qsizetype end = text.size() - parts.last().size();
        qsizetype from = parts.first().size();
        QStringList found;
        for (qsizetype i = 1; i < parts.size(); ++i) {
            const qsizetype at = i + 1 == parts.size() ? end : text.indexOf(parts[i], from);
            if (at < from || at > end)
                return std::nullopt;
            found.append(text.sliced(from, at - from).toString());
            from = at + parts[i].size();
        }
        return found;
    }
};

/// Those that say most come first: others may be part of them.
const QList<Sentence> &known()
{
    static const QList<Sentence> all = [] {
        QList<Sentence> list;
        for (const char *text : sentences)
            list.append(Sentence(text));
        std::ranges::stable_sort(list, std::greater(), &Sentence::length);
        return list;
    }();
    return all;
}

QString translated(const QString &text, int depth);

QString filled(const Sentence &sentence, const QStringList &places, int depth)
{
    QString text = QCoreApplication::translate("RuleWords", sentence.source);
    // All at once: what stands at a place may hold a "%1" itself.
    static const QRegularExpression place(u"%(\\d)"_s);
    QString result;
    qsizetype from = 0;
    for (const auto &match : place.globalMatch(text)) {
        const qsizetype number = match.capturedView(1).toLongLong() - 1;
        const QString found = places.value(number);
        result += text.sliced(from, match.capturedStart() - from);
        result += sentence.isQuoted.value(number) ? found : translated(found, depth + 1);
        from = match.capturedEnd();
    }
    return result + text.sliced(from);
}

QString translated(const QString &text, int depth)
{
    if (depth > deepest)
        return text;
    for (const Sentence &sentence : known()) {
        if (const auto places = sentence.match(text))
            return filled(sentence, *places, depth);
    }
    static const QRegularExpression path(u"^(?:[\\w.\\[\\]-]+|the document): "_s);
    const auto match = path.match(text);
    if (!match.hasMatch())
        return text;
    const QString where = match.captured().startsWith("the document"_L1)
                              ? QCoreApplication::translate("RuleWords", "the document") + u": "_s
                              : match.captured();
    return where + translated(text.sliced(match.capturedEnd()), depth + 1);
}

} // namespace

QString inOwnWords(const QString &sentence)
{
    return translated(sentence, 0);
}

} // namespace danube::console
