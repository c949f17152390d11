// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "console/app/actionstate.h"
#include "console/models/artifactsfilter.h"
#include "console/models/artifactsmodel.h"
#include "shared/core/result.h"

#include <QTableView>

class QPushButton;

namespace danube::console {

class MasterSession;

/// The table of a master's artifacts, all or those of one job: selects, copies digests, downloads into a folder.
class ArtifactsView : public QTableView
{
    Q_OBJECT
public:
    explicit ArtifactsView(MasterSession &master, QWidget *parent = nullptr);

    ArtifactsFilter &filter() { return m_filter; }
    void showOnly(const JobId &job); ///< and not the columns that say which
    QList<ArtifactsModel::Row> selected() const;
    void askFolder(); ///< then downloads what is selected
    ActionState downloadState() const;
    QPushButton *makeDownloadButton(QWidget *parent); ///< which says why it cannot
    void downloadTo(const QString &path);             ///< a folder

signals:
    void selectionMoved();
    void told(const QString &text);
    void problem(const QString &text);

private:
    void copy() const;

    MasterSession &m_master;
    ArtifactsFilter m_filter;
};

} // namespace danube::console
