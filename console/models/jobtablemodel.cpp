// SPDX-License-Identifier: GPL-3.0-or-later
#include "console/models/jobtablemodel.h"

#include "console/models/progress.h"
#include "console/models/words.h"

#include <QLocale>

#include <tuple>

using namespace Qt::StringLiterals;

namespace danube::console {

namespace {

// Every column shows some fields; two jobs that agree in them show the same.
using Shown = uint32_t;

template <class Field> Shown differs(const Field &left, const Field &right, std::initializer_list<int> columns)
{
    Shown mask = 0;
    for (const int column : columns)
        mask |= left == right ? 0u : 1u << column;
    return mask;
}

Shown changedColumns(const Job &a, const Job &b)
{
    using Model = JobTableModel;
    return differs(std::tie(a.state, a.reason, a.message, a.progress, a.cancelRequested),
                   std::tie(b.state, b.reason, b.message, b.progress, b.cancelRequested), {Model::StateColumn}) |
           differs(a.number, b.number, {Model::NumberColumn}) |
           differs(a.pipeline, b.pipeline, {Model::PipelineColumn}) |
           differs(std::tie(a.branch, a.ref), std::tie(b.branch, b.ref), {Model::BranchColumn}) |
           differs(a.commit, b.commit, {Model::CommitColumn}) |
           differs(std::tie(a.triggerType, a.triggeredBy), std::tie(b.triggerType, b.triggeredBy),
                   {Model::TriggerColumn}) |
           differs(a.createdAt, b.createdAt, {Model::StartedColumn, Model::QueueColumn}) |
           differs(a.startedAt, b.startedAt, {Model::StartedColumn, Model::DurationColumn, Model::QueueColumn}) |
           differs(a.finishedAt, b.finishedAt, {Model::DurationColumn, Model::QueueColumn});
}

QVariant alignment(int column)
{
    const bool number = column == JobTableModel::DurationColumn || column == JobTableModel::QueueColumn ||
                        column == JobTableModel::NumberColumn;
    return QVariant::fromValue(Qt::Alignment(number ? Qt::AlignRight : Qt::AlignLeft) | Qt::AlignVCenter);
}

qint64 toMilliseconds(WallTime time)
{
    return time.time_since_epoch().count();
}

} // namespace

JobTableModel::JobTableModel(const Clock &clock, QObject *parent, qsizetype limit)
    : QAbstractTableModel(parent), m_clock(clock), m_limit(limit)
{
    m_timer.setSingleShot(true);
    m_timer.setInterval(interval);
    connect(&m_timer, &QTimer::timeout, this, &JobTableModel::flush);
}

void JobTableModel::setMaster(const QString &name, const QString &url)
{
    m_masterName = name;
    m_masterUrl = url;
}

void JobTableModel::setAsOf(std::optional<WallTime> time)
{
    if (std::exchange(m_asOf, time) == time || m_jobs.empty())
        return;
    emit dataChanged(index(0, DurationColumn), index(int(m_jobs.size()) - 1, MasterColumn),
                     {Qt::DisplayRole, AsOfRole});
}

void JobTableModel::update(const QList<Job> &jobs)
{
    for (const Job &job : jobs) {
        const auto waiting = m_waiting.constFind(job.id);
        if (waiting == m_waiting.cend())
            m_waitingOrder.append(job.id);
        else if (isOlder(job, *waiting))
            continue;
        m_waiting.insert(job.id, job);
    }
    if (!m_timer.isActive())
        m_timer.start();
}

void JobTableModel::replaceAll(const QList<Job> &jobs)
{
    m_waiting.clear();
    m_waitingOrder.clear();
    m_replace = true;
    update(jobs);
}

void JobTableModel::flush()
{
    m_timer.stop();
    if (std::exchange(m_replace, false))
        removeVanished();
    changeKnown();
    appendNew();
    dropOldest();
    m_waiting.clear();
    m_waitingOrder.clear();
}

void JobTableModel::removeVanished()
{
    for (int last = int(m_jobs.size()) - 1; last >= 0; --last) {
        if (m_waiting.contains(m_jobs[size_t(last)].id))
            continue;
        int first = last;
        while (first > 0 && !m_waiting.contains(m_jobs[size_t(first) - 1].id))
            --first;
        removeRowSpan(first, last);
        last = first;
    }
}

void JobTableModel::changeKnown()
{
    std::vector<std::pair<int, Columns>> changes;
    for (const Job &job : std::as_const(m_waiting)) {
        const auto row = m_rows.constFind(job.id);
        if (row == m_rows.cend())
            continue;
        Job &shown = m_jobs[size_t(*row)];
        if (isOlder(job, shown))
            continue;
        if (const Columns columns = changedColumns(shown, job))
            changes.emplace_back(*row, columns);
        count(shown, -1);
        count(job, 1);
        if (job.pipeline != shown.pipeline)
            m_durations.remove(shown);
        m_durations.add(job);
        shown = job;
    }
    std::sort(changes.begin(), changes.end());
    tellChanges(changes);
}

// One signal per run of neighbours with the same columns: wider ranges cost a sorting proxy more than they save.
void JobTableModel::tellChanges(const std::vector<std::pair<int, Columns>> &rows)
{
    static const QList<int> roles{Qt::DisplayRole, Qt::ToolTipRole, Qt::AccessibleTextRole,
                                  StateRole,       SortRole,        JobRole};
    for (size_t first = 0; first < rows.size();) {
        size_t last = first;
        while (last + 1 < rows.size() && rows[last + 1] == std::pair(rows[last].first + 1, rows[first].second))
            ++last;
        const Columns columns = rows[first].second;
        for (int left = 0; left < ColumnCount; ++left) {
            if (!(columns >> left & 1))
                continue;
            int right = left;
            while (columns >> (right + 1) & 1)
                ++right;
            emit dataChanged(index(rows[first].first, left), index(rows[last].first, right), roles);
            left = right;
        }
        first = last + 1;
    }
}

void JobTableModel::appendNew()
{
    std::vector<Job> added;
    for (const JobId &id : std::as_const(m_waitingOrder)) {
        if (!m_rows.contains(id))
            added.push_back(m_waiting.value(id));
    }
    if (added.empty())
        return;
    const size_t first = m_jobs.size();
    beginInsertRows({}, int(first), int(first + added.size()) - 1);
    for (Job &job : added) {
        count(job, 1);
        m_durations.add(job);
        m_jobs.push_back(std::move(job));
    }
    reindexFrom(first);
    endInsertRows();
}

void JobTableModel::dropOldest()
{
    const qsizetype excess = qsizetype(m_jobs.size()) - m_limit;
    if (excess <= 0)
        return;
    std::vector<std::pair<WallTime, int>> finished;
    for (size_t row = 0; row < m_jobs.size(); ++row) {
        if (isFinal(m_jobs[row].state))
            finished.emplace_back(m_jobs[row].createdAt, int(row));
    }
    std::sort(finished.begin(), finished.end());
    finished.resize(std::min(finished.size(), size_t(excess)));
    std::sort(finished.begin(), finished.end(), [](const auto &a, const auto &b) { return a.second > b.second; });
    for (const auto &[time, row] : finished)
        removeRowSpan(row, row);
}

void JobTableModel::removeRowSpan(int first, int last)
{
    beginRemoveRows({}, first, last);
    for (int row = first; row <= last; ++row) {
        count(m_jobs[size_t(row)], -1);
        m_durations.remove(m_jobs[size_t(row)]);
        m_rows.remove(m_jobs[size_t(row)].id);
    }
    m_jobs.erase(m_jobs.begin() + first, m_jobs.begin() + last + 1);
    reindexFrom(size_t(first));
    endRemoveRows();
}

void JobTableModel::reindexFrom(size_t row)
{
    for (; row < m_jobs.size(); ++row)
        m_rows.insert(m_jobs[row].id, int(row));
}

const Job *JobTableModel::job(const JobId &id) const
{
    const auto row = m_rows.constFind(id);
    return row == m_rows.cend() ? nullptr : &m_jobs[size_t(*row)];
}

QModelIndex JobTableModel::indexOf(const JobId &id, int column) const
{
    const auto row = m_rows.constFind(id);
    return row == m_rows.cend() ? QModelIndex() : index(*row, column);
}

int JobTableModel::rowCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : int(m_jobs.size());
}

