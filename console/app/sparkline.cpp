// SPDX-License-Identifier: GPL-3.0-or-later
#include "console/app/sparkline.h"

#include "console/app/statelook.h"
#include "console/models/jobtablemodel.h"

#include <QApplication>
#include <QPainter>

namespace danube::console {

namespace {

constexpr int margin = 4;
constexpr int smallestBar = 2;
constexpr double otherBars = 0.5; // opacity of those that are not the job's own

} // namespace

void SparklineDelegate::paint(QPainter *painter, const QStyleOptionViewItem &option, const QModelIndex &index) const
{
    QStyleOptionViewItem item = option;
    initStyleOption(&item, index);
    item.text.clear();
    item.widget->style()->drawControl(QStyle::CE_ItemViewItem, &item, painter, item.widget);
    const auto durations = index.data(JobTableModel::TrendRole).value<QList<PastDuration>>();
    if (durations.isEmpty())
        return;
    const QVariant own = index.data(JobTableModel::JobRole);
    const auto number = own.value<Job>().number;
    const milliseconds longest =
        std::max(milliseconds(1), std::ranges::max(durations, {}, &PastDuration::duration).duration);
    const int height = item.rect.height() - 2 * margin;
    const bool isSelected = item.state & QStyle::State_Selected;
    int right = item.rect.right() - margin - 2;
    painter->save();
    for (auto past = durations.crbegin(); past != durations.crend() && right - barWidth > item.rect.left(); ++past) {
        const int bar = std::max(smallestBar, int(past->duration.count() * height / longest.count()));
        const QRect rect(right - barWidth + 1, item.rect.bottom() - margin - bar + 1, barWidth, bar);
        painter->setOpacity(!own.isValid() || past->number == number ? 1 : otherBars);
        painter->fillRect(rect, isSelected ? item.palette.color(QPalette::HighlightedText)
                                           : stateColor(*m_colors, past->state));
        right -= barWidth + gap;
    }
    painter->restore();
}

} // namespace danube::console
