// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "console/app/actionregistry.h"
#include "console/app/page.h"
#include "console/controllers/masters.h"
#include "console/controllers/savedviews.h"

#include <QMainWindow>
#include <QPointer>

class QDockWidget;
class QLabel;
class QSettings;

namespace danube::console {

class ActivityView;
class ConnectDialog;
class DetailsView;
class JobPage;
class JobsPage;
class JobsTab;
class Navigator;
class PageHost;
class ProfileBar;

/// The window: masters at the top, pages as tabs in the middle (the jobs of the scope first), docks around them. What a
/// page is and what it can do, it says itself (page.h).
class MainWindow : public QMainWindow
{
    Q_OBJECT
public:
    MainWindow(Theme &theme, QSettings &settings, const LogCache &cache, const Clock &clock, QWidget *parent = nullptr);
    ~MainWindow() override;

    Result<MasterSession *> connectTo(const Profile &profile, Secret token);
    Result<void> openFile(const QString &path);
    void openJob(MasterSession &master, const JobId &job);
    /// A page of pages.h: shown if it is open, else made for the scope.
    void openPage(const QString &id);

    const ActionRegistry &actions() const { return m_actions; }
    Masters &masters() { return m_masters; }
    SavedViews &views() { return m_views; }
    PageHost *tabs() const { return m_tabs; }
    Navigator *navigator() const { return m_navigator; }
    ProfileBar *profileBar() const { return m_profiles; }
    JobsPage *jobsPage() const; ///< of the scope; null before the first master
    JobPage *jobPage() const;   ///< the current tab, if it is one
    LogPane *logPane() const;   ///< of the current tab, if it has one
    void askForMaster();

protected:
    void closeEvent(QCloseEvent *event) override;

private:
    void build();
    void buildDocks();
    QDockWidget *addDock(const QString &name, const QString &title, QWidget *content, Qt::DockWidgetArea area);
    void connectMasters();
    void connectActions();
    void connectLogActions();
    void restoreView();
    void makeSession(ConnectDialog &dialog);
    void showScope();
    void openNewPage(Page *page, const QString &key);
    void showJobs(const QString &filter);
    void updatePage(); ///< docks, status and actions follow the current page
    void updateActions();
    void updateJobActions(const QList<JobRef> &jobs);
    void allow(QAction *action, const ActionState &state);
    void applyTheme();
    MasterSession *pageMaster(); ///< the scope, or the only master
    PageContext contextFor(MasterSession *master);
    void tell(const QString &text);

    Theme &m_theme;
    QSettings &m_settings;
    const Clock &m_clock;
    ActionRegistry m_actions;
    SavedViews m_views;
    Masters m_masters; ///< declared before the widgets that use it, so destroyed after closing those
    ProfileBar *m_profiles;
    PageHost *m_tabs;
    JobsTab *m_jobs;
    Navigator *m_navigator;
    DetailsView *m_details;
    ActivityView *m_activity;
    QList<QDockWidget *> m_docks;
    QLabel *m_scope;
    QLabel *m_summary;
    QLabel *m_place;
    QPointer<ConnectDialog> m_dialog;
};

} // namespace danube::console
