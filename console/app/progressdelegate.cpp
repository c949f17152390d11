// SPDX-License-Identifier: GPL-3.0-or-later
#include "console/app/progressdelegate.h"

#include <QPainter>
#include <QStyle>

namespace danube::console {

namespace {

constexpr int barHeight = 3;
constexpr int margin = 6;

} // namespace

void ProgressDelegate::paint(QPainter *painter, const QStyleOptionViewItem &option, const QModelIndex &index) const
{
    QStyledItemDelegate::paint(painter, option, index);
    const int percent = std::clamp(index.data(m_role).toInt(), 0, 100);
    const QRect bar(option.rect.left() + margin, option.rect.bottom() - barHeight, option.rect.width() - 2 * margin,
                    barHeight);
    painter->fillRect(bar, option.palette.color(QPalette::Mid));
    const QRect done(bar.left(), bar.top(), bar.width() * percent / 100, bar.height());
    const bool selected = option.state & QStyle::State_Selected;
    painter->fillRect(QStyle::visualRect(option.direction, bar, done),
                      option.palette.color(selected ? QPalette::HighlightedText : QPalette::Highlight));
}

} // namespace danube::console
