// SPDX-License-Identifier: GPL-3.0-or-later
#include "console/app/timelinestrip.h"

#include "console/app/statelook.h"
#include "console/models/words.h"

#include <QHelpEvent>
#include <QMouseEvent>
#include <QPainter>
#include <QToolTip>

namespace danube::console {

namespace {

constexpr int mostLanes = 4; // more steps at once share the last lane
constexpr int laneHeight = 12;
constexpr int laneGap = 3;
constexpr int margin = 4;
constexpr int smallestBar = 4;

} // namespace

TimelineStrip::TimelineStrip(StepListModel &steps, const Clock &clock, QWidget *parent)
    : QWidget(parent), m_steps(steps), m_clock(clock)
{
    setAccessibleName(tr("Timeline of the steps"));
    setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
    const auto changed = [this] { layOut(); };
    connect(&m_steps, &QAbstractItemModel::rowsInserted, this, changed);
    connect(&m_steps, &QAbstractItemModel::rowsRemoved, this, changed);
    connect(&m_steps, &QAbstractItemModel::dataChanged, this, changed);
}

void TimelineStrip::setJob(const Job &job)
{
    m_job = job;
    layOut();
}

void TimelineStrip::setColors(const ThemeColors &colors)
{
    m_colors = &colors;
    update();
}

void TimelineStrip::select(std::optional<StepNumber> step)
{
    m_selected = step;
    update();
}

QSize TimelineStrip::sizeHint() const
{
    return {200, margin * 2 + m_lanes * laneHeight + (m_lanes - 1) * laneGap};
}

WallTime TimelineStrip::endOfJob() const
{
    return m_job.finishedAt == WallTime{} ? m_clock.wall() : m_job.finishedAt;
}

void TimelineStrip::layOut()
{
    m_bars.clear();
    std::vector<WallTime> laneEnds;
    for (const Step &step : m_steps.steps()) {
        if (step.startedAt == WallTime{})
            continue;
        const WallTime end = step.finishedAt == WallTime{} ? WallTime::max() : step.finishedAt;
        auto lane =
            std::find_if(laneEnds.begin(), laneEnds.end(), [&](WallTime free) { return free <= step.startedAt; });
        if (lane == laneEnds.end() && laneEnds.size() < mostLanes)
            lane = laneEnds.insert(laneEnds.end(), WallTime{});
        else if (lane == laneEnds.end())
            lane = std::prev(lane);
        *lane = std::max(*lane, end);
        m_bars.push_back({step.number, int(lane - laneEnds.begin()), step.startedAt, step.finishedAt});
    }
    const int lanes = std::max(1, int(laneEnds.size()));
    if (std::exchange(m_lanes, lanes) != lanes)
        updateGeometry();
    update();
}

QRect TimelineStrip::rectOf(const Bar &bar) const
{
    const WallTime begin = m_job.startedAt == WallTime{} ? bar.start : std::min(m_job.startedAt, bar.start);
    const WallTime end = std::max(endOfJob(), begin + milliseconds(1));
    const double scale = double(width() - 2 * margin) / double((end - begin).count());
    const WallTime barEnd = bar.end == WallTime{} ? end : bar.end;
    const int left = margin + int(double((bar.start - begin).count()) * scale);
    const int length = std::max(smallestBar, int(double((barEnd - bar.start).count()) * scale) - 1);
    return {std::min(left, width() - margin - smallestBar), margin + bar.lane * (laneHeight + laneGap), length,
            laneHeight};
}

QRect TimelineStrip::barOf(StepNumber step) const
{
    const auto bar =
        std::find_if(m_bars.begin(), m_bars.end(), [step](const Bar &entry) { return entry.step == step; });
    return bar == m_bars.end() ? QRect() : rectOf(*bar);
}

void TimelineStrip::paintEvent(QPaintEvent *)
{
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    for (int lane = 0; lane < m_lanes; ++lane) {
        painter.setPen(Qt::NoPen);
        painter.setBrush(m_colors->border);
        painter.setOpacity(0.45);
        painter.drawRoundedRect(margin, margin + lane * (laneHeight + laneGap), width() - 2 * margin, laneHeight, 3, 3);
    }
    painter.setOpacity(1);
    for (const Bar &bar : m_bars) {
        const Step step = m_steps.indexOf(bar.step).data(StepListModel::StepRole).value<Step>();
        const QRect rect = rectOf(bar);
        painter.setPen(Qt::NoPen);
        painter.setBrush(stateColor(*m_colors, step));
        painter.drawRoundedRect(rect, 3, 3);
        if (m_selected == bar.step) {
            painter.setPen(QPen(palette().color(QPalette::WindowText), 1.5));
            painter.setBrush(Qt::NoBrush);
            painter.drawRoundedRect(QRectF(rect).adjusted(-1.5, -1.5, 1.5, 1.5), 4, 4);
        }
    }
}

const TimelineStrip::Bar *TimelineStrip::barAt(QPoint point) const
{
    const auto bar =
        std::find_if(m_bars.rbegin(), m_bars.rend(), [&](const Bar &entry) { return rectOf(entry).contains(point); });
    return bar == m_bars.rend() ? nullptr : &*bar;
}

void TimelineStrip::mousePressEvent(QMouseEvent *event)
{
    if (const Bar *bar = barAt(event->position().toPoint()))
        emit stepClicked(bar->step);
}

bool TimelineStrip::event(QEvent *event)
{
    if (event->type() != QEvent::ToolTip)
        return QWidget::event(event);
    const auto *help = static_cast<QHelpEvent *>(event);
    if (const Bar *bar = barAt(help->pos()))
        QToolTip::showText(help->globalPos(), m_steps.indexOf(bar->step).data(Qt::AccessibleTextRole).toString(), this);
    else
        QToolTip::hideText();
    return true;
}

} // namespace danube::console
