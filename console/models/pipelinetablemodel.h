// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "console/models/jobtablemodel.h"
#include "console/models/pipelinestatistics.h"

namespace danube::console {

/// The statistics of pipelines as a table, by name. New figures change rows in place; never a reset, which would cost
/// selection and scroll position.
class PipelineTableModel : public QAbstractTableModel
{
    Q_OBJECT
public:
    enum Column {
        PipelineColumn,
        LastColumn, ///< how the last job that ended did
        RunsColumn,
        SuccessColumn,
        ResultsColumn, ///< painted: the last results
        P50Column,
        P90Column,
        P99Column,
        TrendColumn, ///< painted: the last durations
        QueueColumn,
        ColumnCount
    };
    enum Role {                               // the first ones as JobTableModel has them, for its delegates
        StateRole = JobTableModel::StateRole, ///< JobState of the last job; invalid: none has ended
        SortRole = JobTableModel::SortRole,
        TrendRole = JobTableModel::TrendRole, ///< QList<PastDuration>
    };

    using QAbstractTableModel::QAbstractTableModel;

    void setStatistics(const QList<PipelineStatistics> &statistics); ///< by name, as pipelineStatistics() answers
    const QList<PipelineStatistics> &statistics() const { return m_rows; }
    static constexpr int trendLength = 16; ///< jobs of the painted columns

    const PipelineStatistics *find(const QString &pipeline) const;

    int rowCount(const QModelIndex &parent = {}) const override;
    int columnCount(const QModelIndex &parent = {}) const override;
    QVariant data(const QModelIndex &index, int role = Qt::DisplayRole) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role = Qt::DisplayRole) const override;

private:
    QString text(const PipelineStatistics &row, int column) const;
    QString words(const PipelineStatistics &row, int column) const;
    QVariant sortValue(const PipelineStatistics &row, int column) const;
    QList<PipelineStatistics> m_rows;
};

/// "12 succeeded, 3 failed, 1 timed out": of a pipeline's counts, those that are not zero.
QString countsText(const PipelineStatistics &statistics);
QString percentText(double share); ///< "94.7 %", "100 %"; 100 and 0 only when it is that

} // namespace danube::console
