// SPDX-License-Identifier: GPL-3.0-or-later
#include "console/app/logview.h"

#include "console/app/logaccessible.h"
#include "console/app/logpainter.h"
#include "console/models/logfolds.h"

#include <QFontDatabase>
#include <QPaintEvent>
#include <QPainter>
#include <QScrollBar>

#include <cmath>

namespace danube::console {

namespace {

constexpr size_t keptRows = 512;

} // namespace

LogView::LogView(QWidget *parent) : QAbstractScrollArea(parent)
{
    installLogAccessibility();
    setLayoutDirection(Qt::LeftToRight); // programs write that way, whatever the language
    setFocusPolicy(Qt::StrongFocus);
    setFrameShape(QFrame::NoFrame);
    setAccessibleName(tr("Log"));
    viewport()->setCursor(Qt::IBeamCursor);
    viewport()->setAttribute(Qt::WA_OpaquePaintEvent);
    setBaseFont(QFontDatabase::systemFont(QFontDatabase::FixedFont));
    measure();
}

LogView::~LogView() = default;

void LogView::setDocument(LogDocument *document)
{
    if (m_document)
        m_document->disconnect(this);
    m_document = document;
    m_allLines = AllLines(document);
    m_lines = nullptr;
    m_folds = nullptr;
    m_current = -1;
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

void LogView::setLines(const LogLines *lines)
{
    m_lines = lines;
    linesChanged();
}

void LogView::linesChanged()
{
    forgetSlices();
    updateScrollBars();
    scrollTo(m_following ? lastTop() : topOf(m_topLine));
    viewport()->update();
    announceFollow();
}

void LogView::setMarks(const LogMarks *marks)
{
    m_marks = marks;
    viewport()->update();
}

void LogView::setTimes(LogTimes times, WallTime start)
{
    m_times = times;
    m_start = start;
    relayOut();
}

void LogView::setWrapping(bool wraps)
{
    m_wraps = wraps;
    setHorizontalScrollBarPolicy(wraps ? Qt::ScrollBarAlwaysOff : Qt::ScrollBarAsNeeded);
    horizontalScrollBar()->setValue(0);
    relayOut();
}

// After whatever changes the size of rows or gutter: the first line of the screen stays the first.
void LogView::relayOut()
{
    measure();
    linesChanged();
}

void LogView::documentGrown()
{
    // The last line may have become longer; the others stand as they were.
    std::erase_if(m_rows, [this](const auto &entry) { return entry.first >= m_knownLines - 1; });
    m_knownLines = lineCount();
    measure();
    forgetSlices();
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
    m_top = {};
    m_topLine = 0;
    m_knownLines = 0;
    m_current = -1;
    m_anchor = m_cursor = {};
    m_hit.reset();
    updateScrollBars();
    viewport()->update();
    announceFollow();
    emit scrolled();
}

void LogView::forgetRows()
{
    m_rows.clear();
    forgetSlices();
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

LogView::Follow LogView::follow() const
{
    if (m_document && m_document->isFinished() && linesBelow() == 0)
        return Follow::Ended;
    return m_following ? Follow::Following : Follow::Paused;
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

void LogView::setCurrentLine(int64_t line)
{
    if (std::exchange(m_current, line) == line)
        return;
    viewport()->update();
    emit currentLineChanged(line);
    tellCursorMoved(*this);
}

void LogView::showLine(int64_t line)
{
    m_following = false;
    line = std::clamp<int64_t>(line, 0, std::max<int64_t>(0, lineCount() - 1));
    if (rowCount() > 0 && lines().lineOf(lines().rowOf(line)) != line)
        emit hiddenLineWanted(line);
    setCurrentLine(line);
    if (!isLineVisible(line))
        scrollTo(moved(topOf(line), -visibleLines() / 2));
    announceFollow();
}

void LogView::centreLine(int64_t line)
{
    showLine(line);
    scrollTo(moved(topOf(m_current), -visibleLines() / 2));
    announceFollow();
}

void LogView::showHit(const LogHit &hit)
{
    if (!m_document || lineCount() == 0)
        return;
    m_hit = hit;
    const int64_t line = m_document->lineAt(hit.begin);
    m_hitLine = line;
    showLine(line);
    const LogLine content = m_document->line(line);
    const auto before = std::clamp<int64_t>(hit.begin - content.offset, 0, content.bytes.size());
    const LogRow &shown = row(line);
    revealPlace(
        {line, std::min(renderAnsiLine(content.bytes.first(before), content.style).cursor, shown.text().size())});
    viewport()->update();
}

void LogView::clearHit()
{
    m_hit.reset();
    viewport()->update();
}

QString LogView::textOf(int64_t line) const
{
    return row(line).text();
}

void LogView::setBaseFont(const QFont &font)
{
    m_baseFont = font;
    QFont changed = font;
    changed.setPointSizeF(std::max(4.0, changed.pointSizeF() + m_zoom));
    setFont(changed);
}

void LogView::zoom(int steps)
{
    m_zoom = steps == 0 ? 0 : std::clamp(m_zoom + steps, -6, 20);
    setBaseFont(m_baseFont);
}

void LogView::paintEvent(QPaintEvent *event)
{
    QPainter painter(viewport());
    painter.setLayoutDirection(Qt::LeftToRight); // it would take the application's, not the view's
    LogPainter(*this, painter).paint(event->rect());
}

void LogView::resizeEvent(QResizeEvent *)
{
    relayOut();
    emit scrolled();
}

void LogView::changeEvent(QEvent *event)
{
    QAbstractScrollArea::changeEvent(event);
    if (event->type() == QEvent::FontChange)
        relayOut();
}

} // namespace danube::console
