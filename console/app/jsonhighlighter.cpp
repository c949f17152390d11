// SPDX-License-Identifier: GPL-3.0-or-later
#include "console/app/jsonhighlighter.h"

namespace danube::console {

namespace {

qsizetype endOfString(const QString &text, qsizetype start)
{
    for (qsizetype at = start + 1; at < text.size(); ++at) {
        if (text[at] == u'\\')
            ++at;
        else if (text[at] == u'"')
            return at + 1;
    }
    return text.size();
}

bool isKey(const QString &text, qsizetype end)
{
    while (end < text.size() && text[end].isSpace())
        ++end;
    return end < text.size() && text[end] == u':';
}

} // namespace

JsonHighlighter::JsonHighlighter(QTextDocument *document, const ThemeColors &colors)
    : QSyntaxHighlighter(document), m_colors(&colors)
{}

void JsonHighlighter::setColors(const ThemeColors &colors)
{
    m_colors = &colors;
    rehighlight();
}

void JsonHighlighter::highlightBlock(const QString &text)
{
    const auto color = [this](qsizetype begin, qsizetype end, const QColor &with) {
        setFormat(static_cast<int>(begin), static_cast<int>(end - begin), with);
    };
    for (qsizetype at = 0; at < text.size();) {
        qsizetype end = at + 1;
        if (text[at] == u'"') {
            end = endOfString(text, at);
            color(at, end, isKey(text, end) ? m_colors->accent : m_colors->success);
        } else if (text[at].isLetterOrNumber() || text[at] == u'-') {
            while (end < text.size() && (text[end].isLetterOrNumber() || text[end] == u'.'))
                ++end;
            color(at, end, m_colors->warning);
        } else if (!text[at].isSpace()) {
            color(at, end, m_colors->muted);
        }
        at = end;
    }
}

} // namespace danube::console
