// SPDX-License-Identifier: GPL-3.0-or-later
#include "console/app/resultsdelegate.h"

#include "console/app/sparkline.h"
#include "console/app/statelook.h"
#include "console/models/pipelinetablemodel.h"

#include <QPainter>
#include <QStyle>

namespace danube::console {

namespace {

constexpr int margin = 4;

} // namespace

QRect resultBar(JobState state, const QRect &column)
{
    const int half = column.height() / 2;
    switch (state) {
    case JobState::Success:
        return {column.left(), column.top(), column.width(), half};
    case JobState::Failure:
    case JobState::Timeout:
        return {column.left(), column.top() + column.height() - half, column.width(), half};
    default:
        return {column.left(), column.top() + half - 1, column.width(), 2};
    }
}

void ResultsDelegate::paint(QPainter *painter, const QStyleOptionViewItem &option, const QModelIndex &index) const
{
    QStyleOptionViewItem item = option;
    initStyleOption(&item, index);
    item.text.clear();
    item.widget->style()->drawControl(QStyle::CE_ItemViewItem, &item, painter, item.widget);
    const auto past = index.data(PipelineTableModel::TrendRole).value<QList<PastDuration>>();
    const bool isSelected = item.state & QStyle::State_Selected;
    const int top = item.rect.top() + margin;
    const int height = item.rect.height() - 2 * margin;
    int left = item.rect.right() - margin - 2 - SparklineDelegate::barWidth;
    for (auto one = past.crbegin(); one != past.crend() && left > item.rect.left(); ++one) {
        painter->fillRect(resultBar(one->state, {left, top, SparklineDelegate::barWidth, height}),
                          isSelected ? item.palette.color(QPalette::HighlightedText)
                                     : stateColor(*m_colors, one->state));
        left -= SparklineDelegate::barWidth + SparklineDelegate::gap;
    }
}

} // namespace danube::console
