// SPDX-License-Identifier: GPL-3.0-or-later
#include "shared/egress/pattern.h"

#include <algorithm>

using namespace Qt::StringLiterals;

namespace danube::egress {
namespace {

bool isNameCharacter(QChar c)
{
    const char16_t u = c.unicode();
    return (u >= 'a' && u <= 'z') || (u >= 'A' && u <= 'Z') || (u >= '0' && u <= '9') || u == '-' || u == '_';
}

/// '*' in `glob` stands for any run of characters, also for a '*' of `text`; so it judges names and patterns alike.
/// Greedy with one point of return: at most glob × text steps, both being labels.
bool globMatches(QStringView glob, QStringView text)
{
    qsizetype at = 0;
    qsizetype star = -1;
    qsizetype resume = 0;
    for (qsizetype i = 0; i < text.size();) {
        if (at < glob.size() && glob[at] == u'*') {
            star = at++;
            resume = i;
        } else if (at < glob.size() && glob[at] == text[i]) {
            ++at;
            ++i;
        } else if (star >= 0) {
            at = star + 1;
            i = ++resume;
        } else {
            return false;
        }
    }
    return std::ranges::all_of(glob.sliced(at), [](QChar c) { return c == u'*'; });
}

bool tailMatches(const QStringList &globs, const QStringList &labels)
{
    const qsizetype skipped = labels.size() - globs.size();
    for (qsizetype i = 0; i < globs.size(); ++i) {
        if (!globMatches(globs[i], labels[skipped + i]))
            return false;
    }
    return true;
}

QString collapseStars(QStringView text)
{
    QString out;
    out.reserve(text.size());
    for (const QChar c : text) {
        if (c != u'*' || !out.endsWith(u'*'))
            out.append(c);
    }
    return out;
}

std::optional<PatternDefect> defectOf(QStringView text)
{
    if (text.isEmpty())
        return PatternDefect::Empty;
    if (text.size() > maxPatternLength)
        return PatternDefect::TooLong;
    qsizetype label = 0;
    qsizetype literal = 0; // characters of the label that a name must have
    for (qsizetype i = 0; i < text.size(); ++i) {
        if (text[i] == u'.') {
            if (label == 0)
                return PatternDefect::EmptyLabel;
            label = literal = 0;
            continue;
        }
        if (text[i] != u'*' && !isNameCharacter(text[i]))
            return PatternDefect::BadCharacter;
        ++label;
        literal += text[i] == u'*' ? 0 : 1;
        if (literal > maxLabelLength)
            return PatternDefect::LabelTooLong;
    }
    return std::nullopt;
}

QStringView withoutTrailingDot(QStringView text)
{
    return text.endsWith(u'.') ? text.chopped(1) : text;
}

} // namespace

bool CiliumVersion::hasAnyDepthPrefix() const
{
    return *this >= CiliumVersion{1, 19};
}

bool CiliumVersion::hasServerNamePrefix() const
{
    return *this >= CiliumVersion{1, 18};
}

bool CiliumVersion::hasServerNameInside() const
{
    return *this >= CiliumVersion{1, 20};
}

Result<CiliumVersion> parseCiliumVersion(QStringView text)
{
    const auto parts = (text.startsWith(u'v') ? text.sliced(1) : text).split(u'.');
    bool isMajor = false;
    bool isMinor = false;
    CiliumVersion version;
    if (parts.size() >= 2) {
        version.major = parts[0].toInt(&isMajor);
        version.minor = parts[1].toInt(&isMinor);
    }
    if (!isMajor || !isMinor || version.major < 1 || version.minor < 0)
        return fail(ErrorCode::InvalidArgument, u"Cilium version '%1': expected one like 1.19"_s.arg(text));
    return version;
}

QString toText(const CiliumVersion &version)
{
    return u"%1.%2"_s.arg(version.major).arg(version.minor);
}

std::expected<Pattern, PatternDefect> Pattern::parse(QStringView text)
{
    if (const auto defect = defectOf(text))
        return std::unexpected(*defect);
    const QString lower = withoutTrailingDot(text).toString().toLower();
    const bool isAnyDepth = lower.startsWith(u"**") && collapseStars(lower).startsWith(u"*.");
    Pattern pattern;
    pattern.m_text = collapseStars(lower);
    if (pattern.m_text == u"*") {
        pattern.m_kind = Kind::All;
        return pattern;
    }
    pattern.m_labels = pattern.m_text.split(u'.');
    if (isAnyDepth) {
        pattern.m_kind = Kind::AnyDepth;
        pattern.m_text.prepend(u'*');
        pattern.m_labels.removeFirst();
    } else if (pattern.m_text.contains(u'*')) {
        pattern.m_kind = Kind::Wildcard;
    }
    return pattern;
}

QStringList Pattern::labelsFor(CiliumVersion version) const
{
    return isAnyDepth() && !version.hasAnyDepthPrefix() ? QStringList{u"*"_s} + m_labels : m_labels;
}

bool Pattern::matches(QStringView name, CiliumVersion version) const
{
    const QString canonical = canonicalName(name);
    if (canonical.isEmpty())
        return false;
    if (m_kind == Kind::Name)
        return canonical == m_text;
    const auto exact = parse(canonical);
    return exact && covers(*exact, version);
}

bool Pattern::covers(const Pattern &other, CiliumVersion version) const
{
    if (isMatchAll() || other.isMatchAll())
        return isMatchAll();
    const QStringList mine = labelsFor(version);
    const QStringList others = other.labelsFor(version);
    const bool isMineOpen = isAnyDepth() && version.hasAnyDepthPrefix();
    const bool isOtherOpen = other.isAnyDepth() && version.hasAnyDepthPrefix();
    if (!isMineOpen)
        return !isOtherOpen && mine.size() == others.size() && tailMatches(mine, others);
    return others.size() + (isOtherOpen ? 1 : 0) > mine.size() && tailMatches(mine, others);
}

bool Pattern::isServerName(CiliumVersion version) const
{
    if (isName() || version.hasServerNameInside())
        return true;
    if (!version.hasServerNamePrefix() || isMatchAll())
        return false;
    const bool isPrefix = isAnyDepth() || m_labels.first() == u"*";
    const auto stars = std::ranges::count_if(m_labels, [](const QString &label) { return label.contains(u'*'); });
    return isPrefix && stars == (isAnyDepth() ? 0 : 1);
}

QString canonicalName(QStringView name)
{
    if (name.contains(u'*') || defectOf(name))
        return {};
    return withoutTrailingDot(name).toString().toLower();
}

} // namespace danube::egress
