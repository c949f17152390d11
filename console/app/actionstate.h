// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>

class QAction;

namespace danube::console {

/// Whether an action can be done now; if not, why, as the end of a sentence: "nothing is selected".
struct ActionState
{
    bool enabled = false;
    QString why = {};
};

QString nameOf(const QAction *action);    ///< its text, without mnemonic and dots
QString toolTipOf(const QAction *action); ///< its name and keys

/// An action that cannot be done says why: in its tooltip, and by its status tip for whoever asks. The tooltip of one
/// that can is its data(), if it has some, else toolTipOf().
void allow(QAction *action, const ActionState &state);

} // namespace danube::console
