// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "shared/model/artifact.h"

#include <QAbstractTableModel>

namespace danube::console {

/// One artifact on its way to a file.
struct DownloadItem
{
    enum class State { Waiting, Running, Paused, Done, Failed };
    Artifact artifact;
    QString target;
    State state = State::Waiting;
    qint64 received = 0;
    QString problem; ///< Failed: the exact error
    bool operator==(const DownloadItem &) const = default;
};
QString stateWord(DownloadItem::State state);
bool isUnderWay(DownloadItem::State state);     ///< waits, runs or is paused
int percentOf(const DownloadItem &item);        ///< 0..100
QString progressText(const DownloadItem &item); ///< "1.2 GiB of 2.0 GiB, 60 %"

/// The queue of downloads as a table.
class DownloadsModel : public QAbstractTableModel
{
    Q_OBJECT
public:
    enum Column { NameColumn, ProgressColumn, StateColumn, TargetColumn, ColumnCount };
    enum Role { PercentRole = Qt::UserRole, StateRole };

    using QAbstractTableModel::QAbstractTableModel;

    const QList<DownloadItem> &items() const { return m_items; }
    const DownloadItem &item(int row) const { return m_items[row]; }
    int rowOf(const QString &target) const; ///< -1 = none
    int append(const DownloadItem &item);
    void update(int row, const DownloadItem &item);
    void remove(int row);

    int rowCount(const QModelIndex &parent = {}) const override;
    int columnCount(const QModelIndex &parent = {}) const override;
    QVariant data(const QModelIndex &index, int role = Qt::DisplayRole) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role = Qt::DisplayRole) const override;

private:
    QString text(const DownloadItem &item, int column) const;

    QList<DownloadItem> m_items;
};

} // namespace danube::console
