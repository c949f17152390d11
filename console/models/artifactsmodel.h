// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "shared/model/artifact.h"
#include "shared/model/job.h"

#include <QAbstractTableModel>
#include <QSet>

namespace danube::console {

/// Artifacts of several jobs in one table, newest first. Each job's list is given once and replaces the one before.
class ArtifactsModel : public QAbstractTableModel
{
    Q_OBJECT
public:
    enum Column {
        NameColumn,
        TypeColumn,
        SizeColumn,
        PipelineColumn,
        JobColumn,
        CreatedColumn,
        DigestColumn,
        ColumnCount
    };
    enum Role { SortRole = Qt::UserRole, ArtifactIdRole };
    static constexpr qsizetype maxRows = 20'000; ///< then the oldest of other jobs make room

    struct Row
    {
        Artifact artifact;
        QString pipeline;
        qint64 jobNumber = 0;
        bool operator==(const Row &) const = default;
    };

    explicit ArtifactsModel(const Clock &clock, QObject *parent = nullptr);

    void setArtifacts(const Job &job, const QList<Artifact> &artifacts);
    const Row &row(int index) const { return m_rows[index]; }
    int countOf(const JobId &job) const;
    bool isCut() const { return !m_cut.isEmpty(); } ///< some artifacts are not here, as there was no room
    bool isCut(const JobId &job) const { return m_cut.contains(job); }

    int rowCount(const QModelIndex &parent = {}) const override;
    int columnCount(const QModelIndex &parent = {}) const override;
    QVariant data(const QModelIndex &index, int role = Qt::DisplayRole) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role = Qt::DisplayRole) const override;

private:
    bool makeRoom(const JobId &job);
    void remove(int row);
    QVariant display(const Row &row, int column) const;

    const Clock &m_clock;
    QList<Row> m_rows; ///< newest first
    QSet<JobId> m_cut; ///< of which not all artifacts are here
};

QString artifactType(const QString &name); ///< "Archive", "Text", …, by the name's end; for people
bool isArchive(const QString &name);       ///< one that can be looked into
QString sizeText(qint64 bytes);            ///< "1.4 GiB"

} // namespace danube::console
