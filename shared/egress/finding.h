// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "shared/core/result.h"

#include <QJsonObject>
#include <QStringList>

#include <optional>

namespace danube::egress {

enum class Severity {
    Error,   ///< the compiler refuses the list
    Warning, ///< allows more, or other things, than it seems to
    Hint,
};
QString severityName(Severity severity); ///< "error", "warning", "hint"

/// What the linter can say. Names (kebab-case, findingName()) are a contract of REST and danubectl.
enum class FindingCode {
    // Errors: no entry at all.
    Empty,
    Blank,
    TooLong,
    BadCharacter,
    Unicode,
    EmptyLabel,
    LabelTooLong,
    Url,
    IpAddress,
    Cidr,
    BadPort,
    InClusterWildcard,
    InClusterShape,
    ApiServer,
    TooMany,
    // Warnings: opens more than it seems to, or not what was meant.
    MatchAll,          ///< "*": every name
    LooseWildcard,     ///< "*foo.org" also matches evilfoo.org
    DnsTunnel,         ///< a wildcard below which anybody can have names: data leaves by DNS queries
    DnsOverHttps,      ///< a resolver that the DNS rule cannot see into
    DnsPort,           ///< 53 or 853 elsewhere
    SharedHosting,     ///< a wildcard over other people's sites
    AnyDepthTooOld,    ///< "**." with a Cilium that reads it as "*."
    ServerNameUnknown, ///< this Cilium cannot check TLS names by such a pattern
    MasterPort,        ///< opens more of the master than RPC
    SingleLabel,       ///< "localhost": no public name
    Duplicate,
    // Hints.
    ApexNotCovered, ///< "*.x" does not match x
    OneLevelOnly,   ///< "*.x" does not match a.b.x
    Shadowed,       ///< another entry allows the same
    SharedAddress,  ///< a CDN's address: port 80 cannot tell its sites apart
    Punycode,       ///< what the xn-- name looks like
    TooDeep,        ///< more labels than search domains leave room for
    StarsInside,    ///< "**" that means "*"
    UpperCase,
    TrailingDot,
};
QString findingName(FindingCode code); ///< "apex-not-covered"

struct Finding
{
    FindingCode code = FindingCode::Empty;
    Severity severity = Severity::Error;
    qsizetype entry = 0; ///< index in the list
    QString message;     ///< one sentence, names the entry
    /// Entries to write in its place; an empty list removes it. nullopt: nobody but the author can know.
    std::optional<QStringList> fix;

    bool operator==(const Finding &) const = default;
};

/// {code, severity, entry, message, fix?}: the form of REST and `danubectl egress lint --json`.
QJsonObject toJson(const Finding &finding);
/// The list with the finding's fix applied; unchanged when it has none.
QStringList applyFix(const QStringList &list, const Finding &finding);

/// A stranger's text for a sentence: at most 80 characters, nothing that moves a terminal's cursor.
QString displayText(const QString &text);

} // namespace danube::egress
