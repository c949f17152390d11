// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "console/app/actionregistry.h"
#include "console/app/theme.h"
#include "console/controllers/mastersession.h"

#include <QMainWindow>
#include <QPointer>

class QLabel;
class QSettings;
class QStackedWidget;
class QTabWidget;

namespace danube::console {

class ConnectDialog;
class JobPage;
class JobsPage;
class LogPane;
class ProfileBar;
class WelcomePage;

/// The window: masters at the top, tabs in the middle (the jobs of the current master first, then opened jobs and
/// files).
class MainWindow : public QMainWindow
{
    Q_OBJECT
public:
    MainWindow(Theme &theme, QSettings &settings, const LogCache &cache, const Clock &clock, QWidget *parent = nullptr);
    ~MainWindow() override;

    Result<MasterSession *> connectTo(const Profile &profile, Secret token);
    Result<void> openFile(const QString &path);
    void openJob(MasterSession &master, const JobId &job);

    const ActionRegistry &actions() const { return m_actions; }
    QTabWidget *tabs() const { return m_tabs; }
    ProfileBar *profileBar() const { return m_profiles; }
    JobsPage *jobsPage() const; ///< of the current master; null before the first
    JobPage *jobPage() const;   ///< the current tab, if it is one
    LogPane *logPane() const;   ///< of the current tab, if it has one
    void askForMaster();

protected:
    void closeEvent(QCloseEvent *event) override;

private:
    struct Master
    {
        std::unique_ptr<MasterSession> session;
        JobsPage *page;
    };
    void build();
    void connectActions();
    void connectLogActions();
    void restoreView();
    void makeSession(ConnectDialog &dialog);
    void addMaster(std::unique_ptr<MasterSession> session);
    void removeMaster(const MasterSession *session);
    void showMaster(MasterSession *session);
    void showConnection(MasterSession *session);
    void updateActions();
    void updateStatus();
    void applyTheme();
    void closeTab(int index);
    QList<JobId> chosenJobs() const;
    MasterSession *chosenMaster() const;
    void tell(const QString &text);

    Theme &m_theme;
    QSettings &m_settings;
    LogCache m_cache;
    const Clock &m_clock;
    ActionRegistry m_actions;
    std::vector<Master> m_masters; ///< declared before the widgets that use them, so destroyed after closing those
    MasterSession *m_current = nullptr;
    ProfileBar *m_profiles;
    QTabWidget *m_tabs;
    QStackedWidget *m_jobs;
    WelcomePage *m_welcome;
    QLabel *m_summary;
    QLabel *m_place;
    QPointer<ConnectDialog> m_dialog;
};

} // namespace danube::console
