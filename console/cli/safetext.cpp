// SPDX-License-Identifier: GPL-3.0-or-later
#include "console/cli/safetext.h"

#include "shared/protocol/text.h"

#include <algorithm>

using namespace Qt::StringLiterals;

namespace danube::cli {
namespace {

constexpr qsizetype maxActive = 128; ///< characters of colours carried on; beyond, colours start afresh
constexpr QChar escape(0x1b);
constexpr QChar bell(0x07);

bool isControl(QChar c)
{
    return c.unicode() < 0x20 || (c.unicode() >= 0x7f && c.unicode() <= 0x9f);
}

/// Characters that reorder what is seen (CVE-2021-42574).
bool isBidiOverride(QChar c)
{
    return (c.unicode() >= 0x202a && c.unicode() <= 0x202e) || (c.unicode() >= 0x2066 && c.unicode() <= 0x2069);
}

/// One past the end of a string sequence (OSC, DCS, …): BEL or ESC \ ends it, or the line does.
qsizetype endOfString(QStringView text, qsizetype at)
{
    for (; at < text.size(); ++at) {
        if (text[at] == bell)
            return at + 1;
        if (text[at] == escape)
            return at + 1 < text.size() && text[at + 1] == u'\\' ? at + 2 : at;
    }
    return at;
}

/// What a terminal would still show of a line that rewrites itself.
QStringView lastVersion(QStringView line)
{
    while (line.endsWith(u'\r'))
        line.chop(1);
    return line.sliced(line.lastIndexOf(u'\r') + 1);
}

} // namespace

QString singleLine(const QString &text)
{
    QString line = text;
    for (QChar &c : line) {
        if (isControl(c) || isBidiOverride(c))
            c = u' ';
    }
    return line.simplified();
}

QByteArray LineFilter::filter(QByteArrayView line)
{
    const QString text = protocol::textOf(line);
    const QStringView shown = lastVersion(text);
    QString out = m_active;
    for (qsizetype at = 0; at < shown.size();) {
        const QChar c = shown[at];
        if (c == escape) {
            at = takeEscape(shown, at, out);
            continue;
        }
        if (c == u'\t' || (!isControl(c) && !isBidiOverride(c)))
            out += c;
        ++at;
    }
    if (!m_active.isEmpty() || out.contains(escape))
        out += u"\x1b[0m"_s;
    return out.toUtf8();
}

qsizetype LineFilter::takeEscape(QStringView text, qsizetype at, QString &out)
{
    if (at + 1 >= text.size())
        return text.size();
    const QChar kind = text[at + 1];
    if (kind == u']' || kind == u'P' || kind == u'X' || kind == u'^' || kind == u'_')
        return endOfString(text, at + 2);
    const auto isFinal = [](QChar c) { return c.unicode() >= 0x30 && c.unicode() <= 0x7e; };
    qsizetype end = at + 1;
    if (kind == u'[') {
        const auto isParameter = [](QChar c) { return c.unicode() >= 0x20 && c.unicode() <= 0x3f; };
        end = std::find_if_not(text.begin() + at + 2, text.end(), isParameter) - text.begin();
        if (end < text.size() && text[end] == u'm')
            takeColour(text.sliced(at + 2, end - at - 2), out);
    } else {
        const auto isIntermediate = [](QChar c) { return c.unicode() >= 0x20 && c.unicode() <= 0x2f; };
        end = std::find_if_not(text.begin() + at + 1, text.end(), isIntermediate) - text.begin();
    }
    return end < text.size() && isFinal(text[end]) ? end + 1 : end;
}

void LineFilter::takeColour(QStringView parameters, QString &out)
{
    const auto isPlain = [](QChar c) { return c.isDigit() || c == u';' || c == u':'; };
    if (m_colours == Colours::Drop || !std::ranges::all_of(parameters, isPlain))
        return;
    const QString sequence = u"\x1b["_s + parameters.toString() + u'm';
    out += sequence;
    const bool isReset = parameters.isEmpty() || parameters == u"0";
    const bool isTooLong = m_active.size() + sequence.size() > maxActive;
    m_active = isReset || isTooLong ? QString() : m_active + sequence;
}

} // namespace danube::cli
