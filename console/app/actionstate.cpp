// SPDX-License-Identifier: GPL-3.0-or-later
#include "console/app/actionstate.h"

#include <QAction>

using namespace Qt::StringLiterals;

namespace danube::console {

QString nameOf(const QAction *action)
{
    return action->text().remove(u'&').remove(u'…');
}

QString toolTipOf(const QAction *action)
{
    const QString keys = QKeySequence::listToString(action->shortcuts(), QKeySequence::NativeText);
    return keys.isEmpty() ? nameOf(action) : u"%1 (%2)"_s.arg(nameOf(action), keys);
}

void allow(QAction *action, const ActionState &state)
{
    const QString why = state.enabled ? QString() : state.why;
    if (action->isEnabled() == state.enabled && action->statusTip() == why)
        return;
    action->setEnabled(state.enabled);
    action->setStatusTip(why);
    const QString usual = action->data().toString();
    if (why.isEmpty())
        action->setToolTip(usual.isEmpty() ? toolTipOf(action) : usual);
    else
        action->setToolTip(u"%1: %2"_s.arg(usual.isEmpty() ? nameOf(action) : usual, why));
}

} // namespace danube::console
