// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "console/app/themecolors.h"

class QLabel;
class QString;
class QWidget;

namespace danube::console {

/// A label for text that comes from elsewhere: never read as markup, wrapped, to be selected with the mouse.
QLabel *plainLabel(QWidget *parent);

/// As the text of a tab, button or menu, which would take its "&" for the mark of a key.
QString withoutKeys(QString text);

void setTextColor(QWidget &widget, const QColor &color);
/// The same, and again whenever the theme changes: for dialogs, which nobody tells. `colors` are the Theme's.
void followTextColor(QWidget &widget, const ThemeColors &colors, QColor ThemeColors::*color);

} // namespace danube::console
