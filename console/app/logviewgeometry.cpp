// SPDX-License-Identifier: GPL-3.0-or-later
// Where the rows of a LogView are: scrolling, wrapping, and from places to points and back.
#include "console/app/logpainter.h"
#include "console/app/logview.h"

#include <QScrollBar>

#include <cmath>

namespace danube::console {

namespace {

constexpr int64_t largestBar = 1'000'000'000;
constexpr int64_t widestRow = 64 * 1024; // cells; what a row shows at most
constexpr int fewestColumns = 20;        // of a wrapped row, however narrow the window

} // namespace

void LogView::measure()
{
    const QFontMetricsF metrics(font());
    m_cell = metrics.horizontalAdvance(QString(100, u'0')) / 100;
    m_rowHeight = int(std::ceil(metrics.height())) + 2;
    m_ascent = int(std::ceil(metrics.ascent())) + 1;
    m_gutter = LogPainter::gutterWidth(*this);
    const int columns = int((viewport()->width() - m_gutter) / m_cell) - 1;
    m_columns = m_wraps ? std::max(fewestColumns, columns) : 0;
}

void LogView::forgetSlices()
{
    m_slicesValid = false;
}

std::vector<qsizetype> LogView::startsOf(int64_t row) const
{
    return this->row(lines().lineOf(row)).starts(m_columns);
}

int LogView::partsOf(int64_t row) const
{
    return m_columns == 0 ? 1 : int(startsOf(row).size());
}

const std::vector<LogSlice> &LogView::slices() const
{
    if (std::exchange(m_slicesValid, true))
        return m_slices;
    m_slices.clear();
    const int64_t count = rowCount();
    const int height = viewport()->height();
    int y = 0;
    for (LogTop at = m_top; at.row < count && y < height; at = {at.row + 1, 0}) {
        const int64_t line = lines().lineOf(at.row);
        const auto starts = m_columns == 0 ? std::vector<qsizetype>{0} : startsOf(at.row);
        for (auto part = size_t(at.part); part < starts.size() && y < height; ++part, y += m_rowHeight)
            m_slices.push_back({at.row, line, starts[part], part + 1 < starts.size() ? starts[part + 1] : -1, y});
    }
    return m_slices;
}

int64_t LogView::visibleLines() const
{
    return std::max(1, viewport()->height() / m_rowHeight);
}

int64_t LogView::firstLine() const
{
    return m_top.row < rowCount() ? lines().lineOf(m_top.row) : 0;
}

bool LogView::isLineVisible(int64_t line) const
{
    const auto &shown = slices();
    const auto whole = std::min<size_t>(shown.size(), size_t(visibleLines()));
    return std::any_of(shown.begin(), shown.begin() + ptrdiff_t(whole),
                       [line](const LogSlice &slice) { return slice.line == line; });
}

// The top that puts the last row of the last line at the bottom.
LogTop LogView::lastTop() const
{
    if (m_columns == 0)
        return {std::max<int64_t>(0, rowCount() - visibleLines()), 0};
    return moved({rowCount(), 0}, -visibleLines());
}

LogTop LogView::moved(LogTop top, int64_t rows) const
{
    if (m_columns == 0)
        return {std::max<int64_t>(0, top.row + rows), 0};
    for (int64_t part = top.part + rows;;) {
        if (part < 0) {
            if (top.row == 0)
                return {};
            part += partsOf(--top.row);
            continue;
        }
        if (top.row >= rowCount())
            return {rowCount(), 0};
        const int parts = partsOf(top.row);
        if (part < parts)
            return {top.row, int(part)};
        part -= parts;
        ++top.row;
    }
}

LogTop LogView::topOf(int64_t line) const
{
    return {rowCount() == 0 ? 0 : lines().rowOf(std::min(line, std::max<int64_t>(0, lineCount() - 1))), 0};
}

int64_t LogView::linesBelow() const
{
    if (m_columns == 0)
        return std::max<int64_t>(0, rowCount() - m_top.row - visibleLines());
    const auto &shown = slices();
    if (shown.empty())
        return 0;
    const LogSlice &last = shown[std::min(shown.size(), size_t(visibleLines())) - 1];
    return rowCount() - last.row - (last.end < 0 ? 1 : 0);
}

void LogView::updateScrollBars()
{
    m_settingBar = true;
    const LogTop last = lastTop();
    m_barScale = last.row / largestBar + 1;
    const int64_t steps = last.row + (last.part > 0 ? 1 : 0);
    verticalScrollBar()->setRange(0, int((steps + m_barScale - 1) / m_barScale));
    verticalScrollBar()->setPageStep(int(std::max<int64_t>(1, visibleLines() / m_barScale)));
    verticalScrollBar()->setValue(int(m_top.row / m_barScale));
    const int64_t longest = m_document && !m_wraps ? std::min(m_document->longestLine(), widestRow) : 0;
    const int shown = viewport()->width() - m_gutter;
    horizontalScrollBar()->setRange(0, std::max(0, int(std::ceil(double(longest + 2) * m_cell)) - shown));
    horizontalScrollBar()->setPageStep(std::max(1, shown));
    horizontalScrollBar()->setSingleStep(int(m_cell * 4));
    m_settingBar = false;
}

void LogView::scrollTo(LogTop top)
{
    const LogTop last = lastTop();
    const LogTop bounded = std::clamp(top, LogTop{}, last);
    if (bounded != m_top) {
        m_top = bounded;
        forgetSlices();
        viewport()->update();
        emit scrolled();
    }
    m_topLine = firstLine();
    m_settingBar = true;
    verticalScrollBar()->setValue(m_top == last ? verticalScrollBar()->maximum() : int(m_top.row / m_barScale));
    m_settingBar = false;
}

void LogView::scrollByUser(int64_t rows)
{
    if (rows < 0)
        m_following = false;
    scrollTo(moved(m_top, rows));
    announceFollow();
}

void LogView::scrollToRow(int64_t row)
{
    if (row < m_top.row)
        m_following = false;
    scrollTo({row, 0});
    announceFollow();
}

void LogView::scrollContentsBy(int, int)
{
    if (m_settingBar)
        return;
    const int value = verticalScrollBar()->value();
    if (value == verticalScrollBar()->maximum() && value != int(m_top.row / m_barScale)) {
        scrollTo(lastTop());
        announceFollow();
    } else if (value != int(m_top.row / m_barScale)) {
        scrollToRow(int64_t(value) * m_barScale);
    }
    viewport()->update();
}

const LogSlice *LogView::sliceOf(LogPlace place) const
{
    const auto &shown = slices();
    const auto found =
        std::find_if(shown.begin(), shown.end(), [&](const LogSlice &slice) { return slice.holds(place); });
    return found == shown.end() ? nullptr : &*found;
}

// To the part of a wrapped line, or to the column of an unwrapped one.
void LogView::revealPlace(LogPlace place)
{
    if (m_columns > 0) {
        const LogSlice *slice = sliceOf(place);
        if (slice && slice->y + m_rowHeight <= viewport()->height())
            return;
        const auto starts = row(place.line).starts(m_columns);
        const auto part = std::upper_bound(starts.begin(), starts.end(), place.index) - starts.begin() - 1;
        scrollTo(moved({lines().rowOf(place.line), int(part)}, -visibleLines() / 2));
        return;
    }
    const double x = double(row(place.line).cellOf(place.index)) * m_cell;
    const int shown = viewport()->width() - m_gutter;
    const int left = horizontalScrollBar()->value();
    if (x < left || x > left + shown - 8 * m_cell)
        horizontalScrollBar()->setValue(std::max(0, int(x) - shown / 3));
}

QRect LogView::rowRect(int64_t line) const
{
    const LogSlice *slice = sliceOf({line, 0});
    const int64_t rows = lines().rowOf(line) - m_top.row;
    return {0, slice ? slice->y : int(rows * m_rowHeight), viewport()->width(), m_rowHeight};
}

QRect LogView::cellRect(LogPlace place) const
{
    const LogSlice *slice = sliceOf(place);
    const LogRow &shown = row(place.line);
    const int64_t cells = shown.cellOf(place.index) - (slice ? shown.cellOf(slice->begin) : 0);
    const double x = m_gutter - horizontalScrollBar()->value() + double(cells) * m_cell;
    return {int(std::floor(x)), slice ? slice->y : rowRect(place.line).top(), int(std::ceil(m_cell)), m_rowHeight};
}

LogPlace LogView::placeAt(QPoint point) const
{
    const auto &shown = slices();
    if (shown.empty())
        return {};
    const auto beyond = ptrdiff_t(std::floor(double(point.y()) / m_rowHeight));
    const LogSlice &slice = shown[size_t(std::clamp<ptrdiff_t>(beyond, 0, ptrdiff_t(shown.size()) - 1))];
    const LogRow &content = row(slice.line);
    const double cell = (point.x() - m_gutter + horizontalScrollBar()->value()) / m_cell;
    const qsizetype index = content.indexAt(cell + double(content.cellOf(slice.begin)));
    return {slice.line, std::clamp(index, slice.begin, slice.end < 0 ? content.text().size() : slice.end)};
}

} // namespace danube::console
