// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

class QWidget;

namespace danube::console {

/// Moves the keyboard to the next or previous control of a window, for its focusNextPrevChild(). Qt (6.8) takes a
/// container with a focus proxy for a control, and so jumps to the proxy past all that stands before it.
bool moveFocus(QWidget &window, bool next);
bool takesTab(const QWidget &widget); ///< is a stop of the Tab key now

} // namespace danube::console
