// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "console/app/delegates.h"
#include "console/app/page.h"
#include "console/controllers/jobsession.h"
#include "console/models/ratemeter.h"

class QListView;

namespace danube::console {

class ActionRegistry;
class JobHeader;
class JobTabs;
class LogPane;
class MasterSession;
class MessageBar;
class TimelineStrip;

/// A tab for one job: header, timeline, steps at the left, log in the middle.
class JobPage : public Page
{
    Q_OBJECT
public:
    /// Takes the job session as a child.
    JobPage(MasterSession &master, JobSession *session, const Clock &clock, const ActionRegistry &actions,
            const ThemeColors &colors, QWidget *parent = nullptr);
    ~JobPage() override;

    MasterSession *master() const override { return &m_master; }
    const Job &job() const { return m_session->job(); }
    LogPane *logPane() const override { return m_log; }
    QList<JobRef> jobs() const override { return {{&m_master, job().id}}; }
    QList<Detail> details() const override;
    QString unsaved() const override;
    std::optional<ActionState> actionState(const QString &id) const override;
    void trigger(const QString &id) override;
    QString status() const override; ///< how fast the log comes, while it does
    QListView *stepList() const { return m_steps; }
    MessageBar *messages() const { return m_messages; }
    JobTabs *tabs() const { return m_tabs; }
    TimelineStrip *timeline() const { return m_timeline; }
    JobHeader *header() const { return m_header; }
    void showLine(int64_t line); ///< as soon as it is here
    void showFailure();          ///< the end of what the failed step said, as soon as steps and log are here
    QString link() const;        ///< to this job, at the current line
    QString title() const override;
    QIcon tabIcon() const override;
    void setColors(const ThemeColors &colors) override;

private:
    void build(const ActionRegistry &actions);
    void showJob();
    void showStep(StepNumber step);
    void selectStep(StepNumber step);
    void showLogState();
    void measureRate();
    void tryWantedLine();
    void tryFailure();
    void showEvent(QShowEvent *event) override;

    MasterSession &m_master;
    JobSession *m_session;
    const Clock &m_clock;
    JobHeader *m_header;
    TimelineStrip *m_timeline;
    const ThemeColors *m_colors;
    QListView *m_steps;
    StepDelegate *m_delegate;
    LogPane *m_log;
    JobTabs *m_tabs;
    MessageBar *m_messages;
    int64_t m_wantedLine = -1;
    bool m_wantsFailure = false;
    RateMeter m_rate; ///< of the log
    QString m_shownRate;
    QTimer m_second;
};

} // namespace danube::console
