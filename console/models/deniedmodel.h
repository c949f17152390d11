// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "shared/egress/explain.h"
#include "shared/model/egressrefusal.h"

#include <QAbstractTableModel>

namespace danube::console {

/// All refusals of one place, added up.
struct DeniedPlace
{
    QString host;
    quint16 port = 0; ///< 0 = only looked up
    QString protocols;
    qint64 flows = 0;
    QSet<JobId> jobs;
    QStringList pipelines;
    WallTime last{};
    bool isAuditOnly = true;   ///< nothing was stopped, it would have been
    egress::Verdict verdict{}; ///< with the lists after the edits
    bool canBeListed() const { return verdict.isAllowed || !verdict.proposal.isEmpty(); }
};

/// What jobs were refused, by place, most jobs first. A lookup and a connection of one name are one place.
class DeniedModel : public QAbstractTableModel
{
    Q_OBJECT
public:
    enum Column {
        HostColumn,
        PortColumn,
        JobsColumn,
        FlowsColumn,
        PipelinesColumn,
        LastColumn,
        StateColumn,
        ColumnCount
    };

    explicit DeniedModel(const Clock &clock, QObject *parent = nullptr);

    void setRefusals(const QList<EgressRefusal> &refusals);
    void setLists(const egress::Allowlists &after, const egress::LintOptions &options);
    const DeniedPlace &place(int row) const { return m_places[row]; }
    QString exactEntry(int row) const; ///< the narrowest entry that lets it through; empty when none can
    /// Wildcards that let it through, the narrowest first; none for names of the cluster and for public suffixes.
    QStringList wildcards(int row) const;
    /// Other refused places that an entry would let through as well: "host:port".
    QStringList alsoOpened(const QString &entry, int row) const;

    int rowCount(const QModelIndex &parent = {}) const override;
    int columnCount(const QModelIndex &parent = {}) const override;
    QVariant data(const QModelIndex &index, int role = Qt::DisplayRole) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role = Qt::DisplayRole) const override;

private:
    void judge();

    const Clock &m_clock;
    QList<DeniedPlace> m_places;
    egress::Allowlists m_after;
    egress::LintOptions m_options;
};

} // namespace danube::console