int JobTableModel::columnCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : ColumnCount;
}

QVariant JobTableModel::data(const QModelIndex &index, int role) const
{
    if (!checkIndex(index, CheckIndexOption::IndexIsValid | CheckIndexOption::ParentIsInvalid))
        return {};
    const Job &job = m_jobs[size_t(index.row())];
    switch (role) {
    case Qt::DisplayRole:
        return text(job, index.column());
    case Qt::ToolTipRole:
        if (index.column() == TrendColumn)
            return trendText(job);
        return index.column() == StateColumn && !job.reason.isEmpty() ? job.reason : QVariant();
    case Qt::AccessibleTextRole:
        return index.column() == TrendColumn ? trendText(job) : QVariant();
    case IdRole:
        return job.id.value();
    case StateRole:
        return QVariant::fromValue(job.state);
    case SortRole:
        return sortValue(job, index.column());
    case JobRole:
        return QVariant::fromValue(job);
    case TrendRole:
        return QVariant::fromValue(m_durations.of(job.pipeline));
    case MasterRole:
        return m_masterUrl;
    case AsOfRole:
        return m_asOf ? toMilliseconds(*m_asOf) : QVariant();
    case Qt::TextAlignmentRole:
        return alignment(index.column());
    default:
        return {};
    }
}

