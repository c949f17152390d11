// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "shared/core/result.h"

#include <QAction>
#include <QObject>

class QMenuBar;
class QSettings;

namespace danube::console {

/// Every action of the program, once: menus, toolbar, tooltips, palette and shortcuts page read from here.
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
    QString menuOf(const QAction *action) const;
    QString iconOf(const QAction *action) const; ///< a name for icon(); empty = none

    QList<QKeySequence> defaultKeys(const QAction *action) const;
    QAction *ownerOf(const QKeySequence &keys) const; ///< nullptr: free
    /// AlreadyExists: another action has one of them; no two may share, wherever they work.
    Result<void> setKeys(QAction &action, const QList<QKeySequence> &keys);
    void loadKeys(const QSettings &settings);
    void storeKeys(QSettings &settings) const; ///< those that are not the defaults

signals:
    void keysChanged();

private:
    QList<QAction *> m_actions;
    QList<QAction *> m_logActions;
    QList<QAction *> m_pageActions;
};

} // namespace danube::console
