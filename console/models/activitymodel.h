// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "console/models/activity.h"

#include <QAbstractTableModel>

#include <deque>

namespace danube::console {

/// What the console did and met: requests, reconnects, sign-ins, commits, downloads, errors. Newest last; at most
/// `limit` rows, beyond which the oldest go. GUI thread.
class ActivityModel : public QAbstractTableModel
{
    Q_OBJECT
public:
    enum Column { TimeColumn, LevelColumn, KindColumn, MasterColumn, TextColumn, ColumnCount };
    enum Role { LevelRole = Qt::UserRole, ActivityRole };
    using Handle = quint64; ///< of a row whose progress is told later; 0 = none

    explicit ActivityModel(const Clock &clock, QObject *parent = nullptr, qsizetype limit = 5000);

    Handle add(Activity activity); ///< with the present time
    /// Of a long action; no-ops when the row has gone.
    void setPercent(Handle handle, int percent);
    void finish(Handle handle, ActivityLevel level, const QString &text);
    void clear(); ///< all but what still runs

    int problems() const { return m_problems; } ///< rows of ActivityLevel::Problem
    int underWay() const { return m_underWay; } ///< rows with a percentage
    QStringList underWayTexts() const;
    QString toText(int row) const; ///< for the clipboard: one line, and the detail below it

    int rowCount(const QModelIndex &parent = {}) const override;
    int columnCount(const QModelIndex &parent = {}) const override;
    QVariant data(const QModelIndex &index, int role = Qt::DisplayRole) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role = Qt::DisplayRole) const override;

private:
    struct Row
    {
        Handle handle;
        Activity activity;
    };
    QVariant text(const Activity &activity, int column) const;
    int rowOf(Handle handle) const; ///< -1 = gone
    void change(int row, const Activity &next);
    void removeRow(int row);
    void count(const Activity &activity, int by);

    const Clock &m_clock;
    qsizetype m_limit;
    std::deque<Row> m_rows;
    Handle m_last = 0;
    int m_problems = 0;
    int m_underWay = 0;
};

} // namespace danube::console
