// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "console/models/hosttest.h"

#include <QAbstractTableModel>

namespace danube::console {

/// Hosts somebody asked about, with the verdict in force and the one after the edits.
class HostTestModel : public QAbstractTableModel
{
    Q_OBJECT
public:
    enum Column { HostColumn, NowColumn, AfterColumn, EntryColumn, ReasonColumn, ColumnCount };
    enum Role { AllowedRole = Qt::UserRole, ChangesRole }; ///< of the cell's own verdict: bool

    using QAbstractTableModel::QAbstractTableModel;

    void setText(const QString &text); ///< a list of hosts or a log
    void setLists(const egress::Allowlists &now, const egress::Allowlists &after, const egress::LintOptions &options);
    const QList<HostVerdict> &verdicts() const { return m_verdicts; }
    QString summary() const; ///< "5 hosts: 2 allowed, 3 refused; the edit changes 1"

    int rowCount(const QModelIndex &parent = {}) const override;
    int columnCount(const QModelIndex &parent = {}) const override;
    QVariant data(const QModelIndex &index, int role = Qt::DisplayRole) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role = Qt::DisplayRole) const override;

signals:
    void tested();

private:
    void test();

    QList<egress::Question> m_hosts;
    QList<HostVerdict> m_verdicts;
    egress::Allowlists m_now;
    egress::Allowlists m_after;
    egress::LintOptions m_options;
};

} // namespace danube::console
