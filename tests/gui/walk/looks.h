// SPDX-License-Identifier: GPL-3.0-or-later
// What a program can find wrong with what is shown. Each gives one line per finding, naming the control.
#pragma once

#include "console/app/themecolors.h"

#include <QWidget>

class QImage;

namespace danube::console {
class ActionRegistry;
} // namespace danube::console

namespace danube::tests {

/// Prints each finding; whether there is none.
bool report(QStringList findings);

QString describe(const QWidget &widget); ///< class, object name, text, and where it sits

/// What the Tab key must reach in `window`: visible, enabled, taking focus by Tab, not standing for another.
QList<QWidget *> tabStops(const QWidget &window);
/// Visible controls that take the keyboard and have no name for a screen reader.
QStringList nameless(const QWidget &shown);
/// Visible, enabled controls that only a mouse reaches, and that no menu offers.
QStringList mouseOnly(const QWidget &shown, const console::ActionRegistry &actions);
/// Texts that do not fit into what shows them, by size hints and font metrics; controls that reach out of their parent.
QStringList clipped(const QWidget &shown);
/// Buttons with nothing on them, tabs of pages without icon, and icons that are not drawn or not seen.
QStringList emptyIcons(const QWidget &shown);
/// Enabled texts with less contrast than `least` to what is behind them in `picture`, which is shown.grab().
QStringList unreadable(const QWidget &shown, const QImage &picture, double least);
/// Pairs of a theme's colours that stand on each other and have less contrast than `least`; SGR colours included.
QStringList unreadable(const console::ThemeColors &colors, double least);

} // namespace danube::tests