QVariant JobTableModel::text(const Job &job, int column) const
{
    switch (column) {
    case StateColumn:
        return job.cancelRequested && !isFinal(job.state) ? tr("Cancelling") : stateWord(job.state);
    case NumberColumn:
        return QString(u'#' + QString::number(job.number));
    case PipelineColumn:
        return job.pipeline;
    case BranchColumn:
        return job.branch.isEmpty() ? job.ref : job.branch;
    case CommitColumn:
        return shortCommit(job.commit);
    case TriggerColumn:
        return job.triggeredBy.isEmpty() ? job.triggerType : tr("%1 by %2").arg(job.triggerType, job.triggeredBy);
    case StartedColumn:
        return timeText(job.startedAt == WallTime{} ? job.createdAt : job.startedAt, m_clock.wall());
    case DurationColumn:
        return durationText(runTime(job, now()));
    case QueueColumn:
        return durationText(queueTime(job, now()));
    case TrendColumn:
        return {}; // painted; in words for tooltips and screen readers
    case MasterColumn:
        return m_asOf ? tr("%1 · as of %2").arg(m_masterName, timeText(*m_asOf, m_clock.wall())) : m_masterName;
    default:
        return {};
    }
}

QString JobTableModel::trendText(const Job &job) const
{
    const QList<PastDuration> past = m_durations.of(job.pipeline);
    if (past.isEmpty())
        return tr("No job of %1 has ended yet.").arg(job.pipeline);
    const auto [least, most] = std::ranges::minmax(past, {}, &PastDuration::duration);
    return tr("The last %n jobs of %1 ran %2 to %3.", nullptr, int(past.size()))
        .arg(job.pipeline, durationText(least.duration), durationText(most.duration));
}

QVariant JobTableModel::sortValue(const Job &job, int column) const
{
    switch (column) {
    case StateColumn:
        return int(job.state);
    case NumberColumn:
        return qint64(job.number);
    case StartedColumn:
        return toMilliseconds(job.startedAt == WallTime{} ? job.createdAt : job.startedAt);
    case DurationColumn:
        return qint64(runTime(job, now()).count());
    case QueueColumn:
        return qint64(queueTime(job, now()).count());
    case TrendColumn:
        return job.pipeline;
    default:
        return text(job, column);
    }
}

QVariant JobTableModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation == Qt::Horizontal && role == Qt::TextAlignmentRole)
        return alignment(section);
    if (orientation != Qt::Horizontal || role != Qt::DisplayRole)
        return QAbstractTableModel::headerData(section, orientation, role);
    switch (section) {
    case StateColumn:
        return tr("State");
    case NumberColumn:
        return tr("Job");
    case PipelineColumn:
        return tr("Pipeline");
    case BranchColumn:
        return tr("Branch");
    case CommitColumn:
        return tr("Commit");
    case TriggerColumn:
        return tr("Trigger");
    case StartedColumn:
        return tr("Started");
    case DurationColumn:
        return tr("Duration");
    case QueueColumn:
        return tr("Waited");
    case TrendColumn:
        return tr("Last durations");
    case MasterColumn:
        return tr("Master");
    default:
        return {};
    }
}

} // namespace danube::console
