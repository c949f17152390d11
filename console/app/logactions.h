// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <functional>

class QObject;

namespace danube::console {

class ActionRegistry;
class LogPane;

/// Lets the actions of the Log menu (and those of Edit and View that concern logs) act on the pane that `current`
/// gives; null: they do nothing. Calls end with `context`.
void connectLogActions(const ActionRegistry &actions, QObject *context, const std::function<LogPane *()> &current);

} // namespace danube::console
