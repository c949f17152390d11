// SPDX-License-Identifier: GPL-3.0-or-later
#include "console/cli/table.h"

#include <algorithm>
#include <numeric>

using namespace Qt::StringLiterals;

namespace danube::cli {
namespace {

constexpr int gap = 2;
constexpr int leastFlexible = 8;

} // namespace

QList<int> Table::widths(const Style &style) const
{
    QList<int> widths;
    for (const Column &column : m_columns)
        widths.append(displayWidth(column.title));
    for (const QList<Cell> &row : m_rows) {
        for (qsizetype i = 0; i < row.size(); ++i)
            widths[i] = std::max(widths[i], displayWidth(row[i].text));
    }
    const int gaps = gap * static_cast<int>(m_columns.size() - 1);
    int excess = std::accumulate(widths.begin(), widths.end(), gaps) - style.terminal().width;
    // Take from the widest flexible column, one by one, so that they shrink evenly.
    for (; excess > 0; --excess) {
        qsizetype widest = -1;
        for (qsizetype i = 0; i < widths.size(); ++i) {
            const bool canShrink = m_columns[i].isFlexible && widths[i] > leastFlexible;
            if (canShrink && (widest < 0 || widths[i] > widths[widest]))
                widest = i;
        }
        if (widest < 0)
            break;
        --widths[widest];
    }
    return widths;
}

QString Table::line(const QList<Cell> &cells, const QList<int> &widths, const Style &style) const
{
    QString line;
    for (qsizetype i = 0; i < cells.size(); ++i) {
        const QString text = elide(cells[i].text, widths[i], style.ellipsis());
        const QString padding(widths[i] - displayWidth(text), u' ');
        const bool isLast = i + 1 == cells.size();
        const QString painted = style.paint(cells[i].colour, text);
        if (m_columns[i].align == Align::Right)
            line += padding + painted;
        else
            line += painted + (isLast ? QString() : padding);
        if (!isLast)
            line += QString(gap, u' ');
    }
    while (line.endsWith(u' '))
        line.chop(1);
    return line + u'\n';
}

QString Table::render(const Style &style) const
{
    const QList<int> columnWidths = widths(style);
    QList<Cell> titles;
    for (const Column &column : m_columns)
        titles.append({column.title, Colour::Dim});
    QString text = line(titles, columnWidths, style);
    for (const QList<Cell> &row : m_rows)
        text += line(row, columnWidths, style);
    return text;
}

} // namespace danube::cli
