// SPDX-License-Identifier: GPL-3.0-or-later
#include "console/models/artifactsmodel.h"

#include "console/models/words.h"

#include <QLocale>

#include <algorithm>

using namespace Qt::StringLiterals;

namespace danube::console {

namespace {

bool endsWithAny(const QString &name, const QStringList &ends)
{
    return std::ranges::any_of(ends, [&](const QString &end) { return name.endsWith(end, Qt::CaseInsensitive); });
}

} // namespace

bool isArchive(const QString &name)
{
    return endsWithAny(name, {u".tar"_s, u".tar.gz"_s, u".tgz"_s, u".tar.xz"_s, u".tar.bz2"_s, u".tar.zst"_s, u".zip"_s,
                              u".jar"_s, u".whl"_s});
}

QString artifactType(const QString &name)
{
    if (isArchive(name))
        return ArtifactsModel::tr("Archive");
    if (endsWithAny(name, {u".txt"_s, u".log"_s, u".md"_s, u".csv"_s, u".json"_s, u".xml"_s, u".html"_s}))
        return ArtifactsModel::tr("Text");
    if (endsWithAny(name, {u".png"_s, u".jpg"_s, u".svg"_s, u".webp"_s}))
        return ArtifactsModel::tr("Image");
    if (endsWithAny(name, {u".deb"_s, u".rpm"_s, u".apk"_s, u".msi"_s, u".dmg"_s}))
        return ArtifactsModel::tr("Package");
    return ArtifactsModel::tr("File");
}

QString sizeText(qint64 bytes)
{
    return QLocale().formattedDataSize(bytes, 1, QLocale::DataSizeIecFormat);
}

ArtifactsModel::ArtifactsModel(const Clock &clock, QObject *parent) : QAbstractTableModel(parent), m_clock(clock) {}

// Artifacts never change; so what is there stays, and only what is new comes in.
void ArtifactsModel::setArtifacts(const Job &job, const QList<Artifact> &artifacts)
{
    m_cut.remove(job.id);
    QSet<ArtifactId> listed;
    for (const Artifact &artifact : artifacts)
        listed += artifact.id;
    QSet<ArtifactId> known;
    for (int row = rowCount() - 1; row >= 0; --row) {
        const Artifact &artifact = m_rows[row].artifact;
        if (artifact.job == job.id && !listed.contains(artifact.id))
            remove(row);
        else
            known += artifact.id;
    }
    for (const Artifact &artifact : artifacts) {
        if (known.contains(artifact.id) || !makeRoom(job.id))
            continue;
        const auto place = std::ranges::partition_point(
            m_rows, [&](const Row &row) { return row.artifact.createdAt >= artifact.createdAt; });
        const int at = static_cast<int>(place - m_rows.begin());
        beginInsertRows({}, at, at);
        m_rows.insert(at, {artifact, job.pipeline, job.number});
        endInsertRows();
    }
}

// Whoever asks for a job's artifacts sees them, before those that nobody asked for lately.
bool ArtifactsModel::makeRoom(const JobId &job)
{
    if (m_rows.size() < maxRows)
        return true;
    for (int row = rowCount() - 1; row >= 0; --row) {
        if (m_rows[row].artifact.job == job)
            continue;
        m_cut += m_rows[row].artifact.job;
        remove(row);
        return true;
    }
    m_cut += job;
    return false;
}

void ArtifactsModel::remove(int row)
{
    beginRemoveRows({}, row, row);
    m_rows.removeAt(row);
    endRemoveRows();
}

int ArtifactsModel::countOf(const JobId &job) const
{
    return static_cast<int>(std::ranges::count_if(m_rows, [&](const Row &row) { return row.artifact.job == job; }));
}

int ArtifactsModel::rowCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : static_cast<int>(m_rows.size());
}

int ArtifactsModel::columnCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : ColumnCount;
}

QVariant ArtifactsModel::display(const Row &row, int column) const
{
    switch (column) {
    case NameColumn:
        return row.artifact.name;
    case TypeColumn:
        return artifactType(row.artifact.name);
    case SizeColumn:
        return sizeText(toInt(row.artifact.size));
    case PipelineColumn:
        return row.pipeline;
    case JobColumn:
        return u"#%1"_s.arg(row.jobNumber);
    case CreatedColumn:
        return timeText(row.artifact.createdAt, m_clock.wall());
    case DigestColumn:
        return u"sha256:%1…"_s.arg(QString::fromLatin1(row.artifact.sha256.left(12)));
    default:
        return {};
    }
}

QVariant ArtifactsModel::data(const QModelIndex &index, int role) const
{
    if (!index.isValid() || index.row() >= m_rows.size())
        return {};
    const Row &row = m_rows[index.row()];
    switch (role) {
    case Qt::DisplayRole:
        return display(row, index.column());
    case Qt::ToolTipRole:
        return index.column() == DigestColumn ? QString::fromLatin1("sha256:" + row.artifact.sha256)
                                              : display(row, index.column());
    case Qt::TextAlignmentRole:
        return int(Qt::AlignVCenter | (index.column() == SizeColumn ? Qt::AlignRight : Qt::AlignLeft));
    case ArtifactIdRole:
        return row.artifact.id.value();
    case SortRole:
        if (index.column() == SizeColumn)
            return qint64(toInt(row.artifact.size));
        if (index.column() == JobColumn)
            return row.jobNumber;
        if (index.column() == CreatedColumn)
            return qint64(row.artifact.createdAt.time_since_epoch().count());
        return display(row, index.column());
    default:
        return {};
    }
}

QVariant ArtifactsModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal || role != Qt::DisplayRole)
        return {};
    switch (section) {
    case NameColumn:
        return tr("Name");
    case TypeColumn:
        return tr("Type");
    case SizeColumn:
        return tr("Size");
    case PipelineColumn:
        return tr("Pipeline");
    case JobColumn:
        return tr("Job");
    case CreatedColumn:
        return tr("Made");
    case DigestColumn:
        return tr("Digest");
    default:
        return {};
    }
}

} // namespace danube::console
