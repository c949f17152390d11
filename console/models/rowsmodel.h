// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QAbstractTableModel>

namespace danube::console {

/// A small table of texts that is told as a whole and shown with the least change: what stayed is not touched, so
/// selection and place stay. For some thousand rows.
class RowsModel : public QAbstractTableModel
{
    Q_OBJECT
public:
    enum class Level { Plain, Warning, Problem };
    Q_ENUM(Level)
    struct Row
    {
        QStringList cells; ///< as many as there are headings
        Level level = Level::Plain;
        bool operator==(const Row &) const = default;
    };
    enum Role { LevelRole = Qt::UserRole }; ///< Level

    explicit RowsModel(QStringList headings, QObject *parent = nullptr)
        : QAbstractTableModel(parent), m_headings(std::move(headings))
    {}

    void setRows(const QList<Row> &rows);
    void setRow(qsizetype at, const Row &row);
    void append(const Row &row, qsizetype limit); ///< beyond `limit` rows the first ones go
    const QList<Row> &rows() const { return m_rows; }

    int rowCount(const QModelIndex &parent = {}) const override;
    int columnCount(const QModelIndex &parent = {}) const override;
    QVariant data(const QModelIndex &index, int role = Qt::DisplayRole) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role = Qt::DisplayRole) const override;

private:
    QStringList m_headings;
    QList<Row> m_rows;
};

} // namespace danube::console
