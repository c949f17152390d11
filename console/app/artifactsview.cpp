// SPDX-License-Identifier: GPL-3.0-or-later
#include "console/app/artifactsview.h"

#include "console/app/icons.h"
#include "console/app/tablelook.h"
#include "console/controllers/artifactsession.h"
#include "console/controllers/downloadqueue.h"
#include "console/controllers/mastersession.h"

#include <QAction>
#include <QClipboard>
#include <QFileDialog>
#include <QGuiApplication>
#include <QHeaderView>
#include <QPushButton>

using namespace Qt::StringLiterals;

namespace danube::console {

ArtifactsView::ArtifactsView(MasterSession &master, QWidget *parent) : QTableView(parent), m_master(master)
{
    m_filter.setSourceModel(master.artifacts().model());
    setModel(&m_filter);
    dressTable(*this, tr("Artifacts"),
               {{ArtifactsModel::NameColumn, ""},
                {ArtifactsModel::TypeColumn, "Package"},
                {ArtifactsModel::SizeColumn, "1 023.9 MiB"},
                {ArtifactsModel::PipelineColumn, "nightly-bench"},
                {ArtifactsModel::JobColumn, "#100000"},
                {ArtifactsModel::CreatedColumn, "28.11.2025 14:02"},
                {ArtifactsModel::DigestColumn, "0123456789ab…"}});
    horizontalHeader()->setMinimumSectionSize(60);
    setSortingEnabled(true);
    sortByColumn(ArtifactsModel::CreatedColumn, Qt::DescendingOrder);
    auto *download = new QAction(tr("Download…"), this);
    connect(download, &QAction::triggered, this, &ArtifactsView::askFolder);
    auto *copyRows = new QAction(tr("Copy name and digest"), this);
    copyRows->setShortcut(QKeySequence::Copy);
    copyRows->setShortcutContext(Qt::WidgetShortcut);
    connect(copyRows, &QAction::triggered, this, &ArtifactsView::copy);
    addActions({download, copyRows});
    setContextMenuPolicy(Qt::ActionsContextMenu);
    connect(this, &QTableView::activated, this, &ArtifactsView::askFolder);
    connect(selectionModel(), &QItemSelectionModel::selectionChanged, this, &ArtifactsView::selectionMoved);
}

void ArtifactsView::showOnly(const JobId &job)
{
    m_filter.setJob(job);
    for (const int column : {ArtifactsModel::PipelineColumn, ArtifactsModel::JobColumn})
        setColumnHidden(column, true);
}

QList<ArtifactsModel::Row> ArtifactsView::selected() const
{
    QList<ArtifactsModel::Row> rows;
    for (const QModelIndex &index : selectionModel()->selectedRows())
        rows.append(m_master.artifacts().model()->row(m_filter.mapToSource(index).row()));
    return rows;
}

ActionState ArtifactsView::downloadState() const
{
    return {!selected().isEmpty(), tr("no artifact is selected")};
}

QPushButton *ArtifactsView::makeDownloadButton(QWidget *parent)
{
    auto *button = new QPushButton(icon(u"download"_s), tr("&Download…"), parent);
    const auto show = [this, button] {
        const QString why = selected().isEmpty() ? tr("Select an artifact first.") : QString();
        button->setEnabled(why.isEmpty());
        button->setToolTip(why);
        button->setAccessibleDescription(why);
    };
    connect(button, &QPushButton::clicked, this, &ArtifactsView::askFolder);
    connect(this, &ArtifactsView::selectionMoved, button, show);
    show();
    return button;
}

void ArtifactsView::askFolder()
{
    if (selected().isEmpty())
        return;
    auto *chooser = new QFileDialog(this, tr("Download to"), m_master.downloads().folder());
    chooser->setAttribute(Qt::WA_DeleteOnClose);
    chooser->setFileMode(QFileDialog::Directory);
    chooser->setLabelText(QFileDialog::Accept, tr("Download"));
    connect(chooser, &QFileDialog::fileSelected, this, &ArtifactsView::downloadTo);
    chooser->open();
}

void ArtifactsView::downloadTo(const QString &path)
{
    m_master.downloads().setFolder(path);
    int queued = 0;
    for (const ArtifactsModel::Row &row : selected()) {
        const auto target = m_master.downloads().addTo(path, row.artifact, row.jobNumber);
        if (target)
            ++queued;
        else
            emit problem(target.error().message);
    }
    if (queued > 0)
        emit told(tr("Downloading %n artifacts.", nullptr, queued));
}

void ArtifactsView::copy() const
{
    QStringList lines;
    for (const ArtifactsModel::Row &row : selected())
        lines.append(u"%1  %2"_s.arg(QString::fromLatin1(row.artifact.sha256), row.artifact.name));
    if (!lines.isEmpty())
        QGuiApplication::clipboard()->setText(lines.join(u'\n'));
}

} // namespace danube::console
