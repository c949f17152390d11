// SPDX-License-Identifier: GPL-3.0-or-later
#include "console/app/durationchart.h"

#include "console/app/resultsdelegate.h"
#include "console/app/statelook.h"
#include "console/models/words.h"

#include <QHelpEvent>
#include <QPainter>
#include <QToolTip>

using namespace Qt::StringLiterals;

namespace danube::console {

namespace {

constexpr int barWidth = 6;
constexpr int gap = 2;
constexpr int stripHeight = 18;
constexpr int margin = 8;

} // namespace

DurationChart::DurationChart(QWidget *parent) : QWidget(parent)
{
    setLayoutDirection(Qt::LeftToRight); // as time goes in every chart
    setAccessibleName(tr("Durations and results of the last jobs"));
    setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Expanding);
}

void DurationChart::setStatistics(const PipelineStatistics &statistics)
{
    m_statistics = statistics;
    setAccessibleDescription(statistics.run.count == 0
                                 ? tr("No job has run to its end.")
                                 : tr("Half of the jobs ran at most %1, 90 % at most %2.")
                                       .arg(durationText(statistics.run.p50), durationText(statistics.run.p90)));
    update();
}

void DurationChart::setColors(const ThemeColors &colors)
{
    m_colors = &colors;
    update();
}

QSize DurationChart::sizeHint() const
{
    return {360, 180};
}

QSize DurationChart::minimumSizeHint() const
{
    return {200, fontMetrics().height() * 2 + stripHeight + 40};
}

// Right of the bars stand the names of the lines.
QRect DurationChart::bars() const
{
    const int labels = fontMetrics().horizontalAdvance(u"p90 59 min 59 s"_s) + 6;
    const int top = margin + fontMetrics().height() / 2;
    return {margin, top, width() - 2 * margin - labels, height() - top - 2 * margin - stripHeight};
}

QRect DurationChart::strip() const
{
    const QRect above = bars();
    return {above.left(), above.bottom() + margin, above.width(), stripHeight};
}

// One job that took a day must not flatten the others: twice p90 is the height, longer bars are cut and marked.
milliseconds DurationChart::scale() const
{
    milliseconds longest{1};
    for (const PastDuration &past : m_statistics.recent)
        longest = std::max(longest, past.duration);
    return m_statistics.run.count == 0 ? longest
                                       : std::min(longest, std::max(milliseconds(1), m_statistics.run.p90 * 2));
}

int DurationChart::shownCount() const
{
    return int(std::min<qsizetype>(m_statistics.recent.size(), bars().width() / (barWidth + gap)));
}

int DurationChart::leftOf(int fromRight) const
{
    return bars().right() + 1 - (fromRight + 1) * (barWidth + gap);
}

const PastDuration *DurationChart::jobAt(int x) const
{
    const int fromRight = (bars().right() - x) / (barWidth + gap);
    if (x > bars().right() || fromRight >= shownCount())
        return nullptr;
    return &m_statistics.recent[m_statistics.recent.size() - 1 - fromRight];
}

int DurationChart::heightOf(milliseconds value) const
{
    return int(std::min(value, scale()).count() * bars().height() / scale().count());
}

// The text stands `raise` pixels above its line, where another text is in the way.
void DurationChart::paintLine(QPainter &painter, milliseconds value, const QString &name, int raise) const
{
    const QRect area = bars();
    const int y = area.bottom() - heightOf(value);
    painter.setPen(QPen(m_colors->muted, 1, Qt::DashLine));
    painter.drawLine(area.left(), y, area.right(), y);
    painter.setPen(m_colors->palette.color(QPalette::WindowText));
    const int height = fontMetrics().height();
    painter.drawText(QRect(area.right() + 6, y - raise - height / 2, width() - area.right() - 6, height),
                     Qt::AlignLeft | Qt::AlignVCenter, u"%1 %2"_s.arg(name, durationText(value)));
}

void DurationChart::paintEvent(QPaintEvent *)
{
    QPainter painter(this);
    const QRect area = bars();
    if (m_statistics.recent.isEmpty()) {
        painter.setPen(m_colors->muted);
        painter.drawText(rect(), Qt::AlignCenter, tr("No job has ended in this time."));
        return;
    }
    const milliseconds height = scale();
    for (int i = 0; i < shownCount(); ++i) {
        const PastDuration &past = m_statistics.recent[m_statistics.recent.size() - 1 - i];
        const QColor color = stateColor(*m_colors, past.state);
        painter.fillRect(resultBar(past.state, {leftOf(i), strip().top(), barWidth, strip().height()}), color);
        if (past.duration < milliseconds(0))
            continue;
        const bool isCut = past.duration > height;
        const int bar = std::max(2, heightOf(past.duration));
        painter.fillRect(leftOf(i), area.bottom() + 1 - bar, barWidth, bar, color);
        if (isCut) // a gap below the top says that it goes on
            painter.fillRect(leftOf(i), area.top() + 4, barWidth, 3, m_colors->palette.color(QPalette::Window));
    }
    painter.setPen(m_colors->border);
    painter.drawLine(area.left(), area.bottom() + 1, area.right(), area.bottom() + 1);
    if (m_statistics.run.count == 0)
        return;
    painter.setLayoutDirection(Qt::LeftToRight); // it has the application's, not the chart's
    const int between = heightOf(m_statistics.run.p90) - heightOf(m_statistics.run.p50);
    paintLine(painter, m_statistics.run.p50, tr("p50"), 0);
    paintLine(painter, m_statistics.run.p90, tr("p90"), std::max(0, fontMetrics().height() - between));
}

bool DurationChart::event(QEvent *event)
{
    if (event->type() != QEvent::ToolTip)
        return QWidget::event(event);
    const auto *help = static_cast<QHelpEvent *>(event);
    const PastDuration *job = jobAt(help->pos().x());
    if (!job) {
        QToolTip::hideText();
    } else {
        QToolTip::showText(help->globalPos(),
                           u"#%1: %2, %3"_s.arg(job->number)
                               .arg(stateWord(job->state), job->duration < milliseconds(0)
                                                               ? tr("never started")
                                                               : durationText(job->duration)),
                           this);
    }
    return true;
}

} // namespace danube::console
