// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "console/app/actionregistry.h"
#include "console/app/mastersactions.h"
#include "console/app/page.h"
#include "console/app/palettemodel.h"
#include "console/app/theme.h"
#include "console/controllers/credentials.h"
#include "console/controllers/guard.h"
#include "console/controllers/jobstandings.h"
#include "console/controllers/notifications.h"
#include "console/controllers/preferencesstore.h"
#include "console/controllers/profilemodel.h"
#include "console/controllers/savedviews.h"
#include "console/models/joblink.h"

#include <QMainWindow>
#include <QPointer>

class QDockWidget;
class QLabel;
class QSettings;

namespace danube::console {

class ActivityView;
class DetailsView;
class JobPage;
class JobsPage;
class JobsTab;
class Navigator;
class PageHost;
class Palette;
class Panes;
class ProfileBar;
class SignInBar;
class ToolBar;

/// What the desktop does for the window; tests bring their own.
struct Desktop
{
    TokenStore *tokens = nullptr; ///< null: nothing is remembered
    Notifier *notifier = nullptr; ///< null: nothing is shown outside of the window
    std::function<void(const QUrl &)> openUrl = [](const QUrl &) {};
    std::function<SignIn::Settings(const Profile &)> signIn = signInSettings;
};

/// The window: masters at the top, pages as tabs in the middle (the jobs of the scope first), docks around them. What a
/// page is and what it can do, it says itself (page.h).
class MainWindow : public QMainWindow
{
    Q_OBJECT
public:
    MainWindow(Theme &theme, QSettings &settings, const LogCache &cache, const Clock &clock,
               const Desktop &desktop = {});
    ~MainWindow() override;

    Result<MasterSession *> connectTo(const Profile &profile, Secret token);
    /// As the profile with that address says; without one as a development master named after its host.
    Result<MasterSession *> connectTo(const QString &url, Secret token);
    Result<void> openFile(const QString &path);
    JobPage *openJob(MasterSession &master, const JobId &job); ///< null: it cannot be opened, and why was told
    /// A page of pages.h: shown if it is open, else made for the scope.
    void openPage(const QString &id);
    /// The masters that were connected when the console ended, by the keychain and without asking, if so chosen.
    void resumeLast();
    /// Opens the job of a danube:// link; when its master is not connected, as soon as it is.
    Result<void> openLink(const QString &text);

    const ActionRegistry &actions() const { return m_actions; }
    Masters &masters() { return m_masters; }
    ProfileModel &profiles() { return m_profileModel; }
    Guard &guard() { return m_guard; }
    Notifications &notifications() { return m_notifications; }
    Palette *palette() const { return m_palette; }
    PreferencesStore &preferences() { return m_preferences; }
    Credentials &credentials() { return m_credentials; }
    MastersActions &mastersActions() { return *m_does; }
    SavedViews &views() { return m_views; }
    PageHost *tabs() const { return m_tabs; }
    Navigator *navigator() const { return m_navigator; }
    SignInBar *signInBar() const { return m_signInBar; }
    ProfileBar *profileBar() const { return m_profiles; }
    JobsPage *jobsPage() const; ///< of the scope; null before the first master
    JobPage *jobPage() const;   ///< the current tab, if it is one
    LogPane *logPane() const;   ///< of the current tab, if it has one
    void askForMaster();

protected:
    void closeEvent(QCloseEvent *event) override;
    bool focusNextPrevChild(bool next) override;
    void paintEvent(QPaintEvent *event) override;
    bool eventFilter(QObject *watched, QEvent *event) override;

private:
    void build();
    void buildDocks();
    QDockWidget *addDock(const QString &name, const QString &title, QWidget *content, Qt::DockWidgetArea area);
    void connectMasters();
    void connectActions();
    void connectLogActions();
    void connectViewActions();
    void applyPreferences();
    void saveView();
    bool askBeforeClosing();
    void showNotified(const Notification &notification);
    void copyLink();
    void openWaitingLinks();
    void unlock();
    void openPalette();
    void showTitle();
    void restoreView();
    void showScope();
    void openNewPage(Page *page, const QString &key);
    void showJobs(const QString &filter);
    void updatePage(); ///< docks, status and actions follow the current page
    void updateActions();
    void updateJobActions(const QList<JobRef> &jobs);
    void applyTheme();
    MasterSession *pageMaster() const;               ///< the scope, or the only master
    MasterSession *masterOf(const Page *page) const; ///< its own, else pageMaster()
    MasterSession *shownMaster() const;              ///< of the tab in front: title and frame tell of it
    PageContext contextFor(MasterSession *master);
    void tell(const QString &text);

    Theme &m_theme;
    QSettings &m_settings;
    const Clock &m_clock;
    ActionRegistry m_actions;
    SavedViews m_views;
    Masters m_masters; ///< declared before the widgets that use it, so destroyed after closing those
    NoTokenStore m_noTokens;
    Credentials m_credentials;
    ProfileModel m_profileModel;
    MastersActions *m_does;
    Guard m_guard;
    WatchedJobs m_watched;
    PreferencesStore m_preferences;
    JobStandings m_standings;
    Notifications m_notifications;
    Notifier *m_notifier;
    PaletteModel m_paletteModel;
    ToolBar *m_toolBar;
    ProfileBar *m_profiles;
    SignInBar *m_signInBar;
    PageHost *m_tabs;
    JobsTab *m_jobs;
    Navigator *m_navigator;
    DetailsView *m_details;
    ActivityView *m_activity;
    QList<QDockWidget *> m_docks;
    Panes *m_panes = nullptr;
    Palette *m_palette;
    QList<JobLink> m_waitingLinks;                                ///< until their master is connected
    std::optional<std::pair<qsizetype, SavedView>> m_removedView; ///< where it was
    bool m_closing = false;
    QLabel *m_scope;
    QLabel *m_summary;
    QLabel *m_place;
    QLabel *m_keychain;
};

} // namespace danube::console
