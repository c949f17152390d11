// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "console/app/shortcutsmodel.h"

#include <QSortFilterProxyModel>
#include <QWidget>

class QKeySequenceEdit;
class QLabel;
class QPushButton;
class QSettings;
class QTableView;

namespace danube::console {

/// The shortcuts page: all actions with their keys, and a row to give the selected one others.
class ShortcutsView : public QWidget
{
    Q_OBJECT
public:
    ShortcutsView(ActionRegistry &actions, QSettings &settings, QWidget *parent = nullptr);
    QTableView *table() const { return m_table; }
    void change(const QList<QKeySequence> &keys); ///< of the selected action; says why not

private:
    QAction *selected() const;
    void showSelected();
    ActionRegistry &m_actions;
    QSettings &m_settings;
    ShortcutsModel m_model;
    QSortFilterProxyModel m_filter;
    QTableView *m_table;
    QKeySequenceEdit *m_keys;
    QPushButton *m_set;
    QPushButton *m_none;
    QPushButton *m_reset;
    QLabel *m_problem;
};

} // namespace danube::console
