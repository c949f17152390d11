// SPDX-License-Identifier: GPL-3.0-or-later
#include "console/models/artifactsfilter.h"

#include "console/models/artifactsmodel.h"

#include <algorithm>

using namespace Qt::StringLiterals;

namespace danube::console {

ArtifactsFilter::ArtifactsFilter(QObject *parent) : QSortFilterProxyModel(parent)
{
    setSortRole(ArtifactsModel::SortRole);
    setSortCaseSensitivity(Qt::CaseInsensitive);
}

void ArtifactsFilter::setText(const QString &text)
{
    m_words = text.split(u' ', Qt::SkipEmptyParts);
    invalidateRowsFilter();
}

void ArtifactsFilter::setJob(const JobId &job)
{
    m_job = job;
    invalidateRowsFilter();
}

bool ArtifactsFilter::filterAcceptsRow(int row, const QModelIndex &) const
{
    const auto *model = qobject_cast<ArtifactsModel *>(sourceModel());
    const ArtifactsModel::Row &artifact = model->row(row);
    if (!m_job.value().isEmpty() && artifact.artifact.job != m_job)
        return false;
    if (m_words.isEmpty())
        return true;
    const QString text = u"%1\n%2\n%3\n#%4\nsha256:%5"_s.arg(
        artifact.artifact.name, artifactType(artifact.artifact.name), artifact.pipeline,
        QString::number(artifact.jobNumber), QString::fromLatin1(artifact.artifact.sha256));
    return std::ranges::all_of(m_words, [&](const QString &word) { return text.contains(word, Qt::CaseInsensitive); });
}

} // namespace danube::console
