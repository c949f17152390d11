// SPDX-License-Identifier: GPL-3.0-or-later
#include "console/app/jobtabs.h"

#include "console/app/jobartifactstab.h"
#include "console/app/jobdetails.h"
#include "console/app/rowstab.h"
#include "console/controllers/mastersession.h"

namespace danube::console {

JobTabs::JobTabs(BottomTabs &tabs, JobSession &session, MasterSession &master, const Clock &clock)
    : QObject(&tabs),
      m_tabs(tabs),
      m_session(session),
      m_master(master.profile().name),
      m_clock(clock),
      m_facts({tr("Name"), tr("Value")}),
      m_network(new RowsTab(*session.refusals(), tr("Refused connections"), 6)),
      m_artifacts(new JobArtifactsTab(master, session)),
      m_parameters(new RowsTab(m_facts, tr("Parameters and origin"), 1)),
      m_events(new RowsTab(*session.events(), tr("Raw events"), 3))
{
    tabs.add(m_network, tr("Network"));
    tabs.add(m_artifacts, tr("Artifacts"));
    tabs.add(m_parameters, tr("Parameters"));
    tabs.add(m_events, tr("Raw events"));
    m_network->setNote(tr("Asking the master…"));
    m_events->setNote(tr("Nothing has changed since this page was opened."));
    connect(m_artifacts, &JobArtifactsTab::changed, this, &JobTabs::showTables);
    connect(m_artifacts, &JobArtifactsTab::told, &m_session, &JobSession::told);
    connect(m_artifacts, &JobArtifactsTab::problem, &m_session, &JobSession::problem);
    connect(&m_session, &JobSession::tablesChanged, this, &JobTabs::showTables);
    connect(&m_session, &JobSession::jobChanged, this, &JobTabs::showJob);
    connect(&m_tabs, &BottomTabs::opened, this, [this](QWidget *content) {
        if (content == m_network)
            m_session.loadRefusals();
        else if (content == m_artifacts)
            m_artifacts->load();
    });
    showJob();
}

void JobTabs::showTables()
{
    m_network->setNote(m_session.refusalsNote());
    const int refusals = m_session.refusals()->rowCount();
    m_tabs.setTitle(m_network, refusals == 0 ? tr("Network") : tr("Network (%1)").arg(refusals));
    const int artifacts = m_artifacts->count();
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

void JobTabs::setColors(const ThemeColors &colors)
{
    for (RowsTab *tab : {m_network, m_parameters, m_events})
        tab->setColors(colors);
    m_artifacts->setColors(colors);
}

} // namespace danube::console
