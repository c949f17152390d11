// SPDX-License-Identifier: GPL-3.0-or-later
#include "console/models/jobfilter.h"

#include "console/models/jobtablemodel.h"

namespace danube::console {

JobFilter::JobFilter(const Clock &clock, QObject *parent) : QSortFilterProxyModel(parent), m_clock(clock)
{
    setSortRole(JobTableModel::SortRole);
    setSortCaseSensitivity(Qt::CaseInsensitive);
    setDynamicSortFilter(true);
    connect(this, &QSortFilterProxyModel::sourceModelChanged, this, [this] {
        connect(sourceModel(), &QAbstractItemModel::rowsInserted, this, &JobFilter::countHeld);
        connect(sourceModel(), &QAbstractItemModel::rowsRemoved, this, &JobFilter::countHeld);
    });
}

std::optional<Job> JobFilter::sourceJob(int row) const
{
    const QVariant value = sourceModel()->index(row, 0).data(JobTableModel::JobRole);
    return value.isValid() ? std::optional(value.value<Job>()) : std::nullopt;
}

bool JobFilter::wants(int row, const Job &job) const
{
    JobStanding standing;
    if (m_standing && (m_query.mine || m_query.watched))
        standing = m_standing(sourceModel()->index(row, 0).data(JobTableModel::MasterRole).toString(), job);
    return m_query.matches(job, m_clock.wall(), standing);
}

void JobFilter::setQuery(const JobQuery &query)
{
    m_query = query;
    renew();
}

void JobFilter::setStanding(Standing standing)
{
    m_standing = std::move(standing);
    renew();
}

void JobFilter::renew()
{
    if (!sourceModel())
        return;
    invalidateRowsFilter();
    countHeld();
}

void JobFilter::hold()
{
    if (!isHolding())
        m_holdFrom = newestCreation();
}

void JobFilter::release()
{
    if (!isHolding())
        return;
    m_holdFrom.reset();
    invalidateRowsFilter();
    countHeld();
}

WallTime JobFilter::newestCreation() const
{
    WallTime newest{};
    for (int row = 0; sourceModel() && row < sourceModel()->rowCount(); ++row)
        newest = std::max(newest, sourceJob(row).value_or(Job{}).createdAt);
    return newest;
}

bool JobFilter::filterAcceptsRow(int row, const QModelIndex &) const
{
    const auto job = sourceJob(row);
    return job && (!m_holdFrom || job->createdAt <= *m_holdFrom) && wants(row, *job);
}

bool JobFilter::lessThan(const QModelIndex &left, const QModelIndex &right) const
{
    if (QSortFilterProxyModel::lessThan(left, right))
        return true;
    if (QSortFilterProxyModel::lessThan(right, left))
        return false;
    // Equal: newer first in descending order too, so that rows never swap by chance.
    const QModelIndex leftNumber = left.siblingAtColumn(JobTableModel::NumberColumn);
    const QModelIndex rightNumber = right.siblingAtColumn(JobTableModel::NumberColumn);
    return leftNumber.data(sortRole()).toLongLong() < rightNumber.data(sortRole()).toLongLong();
}

void JobFilter::countHeld()
{
    int held = 0;
    for (int row = 0; m_holdFrom && row < sourceModel()->rowCount(); ++row) {
        const auto job = sourceJob(row);
        held += job && job->createdAt > *m_holdFrom && wants(row, *job);
    }
    if (std::exchange(m_held, held) != held)
        emit heldCountChanged(held);
}

} // namespace danube::console
