// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "shared/blueprint/finding.h"

#include <QAbstractTableModel>

namespace danube::console {

/// What the validator says, errors of the shown file first.
class FindingsModel : public QAbstractTableModel
{
    Q_OBJECT
public:
    enum Column { SeverityColumn, PlaceColumn, MessageColumn, FixColumn, ColumnCount };
    enum Role { SeverityRole = Qt::UserRole }; ///< int, as egress::Severity counts

    using QAbstractTableModel::QAbstractTableModel;

    void setFindings(const QList<blueprint::Finding> &findings, const QString &file);
    const blueprint::Finding &finding(int row) const { return m_findings[row]; }
    QString summary() const; ///< "2 errors, 1 warning" or that there is nothing

    int rowCount(const QModelIndex &parent = {}) const override;
    int columnCount(const QModelIndex &parent = {}) const override;
    QVariant data(const QModelIndex &index, int role = Qt::DisplayRole) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role = Qt::DisplayRole) const override;

private:
    QList<blueprint::Finding> m_findings;
};

} // namespace danube::console
