// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "console/app/themecolors.h"

class QLabel;
class QWidget;

namespace danube::console {

/// A label for text that comes from elsewhere: never read as markup, wrapped, to be selected with the mouse.
QLabel *plainLabel(QWidget *parent);

void setTextColor(QWidget &widget, const QColor &color);
/// The same, and again whenever the theme changes: for dialogs, which nobody tells. `colors` are the Theme's.
void followTextColor(QWidget &widget, const ThemeColors &colors, QColor ThemeColors::*color);

} // namespace danube::console
