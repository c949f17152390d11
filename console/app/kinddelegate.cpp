// SPDX-License-Identifier: GPL-3.0-or-later
#include "console/app/kinddelegate.h"

#include "console/app/statelook.h"
#include "console/controllers/profilemodel.h"

namespace danube::console {

QColor kindColor(const ThemeColors &colors, ProfileKind kind)
{
    switch (kind) {
    case ProfileKind::Development:
        return colors.muted;
    case ProfileKind::Staging:
        return colors.warning;
    case ProfileKind::Production:
        return colors.production;
    }
    return colors.muted;
}

void KindDelegate::initStyleOption(QStyleOptionViewItem *option, const QModelIndex &index) const
{
    QStyledItemDelegate::initStyleOption(option, index);
    const QVariant connection = index.data(ProfileModel::ConnectionRole);
    if (index.column() == ProfileModel::KindColumn) {
        option->palette.setColor(QPalette::Text,
                                 kindColor(*m_colors, ProfileKind(index.data(ProfileModel::KindRole).toInt())));
        option->font.setBold(true);
    } else if (index.column() == ProfileModel::StateColumn) {
        option->palette.setColor(QPalette::Text, connection.isValid()
                                                     ? stateColor(*m_colors, connection.value<Connection>().state)
                                                     : m_colors->muted);
    }
}

} // namespace danube::console
