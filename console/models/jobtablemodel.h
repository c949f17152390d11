// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "console/models/durationhistory.h"

#include <QAbstractTableModel>
#include <QTimer>

#include <span>
#include <vector>

namespace danube::console {

/// The jobs of one master. Updates are collected for a moment and then told as contiguous spans of rows with exactly
/// the columns that changed; never by a reset, which would cost selection and scroll position. Rows keep their order:
/// new jobs are appended, views sort through a proxy. At most `limit` jobs: beyond, the oldest finished ones go.
class JobTableModel : public QAbstractTableModel
{
    Q_OBJECT
public:
    enum Column {
        StateColumn,
        NumberColumn,
        PipelineColumn,
        BranchColumn,
        CommitColumn,
        TriggerColumn,
        StartedColumn,
        DurationColumn,
        QueueColumn,
        TrendColumn,  ///< the last durations of the job's pipeline
        MasterColumn, ///< shown where jobs of several masters stand together
        ColumnCount
    };
    enum Role {
        IdRole = Qt::UserRole, ///< QString
        StateRole,             ///< JobState
        SortRole,              ///< a value to order by: times as milliseconds, durations as milliseconds
        JobRole,               ///< Job
        MasterRole,            ///< QString: the master's URL
        TrendRole,             ///< QList<PastDuration>
        AsOfRole,              ///< qint64, milliseconds: not the present, but of then; invalid = the present
    };

    explicit JobTableModel(const Clock &clock, QObject *parent = nullptr, qsizetype limit = 50'000);

    /// Adds or changes jobs: shown with the next flush, at most `interval` later. An older state never
    /// replaces a newer one (progress.h).
    void update(const QList<Job> &jobs);
    void update(const Job &job) { update(QList<Job>{job}); }
    /// The master's complete list: those not in it vanish (also with the next flush).
    void replaceAll(const QList<Job> &jobs);
    void flush();                                            ///< now
    void setMaster(const QString &name, const QString &url); ///< before the first job
    /// The rows are of that time, and running clocks stand there; nullopt: they are the present.
    void setAsOf(std::optional<WallTime> time);

    const Job *job(const JobId &id) const;              ///< as shown; nullptr when unknown
    std::span<const Job> all() const { return m_jobs; } ///< as shown, in rows' order; until the next change
    qsizetype limit() const { return m_limit; }
    QModelIndex indexOf(const JobId &id, int column = 0) const;
    int countOf(JobState state) const { return m_counts[size_t(state)]; }

    int rowCount(const QModelIndex &parent = {}) const override;
    int columnCount(const QModelIndex &parent = {}) const override;
    QVariant data(const QModelIndex &index, int role = Qt::DisplayRole) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role = Qt::DisplayRole) const override;

    static constexpr milliseconds interval{150};

private:
    using Columns = uint32_t; ///< bit per column
    QVariant text(const Job &job, int column) const;
    QString trendText(const Job &job) const;
    QVariant sortValue(const Job &job, int column) const;
    WallTime now() const { return m_asOf.value_or(m_clock.wall()); }
    void removeVanished();
    void changeKnown();
    void appendNew();
    void dropOldest();
    void tellChanges(const std::vector<std::pair<int, Columns>> &rows);
    void removeRowSpan(int first, int last);
    void reindexFrom(size_t row);
    void count(const Job &job, int by) { m_counts[size_t(job.state)] += by; }

    const Clock &m_clock;
    qsizetype m_limit;
    QString m_masterName;
    QString m_masterUrl;
    std::optional<WallTime> m_asOf;
    std::vector<Job> m_jobs;
    QHash<JobId, int> m_rows;
    QHash<JobId, Job> m_waiting;
    QList<JobId> m_waitingOrder;
    bool m_replace = false;
    int m_counts[std::size(allJobStates)] = {};
    DurationHistory m_durations;
    QTimer m_timer;
};

} // namespace danube::console
