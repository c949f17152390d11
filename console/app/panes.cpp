// SPDX-License-Identifier: GPL-3.0-or-later
#include "console/app/panes.h"

#include "console/app/taborder.h"

#include <QApplication>
#include <QTabWidget>

namespace danube::console {

Panes::Panes(QList<QWidget *> panes, QObject *parent) : QObject(parent), m_panes(std::move(panes))
{
    connect(qApp, &QApplication::focusChanged, this, [this](QWidget *, QWidget *now) {
        if (QWidget *pane = paneOf(now))
            m_left.insert(pane, now);
    });
}

QWidget *Panes::paneOf(const QWidget *widget) const
{
    const auto found = std::find_if(m_panes.begin(), m_panes.end(), [widget](const QWidget *pane) {
        return widget && (pane == widget || pane->isAncestorOf(widget));
    });
    return found == m_panes.end() ? nullptr : *found;
}

void Panes::step(int by)
{
    const qsizetype count = m_panes.size();
    const qsizetype current = m_panes.indexOf(paneOf(QApplication::focusWidget()));
    const qsizetype start = current >= 0 ? current : by > 0 ? -1 : 0;
    for (qsizetype tried = 1; tried <= count; ++tried) {
        if (enter(m_panes[(start + by * tried + count) % count]))
            return;
    }
}

bool Panes::enter(QWidget *pane) const
{
    if (!pane->isVisible())
        return false;
    const QPointer<QWidget> left = m_left.value(pane);
    if (left && takesTab(*left)) {
        left->setFocus(Qt::ShortcutFocusReason);
        return true;
    }
    if (const auto *tabs = qobject_cast<QTabWidget *>(pane); tabs && tabs->currentWidget()) {
        tabs->currentWidget()->setFocus(Qt::ShortcutFocusReason);
        if (paneOf(QApplication::focusWidget()) == pane)
            return true;
    }
    for (QWidget *one = pane->nextInFocusChain(); one != pane; one = one->nextInFocusChain()) {
        if (pane->isAncestorOf(one) && takesTab(*one)) {
            one->setFocus(Qt::ShortcutFocusReason);
            return true;
        }
    }
    return false;
}

} // namespace danube::console
