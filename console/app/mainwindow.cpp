// SPDX-License-Identifier: GPL-3.0-or-later
#include "console/app/mainwindow.h"

#include "console/app/activityview.h"
#include "console/app/detailsview.h"
#include "console/app/filepage.h"
#include "console/app/jobpage.h"
#include "console/app/jobspage.h"
#include "console/app/jobstab.h"
#include "console/app/logfont.h"
#include "console/app/logpane.h"
#include "console/app/navigator.h"
#include "console/app/pagehost.h"
#include "console/app/pages.h"
#include "console/app/palette.h"
#include "console/app/palettesources.h"
#include "console/app/panes.h"
#include "console/app/profilebar.h"
#include "console/app/signinbar.h"
#include "console/app/toolbar.h"

#include <QDockWidget>
#include <QFileInfo>
#include <QLabel>
#include <QLocale>
#include <QMenuBar>
#include <QStatusBar>
#include <QTabBar>
#include <QUrl>
#include <QVBoxLayout>

using namespace Qt::StringLiterals;

namespace danube::console {

namespace {

constexpr int messageTime = 6000; // milliseconds in the status bar

} // namespace

MainWindow::MainWindow(Theme &theme, QSettings &settings, const LogCache &cache, const Clock &clock,
                       const Desktop &desktop)
    : m_theme(theme),
      m_settings(settings),
      m_clock(clock),
      m_views(settings),
      m_masters(cache, clock),
      m_credentials(desktop.tokens ? *desktop.tokens : m_noTokens, m_masters, clock),
      m_profileModel(settings, m_masters, clock),
      m_does(new MastersActions({m_masters, m_profileModel, m_credentials, theme, desktop.openUrl, desktop.signIn,
                                 [this](const QList<MasterSession *> &masters) { return m_tabs->unsaved(masters); }},
                                this)),
      m_guard(m_masters, clock),
      m_watched(settings),
      m_preferences(settings),
      m_standings(m_credentials, m_preferences, m_watched),
      m_notifications({m_masters, m_credentials, m_standings, clock, desktop.notifier}),
      m_notifier(desktop.notifier),
      m_toolBar(new ToolBar(this)),
      m_profiles(new ProfileBar(theme.colors(), this)),
      m_signInBar(new SignInBar(m_actions.action("app.signIn"_L1), this)),
      m_tabs(new PageHost(m_guard, this)),
      m_jobs(new JobsTab(contextFor(nullptr), m_tabs)),
      m_navigator(new Navigator(m_views, this)),
      m_details(new DetailsView(this)),
      m_activity(new ActivityView(*m_masters.activity(), theme.colors(), this)),
      m_palette(new Palette(m_paletteModel, this)),
      m_scope(new QLabel(this)),
      m_summary(new QLabel(this)),
      m_place(new QLabel(this)),
      m_keychain(new QLabel(this))
{
    m_credentials.setIssuerSettings(desktop.signIn);
    build();
    buildDocks();
    connectMasters();
    connectActions();
    connectLogActions();
    connectViewActions();
    addPaletteSources(m_paletteModel, *this);
    connect(&m_theme, &Theme::changed, this, &MainWindow::applyTheme);
    restoreView();
    m_actions.loadKeys(settings);
    applyPreferences();
    applyTheme();
    showScope();
    m_jobs->setFocus();
}

// Pages read from the masters' sessions, so they go first; before them who watches where their focus is.
MainWindow::~MainWindow()
{
    delete m_panes;
    delete m_tabs;
    delete m_profiles;
}

void MainWindow::build()
{
    m_actions.fillMenus(menuBar());
    m_toolBar->setObjectName("toolbar"_L1);
    m_toolBar->setWindowTitle(tr("Main toolbar"));
    addToolBar(m_toolBar);
    for (const auto id : {"app.connect"_L1, "app.palette"_L1, "job.cancel"_L1, "job.retry"_L1, "log.follow"_L1,
                          "view.toggleTheme"_L1}) {
        if (id == "job.cancel"_L1 || id == "view.toggleTheme"_L1)
            m_toolBar->addSeparator();
        m_toolBar->addAction(m_actions.action(id));
    }
    m_tabs->setWindowActions(m_actions.all());
    m_tabs->pin(m_jobs);
    auto *centre = new QWidget(this);
    auto *layout = new QVBoxLayout(centre);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(0);
    layout->addWidget(m_profiles);
    layout->addWidget(m_signInBar);
    layout->addWidget(m_tabs, 1);
    setCentralWidget(centre);
    for (QLabel *label : {m_place, m_summary, m_scope, m_keychain}) {
        label->setTextFormat(Qt::PlainText);
        label->setContentsMargins(8, 0, 8, 0);
        statusBar()->addPermanentWidget(label);
    }
    connect(m_jobs, &Page::jobWanted, this, [this](MasterSession *master, const JobId &job) { openJob(*master, job); });
    connect(m_tabs, &PageHost::told, this, &MainWindow::tell);
    connect(m_tabs, &PageHost::currentPageChanged, this, &MainWindow::updatePage);
    connect(m_tabs, &QTabWidget::currentChanged, this, &MainWindow::showTitle);
    connect(m_tabs, &QTabWidget::currentChanged, m_place, &QLabel::clear);
    connect(m_tabs, &QTabWidget::currentChanged, m_navigator,
            [this] { m_navigator->showPage(m_tabs->currentKey().section(u' ', 0, 0)); });
}

void MainWindow::buildDocks()
{
    setDockNestingEnabled(true);
    // The docks at the sides reach to the bottom; the event list is as wide as the pages.
    setCorner(Qt::BottomLeftCorner, Qt::LeftDockWidgetArea);
    setCorner(Qt::BottomRightCorner, Qt::RightDockWidgetArea);
    addDock(u"navigator"_s, tr("Navigator"), m_navigator, Qt::LeftDockWidgetArea);
    addDock(u"details"_s, tr("Details"), m_details, Qt::RightDockWidgetArea)->hide();
    addDock(u"activity"_s, tr("Activity"), m_activity, Qt::BottomDockWidgetArea)->hide();
    resizeDocks(m_docks, {190, 280, 160}, Qt::Horizontal);
    m_panes = new Panes({m_toolBar, m_profiles, m_docks[0], m_tabs, m_docks[1], m_docks[2]}, this);
    connect(m_navigator, &Navigator::jobsChosen, this, &MainWindow::showJobs);
    connect(m_navigator, &Navigator::pageChosen, this, &MainWindow::openPage);
    connect(m_navigator, &Navigator::viewRemovalWanted, this, [this](const QString &name) {
        const QList<SavedView> known = m_views.all();
        const auto view =
            std::find_if(known.begin(), known.end(), [&](const SavedView &one) { return one.name == name; });
        if (view == known.end())
            return;
        m_removedView = {m_views.remove(name), *view};
        tell(tr("View \"%1\" removed. Edit, Restore brings it back.").arg(name));
        updateActions();
    });
}

// The toggle of a dock is an action of the registry, so that menu, palette and shortcuts page have it.
QDockWidget *MainWindow::addDock(const QString &name, const QString &title, QWidget *content, Qt::DockWidgetArea area)
{
    auto *dock = new QDockWidget(title, this);
    dock->setObjectName(name);
    dock->setWidget(content);
    addDockWidget(area, dock);
    QAction *toggle = m_actions.action(QLatin1StringView(u"view."_s.append(name).toLatin1()));
    toggle->setCheckable(true);
    connect(toggle, &QAction::triggered, dock, [dock, toggle] {
        const bool shown = dock->isHidden();
        dock->setVisible(shown);
        toggle->setChecked(shown);
        if (shown)
            dock->widget()->setFocus();
    });
    connect(dock, &QDockWidget::visibilityChanged, this, [this](bool visible) {
        if (visible)
            updatePage(); // a hidden one is not kept up to date
    });
    connect(dock->toggleViewAction(), &QAction::toggled, toggle, &QAction::setChecked);
    m_docks.append(dock);
    return dock;
}

void MainWindow::connectMasters()
{
    connect(m_profiles, &ProfileBar::chosen, this, [this](MasterSession *session) {
        m_masters.setScope(session);
        m_tabs->setCurrentIndex(0);
        m_jobs->setFocus();
    });
    connect(&m_masters, &Masters::added, this, [this](MasterSession *session) {
        m_profiles->add(*session);
        QMetaObject::invokeMethod(this, &MainWindow::openWaitingLinks, Qt::QueuedConnection);
        connect(session, &MasterSession::retried, this,
                [this, session](const JobId &, const Job &made) { openJob(*session, made.id); });
        connect(session, &MasterSession::connectionChanged, this, &MainWindow::updatePage);
    });
    connect(&m_masters, &Masters::aboutToRemove, this, [this](MasterSession *session) {
        m_tabs->closePagesOf(session);
        m_profiles->remove(*session);
    });
    connect(&m_masters, &Masters::scopeChanged, this, &MainWindow::showScope);
    connect(m_does, &MastersActions::told, this, &MainWindow::tell);
    connect(m_does, &MastersActions::connected, this, [this] {
        m_tabs->setCurrentIndex(0);
        m_jobs->setFocus();
    });
    connect(&m_credentials, &Credentials::memoryChanged, this, [this] {
        m_keychain->setText(m_credentials.memoryText());
        m_keychain->setToolTip(m_credentials.memoryReason());
    });
}

Result<MasterSession *> MainWindow::connectTo(const Profile &profile, Secret token)
{
    return m_does->connectWith(profile, std::move(token), Credentials::Keep::InMemory);
}

Result<MasterSession *> MainWindow::connectTo(const QString &url, Secret token)
{
    const Profile *known = m_profileModel.find(url);
    return connectTo(known ? *known : Profile{QUrl::fromUserInput(url).host(), masterAddress(url)}, std::move(token));
}

void MainWindow::showScope()
{
    const MasterSession *session = m_masters.scope();
    m_profiles->setCurrent(session);
    showTitle();
    m_scope->setText(m_masters.showsAll() ? tr("All masters") : session ? session->profile().name : QString());
    updatePage();
}

MasterSession *MainWindow::pageMaster() const
{
    const QList<MasterSession *> all = m_masters.all();
    return all.size() == 1 ? all.front() : m_masters.scope();
}

MasterSession *MainWindow::masterOf(const Page *page) const
{
    MasterSession *own = page ? page->master() : nullptr;
    return own ? own : pageMaster();
}

MasterSession *MainWindow::shownMaster() const
{
    return masterOf(m_tabs->page(m_tabs->currentIndex()));
}

PageContext MainWindow::contextFor(MasterSession *master)
{
    return {m_masters,     m_profileModel, *m_does,          m_guard,
            m_views,       m_standings,    m_clock,          m_settings,
            m_preferences, m_actions,      m_theme.colors(), m_notifier && m_notifier->isAvailable(),
            master};
}

void MainWindow::openPage(const QString &id)
{
    const PageSpec *spec = pageSpec(id);
    if (!spec)
        return showJobs({});
    MasterSession *master = spec->scope == PageScope::PerMaster ? pageMaster() : nullptr;
    if (spec->scope == PageScope::PerMaster && !master)
        return tell(m_masters.isEmpty()
                        ? tr("Connect to a master first: %1 belongs to one.").arg(pageTitle(*spec))
                        : tr("Choose one master above first: %1 belongs to one.").arg(pageTitle(*spec)));
    const QString key = u"%1 %2"_s.arg(id, master ? master->profile().url : QString());
    if (!m_tabs->show(key))
        openNewPage(spec->make(contextFor(master), m_tabs), key);
}

JobPage *MainWindow::openJob(MasterSession &master, const JobId &job)
{
    const QString key = u"job %1 %2"_s.arg(job.value(), master.profile().url);
    if (Page *open = m_tabs->show(key))
        return qobject_cast<JobPage *>(open);
    const auto session = master.openJob(job, nullptr);
    if (!session) {
        tell(session.error().message);
        return nullptr;
    }
    auto *page = new JobPage(master, *session, m_clock, m_actions, m_theme.colors(), m_tabs);
    openNewPage(page, key);
    return page;
}

Result<void> MainWindow::openFile(const QString &path)
{
    const QString absolute = QFileInfo(path).absoluteFilePath();
    const QString key = u"file "_s + absolute;
    if (m_tabs->show(key))
        return {};
    auto store = LogStore::openFile(absolute);
    if (!store)
        return std::unexpected(store.error());
    openNewPage(new FilePage(absolute, std::move(*store), contextFor(nullptr), m_tabs), key);
    return {};
}

void MainWindow::openNewPage(Page *page, const QString &key)
{
    connect(page, &Page::jobWanted, this, [this](MasterSession *master, const JobId &job) { openJob(*master, job); });
    connect(page, &Page::pageWanted, this, &MainWindow::openPage);
    if (LogPane *log = page->logPane()) {
        log->setBaseFont(logFont(m_preferences.value()));
        connect(log->view(), &LogView::placeChanged, this, [this](qint64 line, qint64 column, qint64 offset) {
            const QLocale locale;
            m_place->setText(tr("Line %1, column %2, byte %3")
                                 .arg(locale.toString(line + 1), locale.toString(column + 1), locale.toString(offset)));
        });
    }
    m_tabs->open(page, key);
}

void MainWindow::showJobs(const QString &filter)
{
    m_tabs->setCurrentIndex(0);
    m_jobs->showFilter(filter);
}

JobsPage *MainWindow::jobsPage() const
{
    return m_jobs->jobsPage();
}

JobPage *MainWindow::jobPage() const
{
    return qobject_cast<JobPage *>(m_tabs->current());
}

LogPane *MainWindow::logPane() const
{
    const Page *page = m_tabs->current();
    return page ? page->logPane() : nullptr;
}

void MainWindow::tell(const QString &text)
{
    statusBar()->showMessage(text, messageTime);
}

} // namespace danube::console
