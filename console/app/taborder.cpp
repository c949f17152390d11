// SPDX-License-Identifier: GPL-3.0-or-later
#include "console/app/taborder.h"

#include <QWidget>

namespace danube::console {

bool takesTab(const QWidget &widget)
{
    return widget.isVisible() && widget.isEnabled() && !widget.focusProxy() &&
           (widget.focusPolicy() & Qt::TabFocus) == Qt::TabFocus;
}

bool moveFocus(QWidget &window, bool next)
{
    QWidget *const from = window.focusWidget() ? window.focusWidget() : &window;
    const auto after = [next](QWidget *one) { return next ? one->nextInFocusChain() : one->previousInFocusChain(); };
    for (QWidget *to = after(from); to != from; to = after(to)) {
        if (to != &window && to->window() == &window && takesTab(*to)) {
            to->setFocus(next ? Qt::TabFocusReason : Qt::BacktabFocusReason);
            return true;
        }
    }
    return false;
}

} // namespace danube::console
