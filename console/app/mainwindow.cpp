// SPDX-License-Identifier: GPL-3.0-or-later
#include "console/app/mainwindow.h"

#include "console/app/activityview.h"
#include "console/app/connectdialog.h"
#include "console/app/detailsview.h"
#include "console/app/filepage.h"
#include "console/app/jobpage.h"
#include "console/app/jobspage.h"
#include "console/app/jobstab.h"
#include "console/app/logpane.h"
#include "console/app/navigator.h"
#include "console/app/pagehost.h"
#include "console/app/pages.h"
#include "console/app/profilebar.h"
#include "console/app/welcomepage.h"

#include <QCloseEvent>
#include <QDockWidget>
#include <QFileInfo>
#include <QLabel>
#include <QLocale>
#include <QMenuBar>
#include <QSettings>
#include <QStatusBar>
#include <QTabBar>
#include <QToolBar>
#include <QVBoxLayout>

using namespace Qt::StringLiterals;

namespace danube::console {

namespace {

constexpr int messageTime = 6000; // milliseconds in the status bar
constexpr int layoutVersion = 1;  // of docks and toolbars

} // namespace

MainWindow::MainWindow(Theme &theme, QSettings &settings, const LogCache &cache, const Clock &clock, QWidget *parent)
    : QMainWindow(parent),
      m_theme(theme),
      m_settings(settings),
      m_clock(clock),
      m_views(settings),
      m_masters(cache, clock),
      m_profiles(new ProfileBar(theme.colors(), this)),
      m_tabs(new PageHost(this)),
      m_jobs(new JobsTab(contextFor(nullptr),
                         new WelcomePage(m_actions.action("app.connect"_L1), m_actions.action("app.openFile"_L1)),
                         m_tabs)),
      m_navigator(new Navigator(m_views, this)),
      m_details(new DetailsView(this)),
      m_activity(new ActivityView(*m_masters.activity(), theme.colors(), this)),
      m_scope(new QLabel(this)),
      m_summary(new QLabel(this)),
      m_place(new QLabel(this))
{
    build();
    buildDocks();
    connectMasters();
    connectActions();
    connectLogActions();
    connect(&m_theme, &Theme::changed, this, &MainWindow::applyTheme);
    restoreView();
    applyTheme();
    showScope();
}

// Pages read from the masters' sessions, so they go first.
MainWindow::~MainWindow()
{
    delete m_tabs;
    delete m_profiles;
}

void MainWindow::build()
{
    m_actions.fillMenus(menuBar());
    auto *bar = addToolBar(tr("Main toolbar"));
    bar->setObjectName("toolbar"_L1);
    bar->setMovable(false);
    bar->setToolButtonStyle(Qt::ToolButtonTextBesideIcon);
    bar->setIconSize({16, 16});
    for (const auto id : {"app.connect"_L1, "app.openFile"_L1})
        bar->addAction(m_actions.action(id));
    bar->addSeparator();
    for (const auto id : {"job.cancel"_L1, "job.retry"_L1})
        bar->addAction(m_actions.action(id));
    bar->addSeparator();
    for (const auto id : {"log.follow"_L1, "log.find"_L1, "log.previousError"_L1, "log.nextError"_L1})
        bar->addAction(m_actions.action(id));
    m_tabs->pin(m_jobs);
    auto *centre = new QWidget(this);
    auto *layout = new QVBoxLayout(centre);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(0);
    layout->addWidget(m_profiles);
    layout->addWidget(m_tabs, 1);
    setCentralWidget(centre);
    for (QLabel *label : {m_scope, m_summary, m_place})
        label->setTextFormat(Qt::PlainText);
    statusBar()->addPermanentWidget(m_place);
    statusBar()->addPermanentWidget(m_summary);
    statusBar()->addPermanentWidget(m_scope);
    connect(m_jobs, &Page::jobWanted, this, [this](MasterSession *master, const JobId &job) { openJob(*master, job); });
    connect(m_tabs, &PageHost::told, this, &MainWindow::tell);
    connect(m_tabs, &PageHost::currentPageChanged, this, &MainWindow::updatePage);
    connect(m_tabs, &QTabWidget::currentChanged, m_place, &QLabel::clear);
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
    connect(m_navigator, &Navigator::jobsChosen, this, &MainWindow::showJobs);
    connect(m_navigator, &Navigator::pageChosen, this, &MainWindow::openPage);
    connect(m_navigator, &Navigator::viewRemovalWanted, this, [this](const QString &name) {
        m_views.remove(name);
        tell(tr("View \"%1\" removed.").arg(name));
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
    connect(toggle, &QAction::triggered, dock, [dock](bool shown) {
        dock->setVisible(shown);
        if (shown)
            dock->widget()->setFocus();
    });
    connect(dock->toggleViewAction(), &QAction::toggled, toggle, &QAction::setChecked);
    toggle->setChecked(true);
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
        connect(session, &MasterSession::retried, this,
                [this, session](const JobId &, const Job &made) { openJob(*session, made.id); });
        connect(session, &MasterSession::connectionChanged, this, &MainWindow::updatePage);
    });
    connect(&m_masters, &Masters::aboutToRemove, this, [this](MasterSession *session) {
        m_tabs->closePagesOf(session);
        m_profiles->remove(*session);
    });
    connect(&m_masters, &Masters::scopeChanged, this, &MainWindow::showScope);
}

void MainWindow::restoreView()
{
    resize(1280, 800);
    restoreGeometry(m_settings.value("window/geometry"_L1).toByteArray());
    restoreState(m_settings.value("window/docks"_L1).toByteArray(), layoutVersion);
    const QString theme = m_settings.value("view/theme"_L1).toString();
    if (theme == "light"_L1)
        m_actions.action("view.themeLight"_L1)->trigger();
    else if (theme == "dark"_L1)
        m_actions.action("view.themeDark"_L1)->trigger();
    else
        m_actions.action("view.themeSystem"_L1)->setChecked(true);
}

void MainWindow::closeEvent(QCloseEvent *event)
{
    m_settings.setValue("window/geometry"_L1, saveGeometry());
    m_settings.setValue("window/docks"_L1, saveState(layoutVersion));
    event->accept();
}

Result<MasterSession *> MainWindow::connectTo(const Profile &profile, Secret token)
{
    const auto session = m_masters.connectTo(profile, std::move(token));
    if (session) {
        ProfileStore(m_settings).remember(profile);
        m_tabs->setCurrentIndex(0);
        m_jobs->setFocus();
    }
    return session;
}

void MainWindow::showScope()
{
    const MasterSession *session = m_masters.scope();
    m_profiles->setCurrent(session);
    const bool production = session && session->profile().kind == ProfileKind::Production;
    setWindowTitle(m_masters.showsAll() ? tr("All masters – Danube")
                   : !session           ? tr("Danube")
                   : production         ? tr("PROD – %1 – Danube").arg(session->profile().name)
                                        : tr("%1 – Danube").arg(session->profile().name));
    m_scope->setText(m_masters.showsAll() ? tr("All masters") : session ? session->profile().name : QString());
    updatePage();
}

MasterSession *MainWindow::pageMaster()
{
    const QList<MasterSession *> all = m_masters.all();
    return all.size() == 1 ? all.front() : m_masters.scope();
}

PageContext MainWindow::contextFor(MasterSession *master)
{
    return {m_masters, m_views, m_clock, m_settings, m_actions, m_theme.colors(), master};
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

void MainWindow::openJob(MasterSession &master, const JobId &job)
{
    const QString key = u"job %1 %2"_s.arg(job.value(), master.profile().url);
    if (m_tabs->show(key))
        return;
    const auto session = master.openJob(job, nullptr);
    if (!session)
        return tell(session.error().message);
    openNewPage(new JobPage(master, *session, m_clock, m_actions, m_theme.colors(), m_tabs), key);
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
