// SPDX-License-Identifier: GPL-3.0-or-later
#include "console/models/rowsmodel.h"

namespace danube::console {

void RowsModel::setRows(const QList<Row> &rows)
{
    const qsizetype common = std::min(rows.size(), m_rows.size());
    for (qsizetype row = 0; row < common; ++row)
        setRow(row, rows[row]);
    if (m_rows.size() > common) {
        beginRemoveRows({}, int(common), int(m_rows.size()) - 1);
        m_rows.resize(common);
        endRemoveRows();
    } else if (rows.size() > common) {
        beginInsertRows({}, int(common), int(rows.size()) - 1);
        m_rows += rows.sliced(common);
        endInsertRows();
    }
}

void RowsModel::setRow(qsizetype at, const Row &row)
{
    if (m_rows[at] == row)
        return;
    m_rows[at] = row;
    emit dataChanged(index(int(at), 0), index(int(at), columnCount() - 1));
}

void RowsModel::append(const Row &row, qsizetype limit)
{
    if (m_rows.size() >= limit) {
        beginRemoveRows({}, 0, int(m_rows.size() - limit));
        m_rows.remove(0, m_rows.size() - limit + 1);
        endRemoveRows();
    }
    beginInsertRows({}, int(m_rows.size()), int(m_rows.size()));
    m_rows.append(row);
    endInsertRows();
}

int RowsModel::rowCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : int(m_rows.size());
}

int RowsModel::columnCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : int(m_headings.size());
}

QVariant RowsModel::data(const QModelIndex &index, int role) const
{
    if (!checkIndex(index, CheckIndexOption::IndexIsValid))
        return {};
    const Row &row = m_rows[index.row()];
    switch (role) {
    case Qt::DisplayRole:
    case Qt::ToolTipRole:
        return row.cells.value(index.column());
    case LevelRole:
        return QVariant::fromValue(row.level);
    default:
        return {};
    }
}

QVariant RowsModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation == Qt::Horizontal && role == Qt::TextAlignmentRole)
        return QVariant::fromValue(Qt::Alignment(Qt::AlignLeft | Qt::AlignVCenter));
    if (orientation == Qt::Horizontal && role == Qt::DisplayRole)
        return m_headings.value(section);
    return QAbstractTableModel::headerData(section, orientation, role);
}

} // namespace danube::console
