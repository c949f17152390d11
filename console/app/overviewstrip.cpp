// SPDX-License-Identifier: GPL-3.0-or-later
#include "console/app/overviewstrip.h"

#include "console/models/logfinder.h"
#include "console/models/logmarks.h"

#include <QMouseEvent>
#include <QPainter>

#include <set>

namespace danube::console {

namespace {

constexpr milliseconds lookInterval{200}; // a log that grows changes everything all the time
constexpr int tickHeight = 2;
constexpr int smallestThumb = 6;

} // namespace

OverviewStrip::OverviewStrip(LogView &view, const LogFinder &matches, const LogFinder &errors, QWidget *parent)
    : QWidget(parent), m_view(view), m_matches(matches), m_errors(errors)
{
    setSizePolicy(QSizePolicy::Fixed, QSizePolicy::Expanding);
    setToolTip(tr("The whole log: matches, errors, marks and where steps begin"));
    m_pause.setSingleShot(true);
    m_pause.setInterval(lookInterval);
    connect(&m_pause, &QTimer::timeout, this, &OverviewStrip::look);
    connect(&m_view, &LogView::scrolled, this, qOverload<>(&QWidget::update));
    connect(&m_view, &LogView::followChanged, this, &OverviewStrip::renew);
    connect(&m_matches, &LogFinder::changed, this, &OverviewStrip::renew);
    connect(&m_errors, &LogFinder::changed, this, &OverviewStrip::renew);
}

void OverviewStrip::setMarks(const LogMarks *marks)
{
    m_marks = marks;
    renew();
}

void OverviewStrip::setColors(const ThemeColors &colors)
{
    m_colors = &colors;
    update();
}

void OverviewStrip::renew()
{
    if (!m_pause.isActive())
        m_pause.start();
}

int64_t OverviewStrip::lineAt(int y) const
{
    const int64_t lines = m_view.document() ? m_view.document()->lineCount() : 0;
    return std::clamp<int64_t>(int64_t(y) * lines / std::max(1, height()), 0, std::max<int64_t>(0, lines - 1));
}

int OverviewStrip::yOf(int64_t line) const
{
    const int64_t lines = m_view.document() ? m_view.document()->lineCount() : 0;
    return lines == 0 ? 0 : int(line * height() / lines);
}

// What the searches know about each pixel row's part of the log: some hundred look-ups, however long the log is.
void OverviewStrip::look()
{
    const LogDocument *document = m_view.document();
    m_found.assign(size_t(std::max(0, height())), 0);
    if (document && document->lineCount() > 0 && isVisible()) {
        const int64_t lines = document->lineCount();
        int64_t begin = 0;
        for (int y = 0; y < height(); ++y) {
            const int64_t last = lineAt(y + 1);
            const int64_t end = last + 1 >= lines && y + 1 >= height() ? document->bytes() : document->offsetOf(last);
            uchar &found = m_found[size_t(y)];
            if (m_matches.search().isAnyBetween(begin, end))
                found |= Match;
            if (m_errors.search().isAnyBetween(begin, end))
                found |= Error;
            if (m_marks && m_marks->containsBetween(begin, end))
                found |= Mark;
            begin = end;
        }
        lookAtSteps();
    }
    update();
}

// Where a step says its first word. Steps that run at once alternate; that is not shown.
void OverviewStrip::lookAtSteps()
{
    std::set<uint32_t> seen;
    for (const LogRun &run : m_view.document()->snapshot().runs.list()) {
        if (run.offset < m_view.document()->bytes() && run.source.step != 0 && seen.insert(run.source.step).second)
            m_found[size_t(std::clamp(yOf(m_view.document()->lineAt(run.offset)), 0, height() - 1))] |= StepBorder;
    }
}

void OverviewStrip::paintEvent(QPaintEvent *)
{
    QPainter painter(this);
    painter.fillRect(rect(), m_colors->gutterBackground);
    painter.setPen(m_colors->border);
    painter.drawLine(0, 0, 0, height());
    if (!m_view.document() || m_view.document()->lineCount() == 0)
        return;
    const auto &shown = m_view.slices();
    const bool isAll = shown.empty() || (shown.front().row == 0 && m_view.linesBelow() == 0);
    if (!isAll) {
        const int top = yOf(shown.front().line);
        const int bottom = std::max(top + smallestThumb, yOf(shown.back().line + 1));
        painter.fillRect(QRect(1, std::min(top, height() - smallestThumb), width() - 1, bottom - top),
                         m_colors->currentLine);
    }
    const int left = 3;
    const int half = (width() - left) / 2;
    for (size_t y = 0; y < m_found.size(); ++y) {
        if (m_found[y] & StepBorder)
            painter.fillRect(QRect(1, int(y), width() - 1, 1), m_colors->border);
        if (m_found[y] & Match)
            painter.fillRect(QRect(left, int(y), half, tickHeight), m_colors->currentMatch);
        if (m_found[y] & Error)
            painter.fillRect(QRect(left + half, int(y), half, tickHeight), m_colors->failure);
    }
    for (size_t y = 0; y < m_found.size(); ++y) {
        if (m_found[y] & Mark)
            painter.fillRect(QRect(1, int(y) - 1, width() - 2, tickHeight + 1), m_colors->accent);
    }
}

void OverviewStrip::resizeEvent(QResizeEvent *)
{
    renew();
}

void OverviewStrip::goTo(int y)
{
    if (m_view.document() && m_view.document()->lineCount() > 0)
        m_view.centreLine(lineAt(std::clamp(y, 0, height() - 1)));
}

void OverviewStrip::mousePressEvent(QMouseEvent *event)
{
    if (event->button() == Qt::LeftButton)
        goTo(int(event->position().y()));
}

void OverviewStrip::mouseMoveEvent(QMouseEvent *event)
{
    if (event->buttons() & Qt::LeftButton)
        goTo(int(event->position().y()));
}

} // namespace danube::console
