// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "shared/core/id.h"

#include <QSortFilterProxyModel>

namespace danube::console {

/// What is shown of an ArtifactsModel: rows that hold every word of a text (in name, type, pipeline, job or digest), or
/// those of one job.
class ArtifactsFilter : public QSortFilterProxyModel
{
    Q_OBJECT
public:
    explicit ArtifactsFilter(QObject *parent = nullptr);

    void setText(const QString &text);
    void setJob(const JobId &job); ///< empty = of every job

protected:
    bool filterAcceptsRow(int row, const QModelIndex &parent) const override;

private:
    QStringList m_words;
    JobId m_job;
};

} // namespace danube::console
