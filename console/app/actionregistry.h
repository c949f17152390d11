// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QAction>
#include <QObject>

class QMenuBar;

namespace danube::console {

QString toolTipOf(const QAction *action); ///< its name and keys

/// Every action of the program, once: menus, toolbar, tooltips and (later) palette and shortcuts page read from here.
/// Ids are stable and dotted ("log.find"); the first menu that names an action is where it lives.
class ActionRegistry : public QObject
{
    Q_OBJECT
public:
    explicit ActionRegistry(QObject *parent = nullptr);

    QAction *action(QLatin1StringView id) const; ///< never null; an unknown id is a bug
    QList<QAction *> all() const { return m_actions; }
    /// Actions with single keys: they work only in the log that has the focus, so that typing elsewhere stays typing.
    QList<QAction *> logActions() const { return m_logActions; }
    /// Actions that the current page does (Page::actionState, Page::trigger).
    QList<QAction *> pageActions() const { return m_pageActions; }
    void fillMenus(QMenuBar *bar) const;
    void renewIcons(); ///< after a change of theme

private:
    QList<QAction *> m_actions;
    QList<QAction *> m_logActions;
    QList<QAction *> m_pageActions;
};

} // namespace danube::console
