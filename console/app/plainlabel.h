// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

class QColor;
class QLabel;
class QWidget;

namespace danube::console {

/// A label for text that comes from elsewhere: never read as markup, wrapped, to be selected with the mouse.
QLabel *plainLabel(QWidget *parent);

void setTextColor(QWidget &widget, const QColor &color);

} // namespace danube::console
