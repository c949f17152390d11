// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "console/models/jobquery.h"

#include <QSortFilterProxyModel>

#include <functional>

namespace danube::console {

/// The job table as one view shows it: sorted, filtered by a JobQuery, and able to hold back jobs that came after the
/// reader began to look at something, so that no row moves under the pointer.
class JobFilter : public QSortFilterProxyModel
{
    Q_OBJECT
public:
    explicit JobFilter(const Clock &clock, QObject *parent = nullptr);

    void setQuery(const JobQuery &query);
    const JobQuery &query() const { return m_query; }

    /// How a job of the master with that URL stands to the person here; without, no job is mine or watched.
    using Standing = std::function<JobStanding(const QString &masterUrl, const Job &job)>;
    void setStanding(Standing standing);
    void renew(); ///< after a change of what `Standing` answers

    void hold();    ///< from now on new jobs wait; no-op while holding
    void release(); ///< shows what waits
    bool isHolding() const { return m_holdFrom.has_value(); }
    int heldCount() const { return m_held; } ///< waiting jobs that the query would show

signals:
    void heldCountChanged(int count);

protected:
    bool filterAcceptsRow(int row, const QModelIndex &parent) const override;
    bool lessThan(const QModelIndex &left, const QModelIndex &right) const override;

private:
    void countHeld();
    WallTime newestCreation() const;
    std::optional<Job> sourceJob(int row) const;
    bool wants(int row, const Job &job) const;

    const Clock &m_clock;
    JobQuery m_query;
    Standing m_standing;
    std::optional<WallTime> m_holdFrom; ///< jobs created later wait
    int m_held = 0;
};

} // namespace danube::console
