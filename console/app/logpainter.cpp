// SPDX-License-Identifier: GPL-3.0-or-later
#include "console/app/logpainter.h"

#include <QLocale>
#include <QScrollBar>

#include <cmath>

namespace danube::console {

namespace {

constexpr int barWidth = 3; // colour of the stream, at the left edge
constexpr int padding = 6;
constexpr int levelCells = 2; // letter and a space
constexpr int stepCells = 3;  // "12 "

int digits(int64_t number)
{
    int count = 1;
    while (number >= 10) {
        number /= 10;
        ++count;
    }
    return count;
}

bool hasSteps(const LogDocument *document)
{
    return document && !document->snapshot().runs.list().isEmpty();
}

} // namespace

int LogPainter::gutterWidth(const LogView &view)
{
    const int numbers = std::max(4, digits(std::max<int64_t>(1, view.lineCount())));
    const int steps = hasSteps(view.m_document) ? stepCells : 0;
    return barWidth + padding + int(std::ceil((numbers + levelCells + steps) * view.m_cell)) + padding * 2;
}

double LogPainter::xOf(int64_t cell) const
{
    return m_view.m_gutter - m_view.horizontalScrollBar()->value() + double(cell) * m_view.m_cell;
}

void LogPainter::paint(const QRect &exposed)
{
    m_painter.fillRect(exposed, m_colors.logBackground);
    m_painter.fillRect(QRect(0, exposed.top(), m_view.m_gutter - padding, exposed.height()), m_colors.gutterBackground);
    m_painter.setFont(m_view.font());
    const int height = m_view.m_rowHeight;
    const int64_t first = m_view.m_top + std::max(0, exposed.top() / height);
    const int64_t last = std::min(m_view.lineCount() - 1, m_view.m_top + exposed.bottom() / height);
    for (int64_t line = first; line <= last; ++line) {
        const LogRow &row = m_view.row(line);
        const QRect rect = m_view.rowRect(line);
        paintGutter(line, row, rect);
        m_painter.save();
        m_painter.setClipRect(rect.adjusted(m_view.m_gutter - 1, 0, 0, 0));
        paintRow(line, row, rect);
        m_painter.restore();
    }
}

void LogPainter::paintGutter(int64_t line, const LogRow &row, const QRect &rect)
{
    const LogSource source = row.run().source;
    if (source.stream != LogStream::Stdout)
        m_painter.fillRect(QRect(0, rect.top(), barWidth, rect.height()),
                           source.stream == LogStream::Stderr ? m_colors.warning : m_colors.system);
    const int baseline = rect.top() + m_view.m_ascent;
    double x = barWidth + padding;
    if (row.level() != LogLevel::None) {
        const bool isError = row.level() == LogLevel::Error;
        m_painter.setPen(isError ? m_colors.failure : m_colors.warning);
        m_painter.drawText(QPointF(x, baseline), isError ? LogView::tr("E") : LogView::tr("W"));
    }
    x += levelCells * m_view.m_cell;
    if (hasSteps(m_view.m_document)) {
        const bool repeated = line > m_view.m_top && m_view.row(line - 1).run().source.step == source.step;
        m_painter.setPen(m_colors.accent);
        if (!repeated && source.step != 0)
            m_painter.drawText(QPointF(x, baseline), QString::number(source.step));
        x += stepCells * m_view.m_cell;
    }
    const QString number = QString::number(line + 1);
    m_painter.setPen(m_colors.gutterText);
    m_painter.drawText(QPointF(m_view.m_gutter - padding * 2 - double(number.size()) * m_view.m_cell, baseline),
                       number);
}

void LogPainter::paintRow(int64_t line, const LogRow &row, const QRect &rect)
{
    paintBackgrounds(row, rect);
    for (const LogSpan &span : row.matches())
        paintSpan(row, rect, span, m_colors.match);
    if (const auto hit = hitIn(line, row))
        paintSpan(row, rect, *hit, m_colors.currentMatch);
    if (const auto selection = selectionIn(line, row))
        paintSpan(row, rect, *selection, m_colors.selection);
    paintTextAndMarks(line, row, rect);
    if (row.isCut())
        paintCutNote(row, rect);
}

void LogPainter::paintBackgrounds(const LogRow &row, const QRect &rect)
{
    for (const AnsiRun &run : row.runs()) {
        const QColor background = cellColors(m_colors, run.style).background;
        if (background.isValid())
            paintSpan(row, rect, {run.start, run.start + run.length}, background);
    }
}

void LogPainter::paintSpan(const LogRow &row, const QRect &rect, LogSpan span, const QColor &color)
{
    const double left = xOf(row.cellOf(std::min(span.begin, row.text().size())));
    // A span beyond the text is a selected newline: shown as half a cell.
    const double newline = span.end > row.text().size() ? m_view.m_cell / 2 : 0;
    const double right = xOf(row.cellOf(std::min(span.end, row.text().size()))) + newline;
    m_painter.fillRect(QRectF(left, rect.top(), right - left, rect.height()), color);
}

// Found text has a colour of its own: what SGR asked for may be unreadable on the mark.
void LogPainter::paintTextAndMarks(int64_t line, const LogRow &row, const QRect &rect)
{
    const auto hit = hitIn(line, row);
    std::vector<std::pair<LogSpan, QColor>> marks;
    for (const LogSpan &span : row.matches()) {
        if (!hit || span.end <= hit->begin || span.begin >= hit->end)
            marks.emplace_back(span, m_colors.matchText);
    }
    if (hit)
        marks.emplace_back(*hit, m_colors.currentMatchText);
    std::sort(marks.begin(), marks.end(), [](const auto &a, const auto &b) { return a.first.begin < b.first.begin; });
    qsizetype from = 0;
    for (const auto &[span, color] : marks) {
        paintText(row, rect, {from, span.begin}, {});
        paintText(row, rect, span, color);
        from = span.end;
    }
    paintText(row, rect, {from, row.text().size()}, {});
}

void LogPainter::paintText(const LogRow &row, const QRect &rect, LogSpan part, const QColor &forced)
{
    const double firstCell = (0 - xOf(0)) / m_view.m_cell;
    const double lastCell = (rect.width() - xOf(0)) / m_view.m_cell + 1;
    const qsizetype firstUnit = std::max(part.begin, row.indexAt(firstCell) - 2);
    const qsizetype lastUnit = std::min(part.end, row.indexAt(lastCell));
    const bool system = row.run().source.stream == LogStream::System;
    for (const AnsiRun &run : row.runs()) {
        const qsizetype begin = std::max(run.start, firstUnit);
        const qsizetype end = std::min(run.start + run.length, lastUnit);
        if (begin >= end)
            continue;
        QFont font = m_view.font();
        font.setBold(run.style.bold);
        font.setItalic(run.style.italic || system);
        font.setUnderline(run.style.underline);
        font.setStrikeOut(run.style.strikeout);
        m_painter.setFont(font);
        const QColor own = system && run.style.isDefault() ? m_colors.system : cellColors(m_colors, run.style).text;
        m_painter.setPen(forced.isValid() ? forced : own);
        paintPiece(row, begin, end, rect.top() + m_view.m_ascent);
    }
}

// Stretches of one cell per unit are drawn at once; whatever is wider, narrower or a tab is put on its own cell.
void LogPainter::paintPiece(const LogRow &row, qsizetype begin, qsizetype end, int baseline)
{
    const QString &text = row.text();
    if (row.isPlainGrid()) {
        m_painter.drawText(QPointF(xOf(begin), baseline), text.sliced(begin, end - begin));
        return;
    }
    for (qsizetype i = begin; i < end;) {
        qsizetype stop = i + 1;
        if (text[i].unicode() < 0x7f && text[i] != u'\t') {
            while (stop < end && text[stop].unicode() < 0x7f && text[stop] != u'\t')
                ++stop;
        } else {
            // With its low surrogate and the marks that take no cell of their own.
            while (stop < end && row.cellOf(stop + 1) == row.cellOf(stop))
                ++stop;
            if (stop < end && text[stop].isLowSurrogate())
                ++stop;
        }
        if (text[i] != u'\t')
            m_painter.drawText(QPointF(xOf(row.cellOf(i)), baseline), text.sliced(i, stop - i));
        i = stop;
    }
}

void LogPainter::paintCutNote(const LogRow &row, const QRect &rect)
{
    const QString note = LogView::tr(" … this line is longer than %1; the rest is in the saved log")
                             .arg(QLocale().formattedDataSize(64 * 1024));
    QFont font = m_view.font();
    font.setItalic(true);
    m_painter.setFont(font);
    m_painter.setPen(m_colors.muted);
    m_painter.drawText(QPointF(xOf(row.cellCount()), rect.top() + m_view.m_ascent), note);
}

std::optional<LogSpan> LogPainter::selectionIn(int64_t line, const LogRow &row) const
{
    const LogPlace begin = m_view.selectionBegin();
    const LogPlace end = m_view.selectionEnd();
    if (!m_view.hasSelection() || line < begin.line || line > end.line)
        return std::nullopt;
    const qsizetype size = row.text().size();
    return LogSpan{line == begin.line ? begin.index : 0, line == end.line ? end.index : size + 1};
}

// Where the cursor stands after drawing what comes before the hit is where the hit is drawn.
std::optional<LogSpan> LogPainter::hitIn(int64_t line, const LogRow &row) const
{
    if (!m_view.m_hit || m_view.m_document->lineAt(m_view.m_hit->begin) != line)
        return std::nullopt;
    const LogLine content = m_view.m_document->line(line);
    const auto columnOf = [&](int64_t offset) {
        const auto bytes = std::clamp<int64_t>(offset - content.offset, 0, content.bytes.size());
        return std::min(renderAnsiLine(content.bytes.first(bytes), content.style).cursor, row.text().size());
    };
    return LogSpan{columnOf(m_view.m_hit->begin), columnOf(m_view.m_hit->end)};
}

} // namespace danube::console
