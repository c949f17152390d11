// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "shared/core/result.h"

#include <QStringList>

#include <compare>

namespace danube::egress {

/// Which Cilium will read the policy. What a pattern means, and what can be said of TLS names, depends on it.
struct CiliumVersion
{
    int major = 1;
    int minor = 19;

    auto operator<=>(const CiliumVersion &) const = default;
    bool hasAnyDepthPrefix() const;   ///< "**." = one or more labels (1.19); before, as "*."
    bool hasServerNamePrefix() const; ///< "*." and "**." in serverNames (1.18); before, exact names only
    bool hasServerNameInside() const; ///< "*" anywhere in serverNames (1.20)
};

/// "1.19", "v1.18.3", "1.20.0-rc.1". InvalidArgument names the text.
Result<CiliumVersion> parseCiliumVersion(QStringView text);
QString toText(const CiliumVersion &version); ///< "1.19"

/// Longest name or pattern that the CRD and Cilium take, in characters.
constexpr qsizetype maxPatternLength = 255;
/// Longest label of a DNS name (RFC 1035, 2.3.4).
constexpr qsizetype maxLabelLength = 63;

/// Why a text is no name and no pattern.
enum class PatternDefect {
    Empty,
    TooLong,      ///< more than maxPatternLength
    BadCharacter, ///< anything but letters, digits, '-', '_', '.', '*'
    EmptyLabel,   ///< "..", or a dot in front
    LabelTooLong, ///< a label without '*' of more than maxLabelLength: no name can match
};

/// A DNS name or wildcard pattern with the meaning of Cilium's matchName and matchPattern: lower case, the whole name,
/// "*" = 0..n characters of a label and never a dot, "**." in front = 1..n labels (see CiliumVersion), "*" alone =
/// every name. Kept in canonical form: lower case, no trailing dot, runs of '*' as one, except "**." in front. Sources:
/// pkg/fqdn/matchpattern of cilium/cilium; docs/adr/0040.
class Pattern
{
public:
    /// One pass over the text, no expression that backtracks (the CRD's own does).
    static std::expected<Pattern, PatternDefect> parse(QStringView text);

    const QString &text() const { return m_text; }
    bool isName() const { return m_kind == Kind::Name; } ///< no wildcard: matchName
    bool isMatchAll() const { return m_kind == Kind::All; }
    bool isAnyDepth() const { return m_kind == Kind::AnyDepth; } ///< "**." in front
    /// Labels, without the "**" of an any-depth pattern. Empty for match-all.
    const QStringList &labels() const { return m_labels; }

    /// `name` as a resolver writes it: any case, trailing dot or not. False for what is no DNS name.
    bool matches(QStringView name, CiliumVersion version = {}) const;
    /// Every name that `other` matches is matched by this. May say false for pairs no name can tell apart.
    bool covers(const Pattern &other, CiliumVersion version = {}) const;

    /// Whether serverNames can say it, so that the TLS name of a connection is checked.
    bool isServerName(CiliumVersion version) const;

    bool operator==(const Pattern &) const = default;

private:
    enum class Kind { Name, Wildcard, AnyDepth, All };
    QStringList labelsFor(CiliumVersion version) const;

    QString m_text;
    QStringList m_labels;
    Kind m_kind = Kind::Name;
};

/// A host name in canonical form (lower case, no trailing dot); empty for what is no DNS name (empty or too long
/// labels, foreign characters, more than 255 characters).
QString canonicalName(QStringView name);

} // namespace danube::egress
