// SPDX-License-Identifier: GPL-3.0-or-later
#include "console/app/delegates.h"

#include "console/app/icons.h"
#include "console/app/statelook.h"
#include "console/models/jobtablemodel.h"
#include "console/models/steplistmodel.h"

#include <QApplication>
#include <QPainter>

using namespace Qt::StringLiterals;

namespace danube::console {

namespace {

constexpr int iconSize = 16;
constexpr int space = 8;

bool isSelected(const QStyleOptionViewItem &option)
{
    return option.state & QStyle::State_Selected;
}

} // namespace

void paintAs(QStyleOptionViewItem &option, const QString &drawing, const QColor &color)
{
    option.features |= QStyleOptionViewItem::HasDecoration;
    option.decorationSize = {iconSize, iconSize};
    option.icon = icon(drawing, isSelected(option) ? option.palette.color(QPalette::HighlightedText) : color);
    option.palette.setColor(QPalette::Text, color);
}

void AsOfDelegate::initStyleOption(QStyleOptionViewItem *option, const QModelIndex &index) const
{
    QStyledItemDelegate::initStyleOption(option, index);
    if (index.data(JobTableModel::AsOfRole).isValid())
        option->palette.setColor(QPalette::Text, m_colors->muted);
}

void StateDelegate::initStyleOption(QStyleOptionViewItem *option, const QModelIndex &index) const
{
    QStyledItemDelegate::initStyleOption(option, index);
    const QVariant known = index.data(JobTableModel::StateRole);
    if (!known.isValid())
        return;
    const auto state = known.value<JobState>();
    paintAs(*option, stateIcon(state), stateColor(*m_colors, state));
}

QSize StepDelegate::sizeHint(const QStyleOptionViewItem &option, const QModelIndex &) const
{
    return {160, option.fontMetrics.height() * 2 + space + 4};
}

void StepDelegate::paint(QPainter *painter, const QStyleOptionViewItem &option, const QModelIndex &index) const
{
    QStyleOptionViewItem item = option;
    initStyleOption(&item, index);
    item.text.clear();
    item.widget->style()->drawControl(QStyle::CE_ItemViewItem, &item, painter, item.widget);
    const auto step = index.data(StepListModel::StepRole).value<Step>();
    const QColor text = item.palette.color(isSelected(item) ? QPalette::HighlightedText : QPalette::Text);
    const QColor color = isSelected(item) ? text : stateColor(*m_colors, step);
    const QRect inner = item.rect.adjusted(space, space / 2, -space, -space / 2);
    const auto placed = [&](const QRect &rect) { return QStyle::visualRect(item.direction, inner, rect); };
    icon(stateIcon(step), color).paint(painter, placed({inner.left(), inner.top() + 1, iconSize, iconSize}));
    const int left = inner.left() + iconSize + space;
    const int height = item.fontMetrics.height();
    painter->setPen(text);
    painter->setFont(item.font);
    const QRect nameRect(left, inner.top(), inner.right() - left, height);
    painter->drawText(placed(nameRect), Qt::AlignLeft | Qt::AlignVCenter,
                      item.fontMetrics.elidedText(step.name, Qt::ElideRight, nameRect.width()));
    const QString word = index.data(StepListModel::StateWordRole).toString();
    const QString detail = index.data(StepListModel::DetailRole).toString();
    const QString line = detail.isEmpty() ? word : u"%1 · %2"_s.arg(word, detail);
    painter->setPen(color);
    const QRect detailRect = nameRect.translated(0, height + 2);
    painter->drawText(placed(detailRect), Qt::AlignLeft | Qt::AlignVCenter,
                      item.fontMetrics.elidedText(line, Qt::ElideRight, detailRect.width()));
}

} // namespace danube::console
