// SPDX-License-Identifier: GPL-3.0-or-later
#include "console/app/jobtabs.h"

#include "console/app/jobdetails.h"
#include "console/app/rowstab.h"

#include <QFileDialog>
#include <QFileInfo>
#include <QItemSelectionModel>
#include <QPushButton>
#include <QTableView>

namespace danube::console {

JobTabs::JobTabs(BottomTabs &tabs, JobSession &session, const QString &master, const Clock &clock)
    : QObject(&tabs),
      m_tabs(tabs),
      m_session(session),
      m_master(master),
      m_clock(clock),
      m_facts({tr("Name"), tr("Value")}),
      m_network(new RowsTab(*session.refusals(), tr("Refused connections"), 6)),
      m_artifacts(new RowsTab(*session.artifacts(), tr("Artifacts"), 0)),
      m_parameters(new RowsTab(m_facts, tr("Parameters and origin"), 1)),
      m_events(new RowsTab(*session.events(), tr("Raw events"), 3))
{
    tabs.add(m_network, tr("Network"));
    tabs.add(m_artifacts, tr("Artifacts"));
    tabs.add(m_parameters, tr("Parameters"));
    tabs.add(m_events, tr("Raw events"));
    m_network->setNote(tr("Asking the master…"));
    m_artifacts->setNote(tr("Asking the master…"));
    m_events->setNote(tr("Nothing has changed since this page was opened."));
    auto *save = new QPushButton(tr("&Save as…"));
    save->setEnabled(false);
    save->setToolTip(tr("Select an artifact first."));
    m_artifacts->addButton(save);
    connect(save, &QPushButton::clicked, this, &JobTabs::saveArtifact);
    connect(m_artifacts, &RowsTab::activated, this, &JobTabs::saveArtifact);
    connect(m_artifacts->table()->selectionModel(), &QItemSelectionModel::selectionChanged, this, [this, save] {
        save->setEnabled(m_artifacts->currentRow() >= 0);
        save->setToolTip(save->isEnabled() ? QString() : tr("Select an artifact first."));
    });
    connect(&m_session, &JobSession::tablesChanged, this, &JobTabs::showTables);
    connect(&m_session, &JobSession::jobChanged, this, &JobTabs::showJob);
    connect(&m_tabs, &BottomTabs::opened, this, [this](QWidget *content) {
        if (content == m_network)
            m_session.loadRefusals();
        else if (content == m_artifacts)
            m_session.loadArtifacts();
    });
    showJob();
}

void JobTabs::showTables()
{
    m_network->setNote(m_session.refusalsNote());
    m_artifacts->setNote(m_session.artifactsNote());
    const int refusals = m_session.refusals()->rowCount();
    m_tabs.setTitle(m_network, refusals == 0 ? tr("Network") : tr("Network (%1)").arg(refusals));
    const int artifacts = m_session.artifacts()->rowCount();
    m_tabs.setTitle(m_artifacts, artifacts == 0 ? tr("Artifacts") : tr("Artifacts (%1)").arg(artifacts));
}

void JobTabs::showJob()
{
    QList<RowsModel::Row> rows;
    const Job &job = m_session.job();
    for (const auto &[name, value] : job.params.asKeyValueRange())
        rows.append({{name, value}});
    for (const Detail &detail : jobDetails(job, m_master, m_clock.wall(), m_session.egress())) {
        if (!detail.text.isEmpty() && !job.params.contains(detail.label))
            rows.append({{detail.label, detail.text}});
    }
    m_facts.setRows(rows);
}

void JobTabs::saveArtifact()
{
    const int row = m_artifacts->currentRow();
    if (row < 0)
        return;
    auto *dialog = new QFileDialog(m_artifacts, tr("Save artifact"));
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setAcceptMode(QFileDialog::AcceptSave);
    dialog->selectFile(QFileInfo(m_session.artifacts()->rows()[row].cells.constFirst()).fileName());
    connect(dialog, &QFileDialog::fileSelected, this,
            [this, row](const QString &path) { m_session.saveArtifact(row, path); });
    dialog->open();
}

void JobTabs::setColors(const ThemeColors &colors)
{
    for (RowsTab *tab : {m_network, m_artifacts, m_parameters, m_events})
        tab->setColors(colors);
}

} // namespace danube::console
