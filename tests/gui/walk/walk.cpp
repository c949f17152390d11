// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/gui/walk/walk.h"

#include "console/app/bottomtabs.h"
#include "console/app/configpage.h"
#include "console/app/filterline.h"
#include "console/app/findbar.h"
#include "console/app/jobpage.h"
#include "console/app/jobspage.h"
#include "console/app/logpane.h"
#include "console/app/pagehost.h"
#include "console/app/pages.h"
#include "console/app/palette.h"
#include "console/app/tablelook.h"
#include "console/controllers/blueprintsession.h"
#include "console/controllers/egresssession.h"

#include <QElapsedTimer>
#include <QLineEdit>
#include <QListWidget>
#include <QStackedWidget>
#include <QTabBar>
#include <QTableView>
#include <QTest>

using namespace danube::console;
using namespace Qt::StringLiterals;

namespace danube::tests {

namespace {

constexpr int patience = 30'000; // milliseconds, of a loaded machine

QString nameOf(QString text)
{
    text = text.remove(u'&').section(u" ("_s, 0, 0).simplified().toLower();
    return text.replace(u' ', u'-');
}

/// Whether anything was laid out, shown or painted.
class Commotion : public QObject
{
public:
    Commotion() { QCoreApplication::instance()->installEventFilter(this); }
    bool take() { return std::exchange(m_seen, false); }
    bool eventFilter(QObject *, QEvent *event) override
    {
        switch (event->type()) {
        case QEvent::LayoutRequest:
        case QEvent::Move:
        case QEvent::Paint:
        case QEvent::PaletteChange:
        case QEvent::Polish:
        case QEvent::Resize:
        case QEvent::Show:
        case QEvent::StyleChange:
        case QEvent::UpdateRequest:
            m_seen = true;
            break;
        default:
            break;
        }
        return false;
    }

private:
    bool m_seen = false;
};

} // namespace

// Laying out asks for further laying out; on a loaded machine one turn of the loop takes as long as three elsewhere. So
// what is waited for is that nothing more comes for some time.
void Walk::settle()
{
    constexpr int still = 30; // milliseconds
    constexpr int most = 200; // where something moves all the time
    Commotion commotion;
    QElapsedTimer all;
    QElapsedTimer quiet;
    all.start();
    quiet.start();
    while (quiet.elapsed() < still && all.elapsed() < most) {
        QCoreApplication::sendPostedEvents();
        QTest::qWait(5);
        if (commotion.take())
            quiet.restart();
    }
}

bool Walk::wait(const QString &what, const std::function<bool()> &done)
{
    if (QTest::qWaitFor(done, patience))
        return true;
    m_problems.append(what);
    return false;
}

void Walk::show(const QString &name, QWidget &shown, const Look &look)
{
    settle();
    m_names.append(name);
    look(name, shown);
}

void Walk::pages(const Look &look)
{
    jobs(look);
    job(look);
    if (const auto opened = m_scene.window.openFile(m_scene.logFile))
        show(u"file"_s, m_scene.window, look);
    else
        m_problems.append(u"file: "_s + opened.error().message);
    registered(look);
    docks(look);
}

void Walk::jobs(const Look &look)
{
    MainWindow &window = m_scene.window;
    window.tabs()->setCurrentIndex(0);
    if (m_scene.production) {
        window.masters().setScope(nullptr);
        if (wait(u"jobs of all masters"_s, [&] { return window.jobsPage()->table()->model()->rowCount() > 0; }))
            show(u"jobs-all"_s, window, look);
        window.masters().setScope(m_scene.production);
        show(u"jobs-production"_s, window, look);
    } else {
        m_problems.append(u"no production master"_s);
    }
    window.masters().setScope(&m_scene.master);
    JobsPage *page = window.jobsPage();
    if (!wait(u"jobs"_s, [&] { return page->table()->model()->rowCount() > 0; }))
        return;
    selectTableRow(*page->table(), 0);
    show(u"jobs"_s, window, look);
    page->filterLine()->setText(u"state:wobbly branch:main"_s);
    if (wait(u"problem of a filter"_s, [&] { return !page->filterProblem().isEmpty(); }))
        show(u"jobs-filter"_s, window, look);
    page->filterLine()->clear();
    page->table()->clearSelection();
    wait(u"jobs without filter"_s, [&] { return page->filterProblem().isEmpty(); });
}

void Walk::job(const Look &look)
{
    MainWindow &window = m_scene.window;
    window.openJob(m_scene.master, m_scene.job);
    LogPane *pane = window.logPane();
    if (!pane || !wait(u"log of the job"_s, [&] { return pane->view()->document()->lineCount() > 10; }))
        return m_problems.append(u"job"_s);
    show(u"job"_s, window, look);
    pane->openFind();
    pane->findBar()->setQuery({.text = u"e"_s});
    wait(u"matches"_s, [&] { return pane->view()->hit().has_value(); });
    pane->view()->showLine(2);
    pane->toggleMark();
    const auto *contents = pane->bottom()->findChild<QStackedWidget *>();
    for (int index = 0; index < contents->count(); ++index) {
        pane->bottom()->open(contents->widget(index));
        show(u"job-"_s + nameOf(pane->bottom()->bar()->tabText(index)), window, look);
    }
    pane->toggleMark();
    pane->bottom()->close();
    emit pane->findBar()->closed();
}

void Walk::registered(const Look &look)
{
    MainWindow &window = m_scene.window;
    for (const PageSpec &spec : pageSpecs()) {
        const QString id = QLatin1StringView(spec.id);
        window.openPage(id);
        Page *page = window.tabs()->current();
        if (!page || page->title().isEmpty() || window.tabs()->currentIndex() == 0) {
            m_problems.append(id);
            continue;
        }
        if (spec.scope == PageScope::PerMaster)
            wait(u"data of "_s + id,
                 [&] { return !m_scene.master.blueprint().isLoading() && !m_scene.master.egress().isLoading(); });
        everyTab(id, *page, look);
        if (auto *config = qobject_cast<ConfigPage *>(page)) {
            const QStringList paths = m_scene.master.blueprint().workspace().paths();
            const auto pipeline = std::find_if(paths.begin(), paths.end(),
                                               [](const QString &path) { return path.startsWith("pipelines/"_L1); });
            if (pipeline == paths.end()) {
                m_problems.append(u"no pipeline in the Blueprint"_s);
                continue;
            }
            config->showFile(*pipeline);
            show(id + "-pipeline"_L1, window, look);
            config->showFile(BlueprintWorkspace::configFile);
        }
    }
}

// What stands behind tabs, or behind the sections of the preferences, is a page to look at, too.
void Walk::everyTab(const QString &name, QWidget &page, const Look &look)
{
    bool looked = false;
    for (QTabWidget *tabs : page.findChildren<QTabWidget *>()) {
        for (int index = 0; tabs->isVisible() && index < tabs->count(); ++index) {
            tabs->setCurrentIndex(index);
            show(name + u'-' + nameOf(tabs->tabText(index)), m_scene.window, look);
            looked = true;
        }
    }
    if (auto *sections = page.findChild<QListWidget *>(u"sections"_s)) {
        for (int row = 0; row < sections->count(); ++row) {
            sections->setCurrentRow(row);
            show(name + u'-' + nameOf(sections->item(row)->text()), m_scene.window, look);
            looked = true;
        }
    }
    if (!looked)
        show(name, m_scene.window, look);
}

void Walk::docks(const Look &look)
{
    MainWindow &window = m_scene.window;
    window.tabs()->setCurrentIndex(0);
    selectTableRow(*window.jobsPage()->table(), 0);
    const auto toggle = [&] {
        for (const auto id : {"view.details"_L1, "view.activity"_L1})
            window.actions().action(id)->trigger();
    };
    toggle();
    show(u"docks"_s, window, look);
    toggle();
    window.jobsPage()->table()->clearSelection();
    window.palette()->open(u"re"_s);
    show(u"palette"_s, window, look);
    QTest::keyClick(window.palette()->line(), Qt::Key_Escape);
    wait(u"end of the palette"_s, [&] { return !window.palette()->isVisible(); });
}

} // namespace danube::tests
