// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "console/app/bottomtabs.h"
#include "console/controllers/jobsession.h"

namespace danube::console {

class JobArtifactsTab;
class MasterSession;
class RowsTab;
struct ThemeColors;

/// The tabs below a job's log that are not about the log: Network, Artifacts, Parameters, Raw events. What a tab shows
/// is asked for when it is opened first.
class JobTabs : public QObject
{
    Q_OBJECT
public:
    JobTabs(BottomTabs &tabs, JobSession &session, MasterSession &master, const Clock &clock);

    RowsTab *network() const { return m_network; }
    JobArtifactsTab *artifacts() const { return m_artifacts; }
    RowsTab *parameters() const { return m_parameters; }
    RowsTab *events() const { return m_events; }
    void setColors(const ThemeColors &colors);

private:
    void showTables();
    void showJob();
    BottomTabs &m_tabs;
    JobSession &m_session;
    QString m_master; ///< its name
    const Clock &m_clock;
    RowsModel m_facts;
    RowsTab *m_network;
    JobArtifactsTab *m_artifacts;
    RowsTab *m_parameters;
    RowsTab *m_events;
};

} // namespace danube::console
