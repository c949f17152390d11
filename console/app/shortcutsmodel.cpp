// SPDX-License-Identifier: GPL-3.0-or-later
#include "console/app/shortcutsmodel.h"

#include "console/app/actionstate.h"

#include <QKeySequence>

namespace danube::console {

ShortcutsModel::ShortcutsModel(ActionRegistry &actions, QObject *parent)
    : QAbstractTableModel(parent), m_actions(actions)
{
    connect(&actions, &ActionRegistry::keysChanged, this,
            [this] { emit dataChanged(index(0, KeysColumn), index(rowCount() - 1, KeysColumn)); });
}

int ShortcutsModel::rowCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : int(m_actions.all().size());
}

int ShortcutsModel::columnCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : ColumnCount;
}

QVariant ShortcutsModel::data(const QModelIndex &index, int role) const
{
    if (!checkIndex(index, CheckIndexOption::IndexIsValid) || role != Qt::DisplayRole)
        return {};
    const QAction *one = action(index.row());
    switch (index.column()) {
    case MenuColumn:
        return m_actions.menuOf(one).remove(u'&');
    case ActionColumn:
        return nameOf(one);
    case KeysColumn:
        return QKeySequence::listToString(one->shortcuts(), QKeySequence::NativeText);
    default:
        return {};
    }
}

QVariant ShortcutsModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal || role != Qt::DisplayRole)
        return {};
    switch (section) {
    case MenuColumn:
        return tr("Menu");
    case ActionColumn:
        return tr("Action");
    case KeysColumn:
        return tr("Keys");
    default:
        return {};
    }
}

} // namespace danube::console
