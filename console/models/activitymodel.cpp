// SPDX-License-Identifier: GPL-3.0-or-later
#include "console/models/activitymodel.h"

#include "console/models/words.h"

using namespace Qt::StringLiterals;

namespace danube::console {

ActivityModel::ActivityModel(const Clock &clock, QObject *parent, qsizetype limit)
    : QAbstractTableModel(parent), m_clock(clock), m_limit(limit)
{}

ActivityModel::Handle ActivityModel::add(Activity activity)
{
    while (qsizetype(m_rows.size()) >= m_limit)
        removeRow(0);
    activity.time = m_clock.wall();
    const int row = int(m_rows.size());
    beginInsertRows({}, row, row);
    m_rows.push_back({++m_last, std::move(activity)});
    count(m_rows.back().activity, 1);
    endInsertRows();
    return m_last;
}

void ActivityModel::setPercent(Handle handle, int percent)
{
    const int row = rowOf(handle);
    if (row < 0)
        return;
    Activity next = m_rows[size_t(row)].activity;
    next.percent = std::clamp(percent, 0, 100);
    change(row, next);
}

void ActivityModel::finish(Handle handle, ActivityLevel level, const QString &text)
{
    const int row = rowOf(handle);
    if (row < 0)
        return;
    Activity next = m_rows[size_t(row)].activity;
    next.percent = -1;
    next.level = level;
    next.text = text;
    change(row, next);
}

void ActivityModel::clear()
{
    for (int row = int(m_rows.size()) - 1; row >= 0; --row) {
        if (m_rows[size_t(row)].activity.percent < 0)
            removeRow(row);
    }
}

int ActivityModel::rowOf(Handle handle) const
{
    const auto found = std::lower_bound(m_rows.begin(), m_rows.end(), handle,
                                        [](const Row &row, Handle wanted) { return row.handle < wanted; });
    return found == m_rows.end() || found->handle != handle ? -1 : int(found - m_rows.begin());
}

void ActivityModel::change(int row, const Activity &next)
{
    Activity &activity = m_rows[size_t(row)].activity;
    if (activity == next)
        return;
    count(activity, -1);
    activity = next;
    count(activity, 1);
    emit dataChanged(index(row, LevelColumn), index(row, TextColumn));
}

void ActivityModel::removeRow(int row)
{
    beginRemoveRows({}, row, row);
    count(m_rows[size_t(row)].activity, -1);
    m_rows.erase(m_rows.begin() + row);
    endRemoveRows();
}

void ActivityModel::count(const Activity &activity, int by)
{
    m_problems += activity.level == ActivityLevel::Problem ? by : 0;
    m_underWay += activity.percent >= 0 ? by : 0;
}

QStringList ActivityModel::underWayTexts() const
{
    QStringList texts;
    for (const Row &row : m_rows) {
        if (row.activity.percent >= 0)
            texts.append(text(row.activity, TextColumn).toString());
    }
    return texts;
}

QString ActivityModel::toText(int row) const
{
    const Activity &activity = m_rows[size_t(row)].activity;
    QString line =
        u"%1 %2 %3: %4"_s.arg(toRfc3339(activity.time), activityWord(activity.level),
                              activity.master.isEmpty() ? activityWord(activity.kind) : activity.master, activity.text);
    return activity.detail.isEmpty() ? line : line + u'\n' + activity.detail;
}

int ActivityModel::rowCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : int(m_rows.size());
}

int ActivityModel::columnCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : ColumnCount;
}

QVariant ActivityModel::text(const Activity &activity, int column) const
{
    switch (column) {
    case TimeColumn:
        return timeText(activity.time, m_clock.wall());
    case LevelColumn:
        return activityWord(activity.level);
    case KindColumn:
        return activityWord(activity.kind);
    case MasterColumn:
        return activity.master;
    case TextColumn:
        return activity.percent < 0 ? activity.text : u"%1 · %2 %"_s.arg(activity.text).arg(activity.percent);
    default:
        return {};
    }
}

QVariant ActivityModel::data(const QModelIndex &index, int role) const
{
    if (!checkIndex(index, CheckIndexOption::IndexIsValid))
        return {};
    const Activity &activity = m_rows[size_t(index.row())].activity;
    switch (role) {
    case Qt::DisplayRole:
        return text(activity, index.column());
    case Qt::ToolTipRole:
        return activity.detail.isEmpty() ? activity.text : activity.text + u'\n' + activity.detail;
    case LevelRole:
        return int(activity.level);
    case ActivityRole:
        return QVariant::fromValue(activity);
    default:
        return {};
    }
}

QVariant ActivityModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal || role != Qt::DisplayRole)
        return {};
    switch (section) {
    case TimeColumn:
        return tr("Time");
    case LevelColumn:
        return tr("Level");
    case KindColumn:
        return tr("Kind");
    case MasterColumn:
        return tr("Master");
    case TextColumn:
        return tr("What happened");
    default:
        return {};
    }
}

} // namespace danube::console
