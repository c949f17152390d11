// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "console/app/themecolors.h"

#include <QStyledItemDelegate>

namespace danube::console {

/// A cell with this drawing before its text, both in `color`; where it is selected, in the colour of that.
void paintAs(QStyleOptionViewItem &option, const QString &drawing, const QColor &color);

/// Paints in the theme's colours.
class ColorDelegate : public QStyledItemDelegate
{
    Q_OBJECT
public:
    using QStyledItemDelegate::QStyledItemDelegate;
    void setColors(const ThemeColors &colors) { m_colors = &colors; }

protected:
    const ThemeColors *m_colors = &lightColors();
};

/// A job's state in the table: icon and word in the state's colour.
class StateDelegate : public ColorDelegate
{
    Q_OBJECT
public:
    using ColorDelegate::ColorDelegate;

protected:
    void initStyleOption(QStyleOptionViewItem *option, const QModelIndex &index) const override;
};

/// A cell that may be of an earlier time than now: muted then.
class AsOfDelegate : public ColorDelegate
{
    Q_OBJECT
public:
    using ColorDelegate::ColorDelegate;

protected:
    void initStyleOption(QStyleOptionViewItem *option, const QModelIndex &index) const override;
};

/// A step in the list: icon, name, and below it how it went.
class StepDelegate : public ColorDelegate
{
    Q_OBJECT
public:
    using ColorDelegate::ColorDelegate;
    void paint(QPainter *painter, const QStyleOptionViewItem &option, const QModelIndex &index) const override;
    QSize sizeHint(const QStyleOptionViewItem &option, const QModelIndex &index) const override;
};

} // namespace danube::console
