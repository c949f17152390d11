// SPDX-License-Identifier: GPL-3.0-or-later
#include "console/app/logpainter.h"

#include "console/models/logfolds.h"
#include "console/models/logmarks.h"

#include <QLocale>
#include <QScrollBar>

#include <cmath>

namespace danube::console {

namespace {

constexpr int barWidth = 3; // colour of the stream, at the left edge
constexpr int padding = 6;
constexpr int levelCells = 2; // letter and a space; a mark stands in the same place
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
    const int times = view.m_times == LogTimes::Off ? 0 : widthOf(view.m_times) + 1;
    return barWidth + padding + int(std::ceil((numbers + levelCells + steps + times) * view.m_cell)) + padding * 2;
}

double LogPainter::xOf(int64_t cell) const
{
    return m_view.m_gutter - m_view.horizontalScrollBar()->value() + double(cell - m_firstCell) * m_view.m_cell;
}

LogSpan LogPainter::shown() const
{
    return {m_slice.begin, m_slice.end < 0 ? m_row->text().size() : m_slice.end};
}

void LogPainter::paint(const QRect &exposed)
{
    m_painter.fillRect(exposed, m_colors.logBackground);
    m_painter.fillRect(QRect(0, exposed.top(), m_view.m_gutter - padding, exposed.height()), m_colors.gutterBackground);
    m_painter.setFont(m_view.font());
    std::optional<uint32_t> stepAbove;
    for (const LogSlice &slice : m_view.slices()) {
        const uint32_t step = m_view.row(slice.line).run().source.step;
        const bool isRepeated = stepAbove == step;
        stepAbove = step;
        if (slice.y <= exposed.bottom() && slice.y + m_view.m_rowHeight > exposed.top())
            paintSlice(slice, isRepeated);
    }
}

void LogPainter::paintSlice(const LogSlice &slice, bool isRepeatedStep)
{
    m_slice = slice;
    m_row = &m_view.row(slice.line);
    m_rect = QRect(0, slice.y, m_view.viewport()->width(), m_view.m_rowHeight);
    m_firstCell = m_row->cellOf(slice.begin);
    paintGutter(isRepeatedStep);
    m_painter.save();
    m_painter.setClipRect(m_rect.adjusted(m_view.m_gutter - 1, 0, 0, 0));
    const uint32_t heading = m_view.m_folds ? m_view.m_folds->headingOf(slice.line) : 0;
    if (heading != 0)
        paintHeading(heading);
    else
        paintRow();
    m_painter.restore();
}

void LogPainter::paintGutter(bool isRepeatedStep)
{
    const LogSource source = m_row->run().source;
    const bool isCurrent = m_slice.line == m_view.m_current;
    if (isCurrent)
        m_painter.fillRect(QRect(0, m_rect.top(), m_view.m_gutter - padding, m_rect.height()), m_colors.currentLine);
    if (source.stream != LogStream::Stdout)
        m_painter.fillRect(QRect(0, m_rect.top(), barWidth, m_rect.height()),
                           source.stream == LogStream::Stderr ? m_colors.warning : m_colors.system);
    if (!m_slice.isFirst())
        return;
    const int baseline = m_rect.top() + m_view.m_ascent;
    double x = barWidth + padding;
    if (m_view.m_marks && m_view.m_marks->contains(m_row->offset())) {
        const double size = m_view.m_cell * 1.1;
        m_painter.save();
        m_painter.setRenderHint(QPainter::Antialiasing);
        m_painter.setPen(Qt::NoPen);
        m_painter.setBrush(m_colors.accent);
        const QPointF middle(x + m_view.m_cell / 2, m_rect.center().y() + 0.5);
        const QPointF corners[] = {middle - QPointF(0, size * 0.6), middle + QPointF(size * 0.6, 0),
                                   middle + QPointF(0, size * 0.6), middle - QPointF(size * 0.6, 0)};
        m_painter.drawPolygon(corners, 4);
        m_painter.restore();
    } else if (m_row->level() != LogLevel::None) {
        const bool isError = m_row->level() == LogLevel::Error;
        m_painter.setPen(isError ? m_colors.failure : m_colors.warning);
        m_painter.drawText(QPointF(x, baseline), isError ? LogView::tr("E") : LogView::tr("W"));
    }
    x += levelCells * m_view.m_cell;
    if (hasSteps(m_view.m_document)) {
        m_painter.setPen(isCurrent ? m_colors.logText : m_colors.accent);
        if (!isRepeatedStep && source.step != 0)
            m_painter.drawText(QPointF(x, baseline), QString::number(source.step));
        x += stepCells * m_view.m_cell;
    }
    m_painter.setPen(isCurrent ? m_colors.logText : m_colors.gutterText);
    if (const QString time = timeText(); !time.isEmpty())
        m_painter.drawText(QPointF(x + double(widthOf(m_view.m_times) - time.size()) * m_view.m_cell, baseline), time);
    const QString number = QString::number(m_slice.line + 1);
    m_painter.drawText(QPointF(m_view.m_gutter - padding * 2 - double(number.size()) * m_view.m_cell, baseline),
                       number);
}

QString LogPainter::timeText() const
{
    if (m_view.m_times == LogTimes::Off)
        return {};
    WallTime previous{};
    if (m_view.m_times == LogTimes::Delta && m_slice.line > 0)
        previous = m_view.m_document->snapshot().runs.at(std::max<int64_t>(0, m_row->offset() - 1)).time;
    return logTimeText(m_view.m_times, m_row->run().time, previous, m_view.m_start);
}

void LogPainter::paintHeading(uint32_t step)
{
    m_painter.fillRect(m_rect, m_colors.gutterBackground);
    m_painter.setPen(m_colors.accent);
    const QString title = m_view.m_stepTitle ? m_view.m_stepTitle(step) : LogView::tr("Step %1").arg(step);
    const QString lines = LogView::tr("%n lines folded", nullptr, int(m_view.m_folds->hiddenLines(step) + 1));
    m_painter.drawText(QPointF(m_view.m_gutter, m_rect.top() + m_view.m_ascent),
                       QStringLiteral("\u25b8 %1 \u00b7 %2").arg(title, lines));
}

void LogPainter::paintRow()
{
    paintBackgrounds();
    for (const LogSpan &span : m_row->matches())
        paintSpan(span, m_colors.match);
    if (const auto hit = hitIn())
        paintSpan(*hit, m_colors.currentMatch);
    if (const auto selection = selectionIn())
        paintSpan(*selection, m_colors.selection);
    paintTextAndMarks();
    if (m_row->isCut() && m_slice.end < 0)
        paintCutNote();
}

void LogPainter::paintBackgrounds()
{
    for (const AnsiRun &run : m_row->runs()) {
        const QColor background = cellColors(m_colors, run.style).background;
        if (background.isValid())
            paintSpan({run.start, run.start + run.length}, background);
    }
}

void LogPainter::paintSpan(LogSpan span, const QColor &color)
{
    const LogSpan part = shown();
    const qsizetype begin = std::max(span.begin, part.begin);
    const qsizetype end = std::min(span.end, part.end);
    // A span beyond the text is a selected newline: shown as half a cell.
    const bool withNewline = m_slice.end < 0 && span.end > m_row->text().size() && begin <= part.end;
    if (begin >= end && !withNewline)
        return;
    const double left = xOf(m_row->cellOf(std::min(begin, part.end)));
    const double right = xOf(m_row->cellOf(end)) + (withNewline ? m_view.m_cell / 2 : 0);
    m_painter.fillRect(QRectF(left, m_rect.top(), right - left, m_rect.height()), color);
}

// Found text has a colour of its own: what SGR asked for may be unreadable on the mark.
void LogPainter::paintTextAndMarks()
{
    const auto hit = hitIn();
    std::vector<std::pair<LogSpan, QColor>> marks;
    for (const LogSpan &span : m_row->matches()) {
        if (!hit || span.end <= hit->begin || span.begin >= hit->end)
            marks.emplace_back(span, m_colors.matchText);
    }
    if (hit)
        marks.emplace_back(*hit, m_colors.currentMatchText);
    std::sort(marks.begin(), marks.end(), [](const auto &a, const auto &b) { return a.first.begin < b.first.begin; });
    qsizetype from = 0;
    for (const auto &[span, color] : marks) {
        paintText({from, span.begin}, {});
        paintText(span, color);
        from = span.end;
    }
    paintText({from, m_row->text().size()}, {});
}

void LogPainter::paintText(LogSpan part, const QColor &forced)
{
    const LogSpan inside = shown();
    const double firstCell = (0 - xOf(0)) / m_view.m_cell;
    const double lastCell = (m_rect.width() - xOf(0)) / m_view.m_cell + 1;
    const qsizetype firstUnit = std::max({part.begin, inside.begin, m_row->indexAt(firstCell) - 2});
    const qsizetype lastUnit = std::min({part.end, inside.end, m_row->indexAt(lastCell)});
    if (firstUnit >= lastUnit)
        return;
    const bool system = m_row->run().source.stream == LogStream::System;
    for (const AnsiRun &run : m_row->runs()) {
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
        paintColored({begin, end}, forced.isValid() ? forced : own);
    }
}

// Selected text has another background than its colour was chosen for.
void LogPainter::paintColored(LogSpan part, const QColor &color)
{
    const auto paint = [this](qsizetype begin, qsizetype end, const QColor &pen) {
        if (begin >= end)
            return;
        m_painter.setPen(pen);
        paintPiece(begin, end, m_rect.top() + m_view.m_ascent);
    };
    const LogSpan selection = selectionIn().value_or(LogSpan{part.end, part.end});
    const qsizetype from = std::clamp(selection.begin, part.begin, part.end);
    const qsizetype to = std::clamp(selection.end, from, part.end);
    paint(part.begin, from, color);
    paint(from, to, selectedText(m_colors, color));
    paint(to, part.end, color);
}

// Stretches of one cell per unit are drawn at once; whatever is wider, narrower or a tab is put on its own cell.
void LogPainter::paintPiece(qsizetype begin, qsizetype end, int baseline)
{
    const LogRow &row = *m_row;
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

void LogPainter::paintCutNote()
{
    const QString note = LogView::tr(" … this line is longer than %1; the rest is in the saved log")
                             .arg(QLocale().formattedDataSize(64 * 1024));
    QFont font = m_view.font();
    font.setItalic(true);
    m_painter.setFont(font);
    m_painter.setPen(m_colors.muted);
    m_painter.drawText(QPointF(xOf(m_row->cellCount()), m_rect.top() + m_view.m_ascent), note);
}

std::optional<LogSpan> LogPainter::selectionIn() const
{
    const int64_t line = m_slice.line;
    const LogPlace begin = m_view.selectionBegin();
    const LogPlace end = m_view.selectionEnd();
    if (!m_view.hasSelection() || line < begin.line || line > end.line)
        return std::nullopt;
    const qsizetype size = m_row->text().size();
    return LogSpan{line == begin.line ? begin.index : 0, line == end.line ? end.index : size + 1};
}

// Where the cursor stands after drawing what comes before the hit is where the hit is drawn.
std::optional<LogSpan> LogPainter::hitIn() const
{
    if (!m_view.m_hit || m_view.m_hitLine != m_slice.line)
        return std::nullopt;
    const LogLine content = m_view.m_document->line(m_slice.line);
    const auto columnOf = [&](int64_t offset) {
        const auto bytes = std::clamp<int64_t>(offset - content.offset, 0, content.bytes.size());
        return std::min(renderAnsiLine(content.bytes.first(bytes), content.style).cursor, m_row->text().size());
    };
    return LogSpan{columnOf(m_view.m_hit->begin), columnOf(m_view.m_hit->end)};
}

} // namespace danube::console
