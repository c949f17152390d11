// SPDX-License-Identifier: GPL-3.0-or-later
#include "console/app/mainwindow.h"

#include "console/app/connectdialog.h"
#include "console/app/icons.h"
#include "console/app/jobpage.h"
#include "console/app/jobspage.h"
#include "console/app/logpane.h"
#include "console/app/messagebar.h"
#include "console/app/profilebar.h"
#include "console/app/welcomepage.h"

#include <QCloseEvent>
#include <QFileInfo>
#include <QLabel>
#include <QLocale>
#include <QMenuBar>
#include <QSettings>
#include <QStackedWidget>
#include <QStatusBar>
#include <QTabBar>
#include <QTabWidget>
#include <QTableView>
#include <QToolBar>
#include <QVBoxLayout>

using namespace Qt::StringLiterals;

namespace danube::console {

namespace {

constexpr int messageTime = 6000; // milliseconds in the status bar

} // namespace

MainWindow::MainWindow(Theme &theme, QSettings &settings, const LogCache &cache, const Clock &clock, QWidget *parent)
    : QMainWindow(parent),
      m_theme(theme),
      m_settings(settings),
      m_cache(cache),
      m_clock(clock),
      m_profiles(new ProfileBar(theme.colors(), this)),
      m_tabs(new QTabWidget(this)),
      m_jobs(new QStackedWidget(this)),
      m_welcome(new WelcomePage(m_actions.action("app.connect"_L1), m_actions.action("app.openFile"_L1), this)),
      m_summary(new QLabel(this)),
      m_place(new QLabel(this))
{
    build();
    connectActions();
    connectLogActions();
    connect(&m_theme, &Theme::changed, this, &MainWindow::applyTheme);
    restoreView();
    applyTheme();
    updateActions();
    m_welcome->setFocus();
}

// Pages read from the masters' sessions, so they go first.
MainWindow::~MainWindow()
{
    delete m_tabs;
    delete m_profiles;
}

void MainWindow::build()
{
    setWindowTitle(tr("Danube"));
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
    m_jobs->addWidget(m_welcome);
    m_tabs->setDocumentMode(true);
    m_tabs->setTabsClosable(true);
    m_tabs->setMovable(false);
    m_tabs->addTab(m_jobs, tr("Jobs"));
    m_tabs->tabBar()->setAccessibleName(tr("Open pages"));
    for (const auto side : {QTabBar::LeftSide, QTabBar::RightSide})
        m_tabs->tabBar()->setTabButton(0, side, nullptr); // pinned
    auto *centre = new QWidget(this);
    auto *layout = new QVBoxLayout(centre);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(0);
    layout->addWidget(m_profiles);
    layout->addWidget(m_tabs, 1);
    setCentralWidget(centre);
    m_summary->setTextFormat(Qt::PlainText);
    m_place->setTextFormat(Qt::PlainText);
    statusBar()->addPermanentWidget(m_place);
    statusBar()->addPermanentWidget(m_summary);
    connect(m_profiles, &ProfileBar::chosen, this, &MainWindow::showMaster);
    connect(m_tabs, &QTabWidget::tabCloseRequested, this, &MainWindow::closeTab);
    connect(m_tabs, &QTabWidget::currentChanged, this, [this](int) {
        m_place->clear();
        updateActions();
        if (m_tabs->currentWidget())
            m_tabs->currentWidget()->setFocus();
    });
}

void MainWindow::restoreView()
{
    resize(1180, 760);
    restoreGeometry(m_settings.value("window/geometry"_L1).toByteArray());
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
    event->accept();
}

Result<MasterSession *> MainWindow::connectTo(const Profile &profile, Secret token)
{
    const auto known = std::find_if(m_masters.begin(), m_masters.end(),
                                    [&](const Master &master) { return master.session->profile().url == profile.url; });
    if (known != m_masters.end()) {
        known->session->signIn(std::move(token));
        showMaster(known->session.get());
        return known->session.get();
    }
    auto session = MasterSession::open(profile, std::move(token), m_clock, m_cache);
    if (!session)
        return std::unexpected(session.error());
    ProfileStore(m_settings).remember(profile);
    addMaster(std::move(*session));
    return m_current;
}

void MainWindow::addMaster(std::unique_ptr<MasterSession> owned)
{
    MasterSession *session = owned.get();
    auto *page = new JobsPage(*session->jobs(), m_clock, m_theme.colors(), m_jobs);
    m_masters.push_back({std::move(owned), page});
    m_jobs->addWidget(page);
    m_profiles->add(*session);
    connect(page, &JobsPage::jobActivated, this, [this, session](const JobId &job) { openJob(*session, job); });
    connect(page, &JobsPage::selectionChanged, this, &MainWindow::updateActions);
    connect(session->jobs(), &QAbstractItemModel::dataChanged, this, &MainWindow::updateActions);
    connect(session, &MasterSession::connectionChanged, this, [this, session] { showConnection(session); });
    connect(session, &MasterSession::problem, page->messages(), &MessageBar::showProblem);
    connect(session, &MasterSession::retried, this,
            [this, session](const JobId &, const Job &made) { openJob(*session, made.id); });
    session->start();
    showConnection(session);
    showMaster(session);
}

void MainWindow::removeMaster(const MasterSession *session)
{
    const auto master = std::find_if(m_masters.begin(), m_masters.end(),
                                     [session](const Master &entry) { return entry.session.get() == session; });
    if (master == m_masters.end())
        return;
    for (int index = m_tabs->count() - 1; index > 0; --index) {
        const auto *page = qobject_cast<JobPage *>(m_tabs->widget(index));
        if (page && &page->master() == session)
            closeTab(index);
    }
    m_profiles->remove(*session);
    delete master->page;
    m_masters.erase(master);
    showMaster(m_masters.empty() ? nullptr : m_masters.front().session.get());
}

void MainWindow::showMaster(MasterSession *session)
{
    m_current = session;
    const auto master = std::find_if(m_masters.begin(), m_masters.end(),
                                     [session](const Master &entry) { return entry.session.get() == session; });
    m_jobs->setCurrentWidget(master == m_masters.end() ? static_cast<QWidget *>(m_welcome) : master->page);
    m_jobs->setFocusProxy(m_jobs->currentWidget());
    m_profiles->setCurrent(session);
    m_tabs->setCurrentIndex(0);
    m_jobs->currentWidget()->setFocus();
    const bool production = session && session->profile().kind == ProfileKind::Production;
    setWindowTitle(!session     ? tr("Danube")
                   : production ? tr("PROD – %1 – Danube").arg(session->profile().name)
                                : tr("%1 – Danube").arg(session->profile().name));
    updateActions();
}

void MainWindow::showConnection(MasterSession *session)
{
    const auto master = std::find_if(m_masters.begin(), m_masters.end(),
                                     [session](const Master &entry) { return entry.session.get() == session; });
    const bool live = session->isLive();
    master->page->setEmptyText(live ? tr("This master has no jobs yet.") : describe(session->connection()));
    if (session->connection().state == ConnectionState::SignInNeeded)
        master->page->messages()->showProblem(session->connection().detail + u' ' +
                                              tr("Use File, Connect to give a new one."));
    updateActions();
}

void MainWindow::openJob(MasterSession &master, const JobId &job)
{
    for (int index = 1; index < m_tabs->count(); ++index) {
        const auto *page = qobject_cast<JobPage *>(m_tabs->widget(index));
        if (page && &page->master() == &master && page->job().id == job)
            return m_tabs->setCurrentIndex(index);
    }
    const auto session = master.openJob(job, nullptr);
    if (!session)
        return tell(session.error().message);
    auto *page = new JobPage(master, *session, m_clock, m_actions, m_theme.colors(), m_tabs);
    const int index = m_tabs->addTab(page, page->title());
    connect(page, &JobPage::told, this, &MainWindow::tell);
    connect(page->logPane()->view(), &LogView::placeChanged, this, [this](qint64 line, qint64 column, qint64 offset) {
        const QLocale locale;
        m_place->setText(tr("Line %1, column %2, byte %3")
                             .arg(locale.toString(line + 1), locale.toString(column + 1), locale.toString(offset)));
    });
    const auto showTitle = [this, page] {
        const int at = m_tabs->indexOf(page);
        m_tabs->setTabText(at, page->title());
        m_tabs->setTabIcon(at, icon(stateIcon(page->job().state), stateColor(m_theme.colors(), page->job().state)));
        updateActions();
    };
    connect(page, &JobPage::jobChanged, this, showTitle);
    showTitle();
    m_tabs->setCurrentIndex(index);
}

Result<void> MainWindow::openFile(const QString &path)
{
    auto store = LogStore::openFile(QFileInfo(path).absoluteFilePath());
    if (!store)
        return std::unexpected(store.error());
    auto *pane = new LogPane(m_actions, m_theme.colors(), m_tabs);
    auto *document = new LogDocument(std::move(*store), pane);
    pane->setDocument(document);
    pane->view()->pauseFollowing();
    pane->view()->showLine(0);
    document->watchFile();
    pane->setFocusProxy(pane->view());
    connect(pane, &LogPane::told, this, &MainWindow::tell);
    connect(document, &LogDocument::failed, this, &MainWindow::tell);
    const int index = m_tabs->addTab(pane, icon(u"file"_s), QFileInfo(path).fileName());
    m_tabs->setTabToolTip(index, QFileInfo(path).absoluteFilePath());
    m_tabs->setCurrentIndex(index);
    return {};
}

void MainWindow::closeTab(int index)
{
    if (index <= 0)
        return;
    QWidget *page = m_tabs->widget(index);
    m_tabs->removeTab(index);
    delete page;
}

JobsPage *MainWindow::jobsPage() const
{
    return qobject_cast<JobsPage *>(m_jobs->currentWidget());
}

JobPage *MainWindow::jobPage() const
{
    return qobject_cast<JobPage *>(m_tabs->currentWidget());
}

LogPane *MainWindow::logPane() const
{
    if (auto *page = jobPage())
        return page->logPane();
    return qobject_cast<LogPane *>(m_tabs->currentWidget());
}

void MainWindow::tell(const QString &text)
{
    statusBar()->showMessage(text, messageTime);
}

} // namespace danube::console
