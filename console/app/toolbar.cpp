// SPDX-License-Identifier: GPL-3.0-or-later
#include "console/app/toolbar.h"

#include <QActionEvent>
#include <QToolButton>

using namespace Qt::StringLiterals;

namespace danube::console {

ToolBar::ToolBar(QWidget *parent) : QToolBar(parent)
{
    setIconSize({16, 16});
    setToolButtonStyle(Qt::ToolButtonTextBesideIcon);
    setMovable(false);
    reachExtension();
}

void ToolBar::actionEvent(QActionEvent *event)
{
    QToolBar::actionEvent(event);
    if (event->type() != QEvent::ActionAdded)
        return;
    if (auto *button = qobject_cast<QToolButton *>(widgetForAction(event->action())))
        button->setFocusPolicy(Qt::StrongFocus);
}

void ToolBar::resizeEvent(QResizeEvent *event)
{
    QToolBar::resizeEvent(event);
    reachExtension();
}

// The button that holds what a narrow window has no room for.
void ToolBar::reachExtension()
{
    if (auto *extension = findChild<QToolButton *>(u"qt_toolbar_ext_button"_s)) {
        extension->setFocusPolicy(Qt::StrongFocus);
        extension->setAccessibleName(tr("More actions"));
        extension->setToolTip(tr("More actions"));
    }
}

} // namespace danube::console
