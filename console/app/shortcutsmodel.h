// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "console/app/actionregistry.h"

#include <QAbstractTableModel>

namespace danube::console {

/// Every action of the registry with its menu and keys, for the shortcuts page.
class ShortcutsModel : public QAbstractTableModel
{
    Q_OBJECT
public:
    enum Column { MenuColumn, ActionColumn, KeysColumn, ColumnCount };

    explicit ShortcutsModel(ActionRegistry &actions, QObject *parent = nullptr);
    QAction *action(int row) const { return m_actions.all()[row]; }

    int rowCount(const QModelIndex &parent = {}) const override;
    int columnCount(const QModelIndex &parent = {}) const override;
    QVariant data(const QModelIndex &index, int role = Qt::DisplayRole) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role = Qt::DisplayRole) const override;

private:
    ActionRegistry &m_actions;
};

} // namespace danube::console
