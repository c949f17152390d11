// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "console/app/delegates.h"
#include "console/controllers/jobsession.h"

#include <QPointer>
#include <QWidget>

class QListView;

namespace danube::console {

class ActionRegistry;
class JobHeader;
class LogPane;
class MasterSession;
class MessageBar;
class TimelineStrip;

/// A tab for one job: header, timeline, steps at the left, log in the middle.
class JobPage : public QWidget
{
    Q_OBJECT
public:
    /// Takes the job session as a child.
    JobPage(MasterSession &master, JobSession *session, const Clock &clock, const ActionRegistry &actions,
            const ThemeColors &colors, QWidget *parent = nullptr);
    ~JobPage() override;

    MasterSession &master() const { return m_master; }
    const Job &job() const { return m_session->job(); }
    LogPane *logPane() const { return m_log; }
    QListView *stepList() const { return m_steps; }
    MessageBar *messages() const { return m_messages; }
    QString title() const; ///< of the tab
    void setColors(const ThemeColors &colors);

signals:
    void jobChanged(); ///< title, state
    void told(const QString &text);

private:
    void build(const ActionRegistry &actions);
    void showJob();
    void showStep(StepNumber step);

    MasterSession &m_master;
    JobSession *m_session;
    JobHeader *m_header;
    TimelineStrip *m_timeline;
    QListView *m_steps;
    StepDelegate *m_delegate;
    LogPane *m_log;
    MessageBar *m_messages;
    QTimer m_second;
};

} // namespace danube::console
