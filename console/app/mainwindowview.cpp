// SPDX-License-Identifier: GPL-3.0-or-later
// How the window looks and what it keeps: title, layout, preferences; its end.
#include "console/app/closequestion.h"
#include "console/app/jobpage.h"
#include "console/app/jobstab.h"
#include "console/app/logfont.h"
#include "console/app/logpane.h"
#include "console/app/mainwindow.h"
#include "console/app/pagehost.h"
#include "console/app/palette.h"
#include "console/app/panes.h"
#include "console/app/productionframe.h"
#include "console/app/profilebar.h"
#include "console/app/sorting.h"
#include "console/app/taborder.h"
#include "console/app/unlockdialog.h"
#include "console/models/words.h"

#include <QApplication>
#include <QClipboard>
#include <QCloseEvent>
#include <QDockWidget>
#include <QSettings>
#include <QTableView>

using namespace Qt::StringLiterals;

namespace danube::console {

namespace {

constexpr int layoutVersion = 1; // of docks and toolbars

constexpr std::pair<const char *, ThemeChoice> themeActions[] = {{"view.themeSystem", ThemeChoice::System},
                                                                 {"view.themeLight", ThemeChoice::Light},
                                                                 {"view.themeDark", ThemeChoice::Dark},
                                                                 {"view.themeContrast", ThemeChoice::Contrast}};

} // namespace

void MainWindow::connectViewActions()
{
    const auto on = [this](QLatin1StringView id, auto slot) {
        connect(m_actions.action(id), &QAction::triggered, this, slot);
    };
    for (const auto &[id, choice] : themeActions) {
        on(QLatin1StringView(id), [this, choice] {
            Preferences changed = m_preferences.value();
            changed.theme = toText(choice);
            m_preferences.set(changed);
        });
    }
    on("view.toggleTheme"_L1, [this] {
        Preferences changed = m_preferences.value();
        changed.theme = toText(m_theme.colors().dark ? ThemeChoice::Light : ThemeChoice::Dark);
        m_preferences.set(changed);
    });
    on("views.restore"_L1, [this] {
        const auto removed = std::exchange(m_removedView, std::nullopt);
        m_views.insert(removed->first, removed->second);
        updateActions();
    });
    on("app.palette"_L1, [this] { openPalette(); });
    on("app.preferences"_L1, [this] { openPage(u"preferences"_s); });
    on("help.shortcuts"_L1, [this] { openPage(u"shortcuts"_s); });
    on("app.unlock"_L1, [this] { unlock(); });
    on("app.lock"_L1, [this] { m_guard.lock(m_tabs->current()->master()); });
    on("app.openLink"_L1, [this] {
        if (const auto opened = openLink(QApplication::clipboard()->text().trimmed()); !opened)
            tell(opened.error().message);
    });
    const auto sort = [this](auto change) {
        QTableView *table = sortableTable(*m_tabs->current());
        if (!table)
            return;
        change(*table);
        tell(sortingText(*table));
    };
    on("view.sortNext"_L1, [sort] { sort([](QTableView &table) { sortByNeighbour(table, 1); }); });
    on("view.sortPrevious"_L1, [sort] { sort([](QTableView &table) { sortByNeighbour(table, -1); }); });
    on("view.sortReverse"_L1, [sort] { sort(reverseSorting); });
    on("view.fullScreen"_L1, [this] { setWindowState(windowState() ^ Qt::WindowFullScreen); });
    const auto step = [this](int by) {
        m_tabs->setCurrentIndex((m_tabs->currentIndex() + by + m_tabs->count()) % m_tabs->count());
    };
    on("window.next"_L1, [step] { step(1); });
    on("window.previous"_L1, [step] { step(-1); });
    on("window.nextPane"_L1, [this] { m_panes->next(); });
    on("window.previousPane"_L1, [this] { m_panes->previous(); });
    on("window.tearOff"_L1, [this] { m_tabs->tearOff(m_tabs->indexOf(m_tabs->current())); });
    connect(&m_guard, &Guard::changed, this, [this] {
        showTitle();
        updatePage();
    });
    connect(&m_preferences, &PreferencesStore::changed, this, &MainWindow::applyPreferences);
    if (m_notifier)
        connect(m_notifier, &Notifier::activated, this, &MainWindow::showNotified);
    connect(&m_watched, &WatchedJobs::changed, this, &MainWindow::updatePage);
    qApp->installEventFilter(this);
}

// What a person does with mouse and keys keeps production unlocked, up to its 15 minutes.
bool MainWindow::eventFilter(QObject *watched, QEvent *event)
{
    switch (event->type()) {
    case QEvent::KeyPress:
    case QEvent::MouseButtonPress:
    case QEvent::MouseMove:
    case QEvent::Wheel:
        m_guard.noteInput();
        break;
    default:
        break;
    }
    return QMainWindow::eventFilter(watched, event);
}

// Over the window in front, so that what is chosen acts there.
void MainWindow::openPalette()
{
    QWidget *window = m_tabs->current()->window();
    auto *palette = window->findChild<Palette *>(Qt::FindDirectChildrenOnly);
    if (!palette)
        palette = new Palette(m_paletteModel, window);
    palette->setColors(m_theme.colors());
    palette->open();
}

void MainWindow::unlock()
{
    MasterSession *master = m_tabs->current()->master();
    if (!m_guard.isLocked(master))
        return;
    auto *dialog = new UnlockDialog(m_guard, *master, m_theme.colors(), this);
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->open();
}

void MainWindow::showTitle()
{
    const MasterSession *session = shownMaster();
    if (!session) {
        setWindowTitle(m_masters.showsAll() ? tr("All masters – Danube") : tr("Danube"));
    } else if (!m_guard.isGuarded(session)) {
        setWindowTitle(tr("%1 – Danube").arg(session->profile().name));
    } else if (m_guard.isLocked(session)) {
        setWindowTitle(tr("PROD – %1 (read-only) – Danube").arg(session->profile().name));
    } else {
        setWindowTitle(tr("PROD – %1 (unlocked until %2) – Danube")
                           .arg(session->profile().name, timeText(m_guard.openUntil(session), m_clock.wall())));
    }
    setProductionFrame(*this, m_guard.isGuarded(session));
}

void MainWindow::paintEvent(QPaintEvent *event)
{
    QMainWindow::paintEvent(event);
    if (m_guard.isGuarded(shownMaster()))
        paintProductionFrame(*this, m_theme.colors());
}

void MainWindow::restoreView()
{
    resize(1280, 800);
    restoreGeometry(m_settings.value("window/geometry"_L1).toByteArray());
    restoreState(m_settings.value("window/docks"_L1).toByteArray(), layoutVersion);
    for (const QDockWidget *dock : std::as_const(m_docks)) // a hidden dock tells nobody before the window is shown
        m_actions.action(QLatin1StringView("view." + dock->objectName().toLatin1()))->setChecked(!dock->isHidden());
}

void MainWindow::resumeLast()
{
    if (!m_preferences.value().reconnectAtStart)
        return;
    for (const QString &url : m_settings.value("console/connected"_L1).toStringList())
        m_does->resume(url);
}

void MainWindow::saveView()
{
    QStringList connected;
    for (const MasterSession *session : m_masters.all())
        connected.append(session->profile().url);
    m_settings.setValue("console/connected"_L1, connected);
    m_settings.setValue("window/geometry"_L1, saveGeometry());
    m_settings.setValue("window/docks"_L1, saveState(layoutVersion));
    m_jobs->saveView();
}

void MainWindow::applyPreferences()
{
    const ThemeChoice choice = themeChoiceFromText(m_preferences.value().theme);
    for (const auto &[id, theme] : themeActions)
        m_actions.action(QLatin1StringView(id))->setChecked(theme == choice);
    if (m_theme.choice() != choice)
        m_theme.choose(choice);
    const Preferences &value = m_preferences.value();
    for (const Page *page : m_tabs->pages()) {
        if (LogPane *log = page->logPane())
            log->setBaseFont(logFont(value));
    }
    m_notifications.setRules(value.notifications);
    m_masters.setSettings({value.heartbeat, value.requestTimeout});
    if (const auto applied = applyNetwork(value); !applied)
        m_masters.activity()->add(
            {ActivityKind::Console, ActivityLevel::Problem, {}, applied.error().message, {}, {}, -1});
}

void MainWindow::showNotified(const Notification &notification)
{
    setWindowState(windowState() & ~Qt::WindowMinimized);
    show();
    raise();
    activateWindow();
    MasterSession *master = m_masters.find(notification.masterUrl);
    if (!master)
        return;
    if (notification.job.value().isEmpty())
        return m_does->signInAgain(*master);
    if (JobPage *page = openJob(*master, notification.job))
        page->showFailure();
}

bool MainWindow::focusNextPrevChild(bool next)
{
    return moveFocus(*this, next);
}

void MainWindow::closeEvent(QCloseEvent *event)
{
    if (!m_closing && askBeforeClosing())
        return event->ignore();
    saveView();
    event->accept();
}

bool MainWindow::askBeforeClosing()
{
    const QStringList unsaved = m_tabs->unsaved();
    const QStringList underWay = m_masters.activity()->underWayTexts();
    if (unsaved.isEmpty() && underWay.isEmpty())
        return false;
    if (!findChild<CloseQuestion *>()) {
        auto *question = new CloseQuestion(unsaved, underWay, this);
        connect(question, &CloseQuestion::confirmed, this, [this] {
            m_closing = true;
            close();
        });
        question->open();
    }
    return true;
}

} // namespace danube::console
