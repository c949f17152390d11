// SPDX-License-Identifier: GPL-3.0-or-later
#include "console/app/logview.h"

#include "console/app/logaccessible.h"
#include "console/app/logpainter.h"

#include <QFontDatabase>
#include <QPaintEvent>
#include <QPainter>
#include <QScrollBar>

#include <cmath>

namespace danube::console {

namespace {

constexpr int64_t largestBar = 1'000'000'000;
constexpr int64_t widestRow = 64 * 1024; // cells; what a row shows at most
constexpr size_t keptRows = 512;

} // namespace

LogView::LogView(QWidget *parent) : QAbstractScrollArea(parent)
{
    installLogAccessibility();
    setFocusPolicy(Qt::StrongFocus);
    setFrameShape(QFrame::NoFrame);
    setAccessibleName(tr("Log"));
    viewport()->setCursor(Qt::IBeamCursor);
    viewport()->setAttribute(Qt::WA_OpaquePaintEvent);
    setFont(QFontDatabase::systemFont(QFontDatabase::FixedFont));
    measure();
}

LogView::~LogView() = default;

void LogView::setDocument(LogDocument *document)
{
    if (m_document)
        m_document->disconnect(this);
    m_document = document;
    if (document) {
        connect(document, &LogDocument::grown, this, &LogView::documentGrown);
        connect(document, &LogDocument::finished, this, &LogView::announceFollow);
        connect(document, &LogDocument::restarted, this, &LogView::documentRestarted);
    }
    m_following = true;
    documentRestarted();
    documentGrown();
}

void LogView::setColors(const ThemeColors &colors)
{
    m_colors = &colors;
    viewport()->update();
}

void LogView::setPattern(const std::optional<LogPattern> &pattern)
{
    m_pattern = pattern;
    forgetRows();
    viewport()->update();
}

void LogView::documentGrown()
{
    forgetRows(); // the last line may have become longer, the bytes may have moved
    measure();
    updateScrollBars();
    if (m_following)
        scrollTo(lastTop());
    viewport()->update();
    announceFollow();
}

// What was selected and found belongs to the old content; whether to follow does not.
void LogView::documentRestarted()
{
    forgetRows();
    m_top = 0;
    m_anchor = m_cursor = {};
    m_hit.reset();
    updateScrollBars();
    viewport()->update();
    announceFollow();
}

void LogView::measure()
{
    const QFontMetricsF metrics(font());
    m_cell = metrics.horizontalAdvance(QString(100, u'0')) / 100;
    m_rowHeight = int(std::ceil(metrics.height())) + 2;
    m_ascent = int(std::ceil(metrics.ascent())) + 1;
    m_gutter = LogPainter::gutterWidth(*this);
}

void LogView::forgetRows()
{
    m_rows.clear();
}

const LogRow &LogView::row(int64_t line) const
{
    const auto known = m_rows.find(line);
    if (known != m_rows.end())
        return known->second;
    if (m_rows.size() >= keptRows)
        m_rows.clear();
    return m_rows.emplace(line, LogRow(m_document->line(line), m_pattern)).first->second;
}

int64_t LogView::visibleLines() const
{
    return std::max(1, viewport()->height() / m_rowHeight);
}

int64_t LogView::lastTop() const
{
    return std::max<int64_t>(0, lineCount() - visibleLines());
}

void LogView::updateScrollBars()
{
    m_settingBar = true;
    m_barScale = lastTop() / largestBar + 1;
    verticalScrollBar()->setRange(0, int((lastTop() + m_barScale - 1) / m_barScale));
    verticalScrollBar()->setPageStep(int(std::max<int64_t>(1, visibleLines() / m_barScale)));
    verticalScrollBar()->setValue(int(m_top / m_barScale));
    const int64_t longest = m_document ? std::min(m_document->longestLine(), widestRow) : 0;
    const int shown = viewport()->width() - m_gutter;
    horizontalScrollBar()->setRange(0, std::max(0, int(std::ceil(double(longest + 2) * m_cell)) - shown));
    horizontalScrollBar()->setPageStep(std::max(1, shown));
    horizontalScrollBar()->setSingleStep(int(m_cell * 4));
    m_settingBar = false;
}

void LogView::scrollTo(int64_t top)
{
    const int64_t bounded = std::clamp<int64_t>(top, 0, lastTop());
    if (bounded != m_top) {
        m_top = bounded;
        viewport()->update();
    }
    m_settingBar = true;
    verticalScrollBar()->setValue(m_top == lastTop() ? verticalScrollBar()->maximum() : int(m_top / m_barScale));
    m_settingBar = false;
}

void LogView::scrollByUser(int64_t top)
{
    if (top < m_top)
        m_following = false;
    scrollTo(top);
    announceFollow();
}

void LogView::scrollContentsBy(int, int)
{
    if (m_settingBar)
        return;
    const int value = verticalScrollBar()->value();
    if (value != int(m_top / m_barScale))
        scrollByUser(value == verticalScrollBar()->maximum() ? lastTop() : int64_t(value) * m_barScale);
    viewport()->update();
}

LogView::Follow LogView::follow() const
{
    if (m_document && m_document->isFinished() && linesBelow() == 0)
        return Follow::Ended;
    return m_following ? Follow::Following : Follow::Paused;
}

int64_t LogView::linesBelow() const
{
    return std::max<int64_t>(0, lineCount() - m_top - visibleLines());
}

void LogView::followEnd()
{
    m_following = true;
    scrollTo(lastTop());
    announceFollow();
}

void LogView::pauseFollowing()
{
    m_following = false;
    announceFollow();
}

void LogView::announceFollow()
{
    const std::pair now(follow(), linesBelow());
    if (std::exchange(m_announced, now) != now)
        emit followChanged();
}

void LogView::showLine(int64_t line)
{
    m_following = false;
    line = std::clamp<int64_t>(line, 0, std::max<int64_t>(0, lineCount() - 1));
    if (line < m_top || line >= m_top + visibleLines())
        scrollTo(line - visibleLines() / 2);
    announceFollow();
}

void LogView::showHit(const LogHit &hit)
{
    if (!m_document || lineCount() == 0)
        return;
    m_hit = hit;
    const int64_t line = m_document->lineAt(hit.begin);
    showLine(line);
    const LogLine content = m_document->line(line);
    const auto before = std::clamp<int64_t>(hit.begin - content.offset, 0, content.bytes.size());
    const LogRow &shown = row(line);
    const qsizetype index =
        std::min(renderAnsiLine(content.bytes.first(before), content.style).cursor, shown.text().size());
    revealColumn(shown.cellOf(index));
    viewport()->update();
}

void LogView::clearHit()
{
    m_hit.reset();
    viewport()->update();
}

void LogView::revealColumn(int64_t cell)
{
    const double x = double(cell) * m_cell;
    const int shown = viewport()->width() - m_gutter;
    const int left = horizontalScrollBar()->value();
    if (x < left || x > left + shown - 8 * m_cell)
        horizontalScrollBar()->setValue(std::max(0, int(x) - shown / 3));
}

QRect LogView::rowRect(int64_t line) const
{
    return {0, int((line - m_top) * m_rowHeight), viewport()->width(), m_rowHeight};
}

QRect LogView::cellRect(LogPlace place) const
{
    const double x = m_gutter - horizontalScrollBar()->value() + double(row(place.line).cellOf(place.index)) * m_cell;
    return {int(std::floor(x)), rowRect(place.line).top(), int(std::ceil(m_cell)), m_rowHeight};
}

QString LogView::textOf(int64_t line) const
{
    return row(line).text();
}

void LogView::zoom(int steps)
{
    m_zoom = steps == 0 ? 0 : std::clamp(m_zoom + steps, -6, 20);
    QFont changed = QFontDatabase::systemFont(QFontDatabase::FixedFont);
    changed.setPointSizeF(std::max(4.0, changed.pointSizeF() + m_zoom));
    setFont(changed);
}

void LogView::paintEvent(QPaintEvent *event)
{
    QPainter painter(viewport());
    LogPainter(*this, painter).paint(event->rect());
}

void LogView::resizeEvent(QResizeEvent *)
{
    updateScrollBars();
    scrollTo(m_following ? lastTop() : m_top);
    announceFollow();
}

void LogView::changeEvent(QEvent *event)
{
    QAbstractScrollArea::changeEvent(event);
    if (event->type() != QEvent::FontChange)
        return;
    measure();
    updateScrollBars();
    scrollTo(m_following ? lastTop() : m_top);
    viewport()->update();
}

} // namespace danube::console
