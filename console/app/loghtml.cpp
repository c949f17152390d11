// SPDX-License-Identifier: GPL-3.0-or-later
#include "console/app/loghtml.h"

using namespace Qt::StringLiterals;

namespace danube::console {

namespace {

QString cssOf(const ThemeColors &colors, const AnsiStyle &style)
{
    const CellColors cell = cellColors(colors, style);
    QString css = u"color:"_s + cell.text.name();
    if (cell.background.isValid())
        css += u";background-color:"_s + cell.background.name();
    if (style.bold)
        css += u";font-weight:bold"_s;
    if (style.italic)
        css += u";font-style:italic"_s;
    if (style.underline)
        css += u";text-decoration:underline"_s;
    return css;
}

} // namespace

QString logToHtml(const LogDocument &document, LogPlace begin, LogPlace end, const ThemeColors &colors)
{
    QString html =
        u"<pre style=\"background-color:%1;color:%2\">"_s.arg(colors.logBackground.name(), colors.logText.name());
    for (int64_t line = begin.line; line <= end.line; ++line) {
        const LogLine content = document.line(line);
        const AnsiLine shown =
            renderAnsiLine(content.bytes, content.style, std::max<qsizetype>(1, content.bytes.size()));
        const qsizetype from = line == begin.line ? std::min(begin.index, shown.text.size()) : 0;
        const qsizetype to = line == end.line ? std::min(end.index, shown.text.size()) : shown.text.size();
        for (const AnsiRun &run : shown.runs) {
            const qsizetype first = std::max(run.start, from);
            const qsizetype last = std::min(run.start + run.length, to);
            if (first >= last)
                continue;
            const QString text = shown.text.sliced(first, last - first).toHtmlEscaped();
            html +=
                run.style.isDefault() ? text : u"<span style=\"%1\">%2</span>"_s.arg(cssOf(colors, run.style), text);
        }
        if (line < end.line)
            html += u'\n';
    }
    return html + u"</pre>"_s;
}

} // namespace danube::console
