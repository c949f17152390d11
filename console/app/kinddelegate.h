// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "console/app/themecolors.h"
#include "console/controllers/profile.h"

#include <QStyledItemDelegate>

namespace danube::console {

QColor kindColor(const ThemeColors &colors, ProfileKind kind);

/// The Masters table: a kind's word in its colour, and the connection's word in the colour of its state.
class KindDelegate : public QStyledItemDelegate
{
    Q_OBJECT
public:
    using QStyledItemDelegate::QStyledItemDelegate;
    void setColors(const ThemeColors &colors) { m_colors = &colors; }

protected:
    void initStyleOption(QStyleOptionViewItem *option, const QModelIndex &index) const override;

private:
    const ThemeColors *m_colors = &lightColors();
};

} // namespace danube::console
