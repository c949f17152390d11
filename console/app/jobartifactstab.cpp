// SPDX-License-Identifier: GPL-3.0-or-later
#include "console/app/jobartifactstab.h"

#include "console/app/artifactsview.h"
#include "console/app/plainlabel.h"
#include "console/app/tablelook.h"
#include "console/controllers/artifactsession.h"
#include "console/controllers/jobsession.h"
#include "console/controllers/mastersession.h"

#include <QHeaderView>
#include <QLabel>
#include <QPushButton>
#include <QVBoxLayout>

namespace danube::console {

JobArtifactsTab::JobArtifactsTab(MasterSession &master, JobSession &session, QWidget *parent)
    : QWidget(parent),
      m_master(master),
      m_session(session),
      m_table(new ArtifactsView(master, this)),
      m_note(emptyNote(*m_table))
{
    m_table->showOnly(session.job().id);
    m_note->setText(tr("Asking the master…"));
    auto *buttons = new QVBoxLayout;
    buttons->setContentsMargins(8, 6, 8, 6);
    buttons->addWidget(m_table->makeDownloadButton(this));
    buttons->addStretch(1);
    auto *layout = new QHBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(0);
    layout->addWidget(m_table, 1);
    layout->addLayout(buttons);
    setFocusProxy(m_table);
    connect(m_table, &ArtifactsView::selectionMoved, this, &JobArtifactsTab::changed);
    connect(m_table, &ArtifactsView::told, this, &JobArtifactsTab::told);
    connect(m_table, &ArtifactsView::problem, this, &JobArtifactsTab::problem);
    connect(&m_master.artifacts(), &ArtifactSession::changed, this, &JobArtifactsTab::refresh);
    connect(&m_session, &JobSession::jobChanged, this, [this] {
        const ArtifactSession &artifacts = m_master.artifacts();
        const bool hasFailed = !artifacts.isLoaded(m_session.job().id) && !artifacts.problem().isEmpty();
        if (m_isWanted && (hasFailed || (!m_hasEnded && isFinal(m_session.job().state))))
            load();
    });
    refresh();
}

void JobArtifactsTab::load()
{
    m_isWanted = true;
    m_hasEnded = isFinal(m_session.job().state);
    m_master.artifacts().loadJob(m_session.job());
}

void JobArtifactsTab::refresh()
{
    const ArtifactSession &artifacts = m_master.artifacts();
    m_note->setVisible(count() == 0);
    m_table->horizontalHeader()->setVisible(count() > 0);
    const JobId &job = m_session.job().id;
    m_note->setText(artifacts.model()->isCut(job)
                        ? tr("Its artifacts made room for those of others. Open the job again.")
                    : artifacts.isLoaded(job)       ? tr("This job has left no artifacts.")
                    : artifacts.problem().isEmpty() ? tr("Asking the master…")
                                                    : artifacts.problem());
    emit changed();
}

int JobArtifactsTab::count() const
{
    return m_table->filter().rowCount();
}

QString JobArtifactsTab::note() const
{
    return m_note->text();
}

void JobArtifactsTab::setColors(const ThemeColors &colors)
{
    setTextColor(*m_note, colors.muted);
}

} // namespace danube::console
