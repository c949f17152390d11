// SPDX-License-Identifier: GPL-3.0-or-later
// Renders the pages in light and dark, so that people can look at them: into the folder DANUBE_SCREENSHOTS when that is
// set. What a program can check about a picture is checked here: that it is drawn, is the same twice, and fits.
#include "console/app/batchdialog.h"
#include "console/app/bottomtabs.h"
#include "console/app/connectdialog.h"
#include "console/app/findbar.h"
#include "console/app/jobartifactstab.h"
#include "console/app/jobpage.h"
#include "console/app/jobspage.h"
#include "console/app/jobtabs.h"
#include "console/app/logpane.h"
#include "console/app/pagehost.h"
#include "console/app/profilebar.h"
#include "console/app/rowstab.h"
#include "tests/gui/sample.h"

#include <QDir>
#include <QTableView>

using namespace danube;
using namespace danube::console;
using namespace danube::tests;
using namespace Qt::StringLiterals;

class TestScreenshots : public QObject
{
    Q_OBJECT
    static void themes()
    {
        QTest::addColumn<ThemeChoice>("theme");
        QTest::newRow("light") << ThemeChoice::Light;
        QTest::newRow("dark") << ThemeChoice::Dark;
    }
    static void take(QWidget &widget, const QString &name)
    {
        QTest::qWait(60); // what is posted is painted
        const QImage picture = widget.grab().toImage();
        QCOMPARE(widget.grab().toImage(), picture);
        QSet<QRgb> colors;
        for (int y = 0; y < picture.height(); y += 3) {
            for (int x = 0; x < picture.width(); x += 3)
                colors.insert(picture.pixel(x, y));
        }
        QVERIFY2(colors.size() > 8, qPrintable(name));
        const QString folder = qEnvironmentVariable("DANUBE_SCREENSHOTS");
        if (!folder.isEmpty())
            QVERIFY(QDir().mkpath(folder) &&
                    picture.save(u"%1/%2-%3.png"_s.arg(folder, name, QString::fromLatin1(QTest::currentDataTag()))));
    }
    static std::unique_ptr<Sample> open(ThemeChoice theme)
    {
        auto sample = std::make_unique<Sample>();
        sample->theme.choose(theme);
        sample->window->resize(1180, 760);
        sample->window->show();
        return sample;
    }
    static LogPane *openJob(Sample &sample, int number)
    {
        const QString id = u"job%1"_s.arg(number, 6, 10, QLatin1Char('0'));
        sample.window->openJob(**sample.connectWindow(), JobId(id));
        return sample.window->logPane();
    }

private slots:
    void threeJobs_data() { themes(); }
    void threeJobs()
    {
        QFETCH(ThemeChoice, theme);
        const auto sample = open(theme);
        sample->addExamples();
        MasterSession *session = sample->connectWindow().value();
        QTRY_COMPARE(sample->window->jobsPage()->table()->model()->rowCount(), 3);
        QTRY_VERIFY(sample->window->profileBar()->isVisible());
        QTRY_COMPARE(session->connection().state, ConnectionState::Live);
        sample->window->jobsPage()->table()->selectRow(1);
        take(*sample->window, u"jobs-3"_s);
    }
    void tenThousandJobs_data() { themes(); }
    void tenThousandJobs()
    {
        QFETCH(ThemeChoice, theme);
        const auto sample = open(theme);
        sample->addMany(10'000);
        QVERIFY(sample->connectWindow(ProfileKind::Production));
        QTRY_COMPARE_WITH_TIMEOUT(sample->window->jobsPage()->table()->model()->rowCount(), 10'000, 20'000);
        take(*sample->window, u"jobs-10000"_s);
    }
    void failingJob_data() { themes(); }
    void failingJob()
    {
        QFETCH(ThemeChoice, theme);
        const auto sample = open(theme);
        sample->addExamples();
        LogPane *pane = openJob(*sample, 2);
        QTRY_COMPARE(pane->view()->follow(), LogView::Follow::Ended);
        pane->openFind();
        pane->findBar()->setQuery({.text = u"ok"_s});
        QTRY_VERIFY(pane->view()->hit());
        take(*sample->window, u"job-failing"_s);
    }
    void parallelJob_data() { themes(); }
    void parallelJob()
    {
        QFETCH(ThemeChoice, theme);
        const auto sample = open(theme);
        sample->addExamples();
        LogPane *pane = openJob(*sample, 3);
        QTRY_COMPARE(pane->view()->document()->lineCount(), 400);
        QTest::keyClick(pane->view(), Qt::Key_PageUp);
        take(*sample->window, u"job-parallel"_s);
    }
    void logTools_data() { themes(); }
    void logTools()
    {
        QFETCH(ThemeChoice, theme);
        const auto sample = open(theme);
        sample->addExamples();
        LogPane *pane = openJob(*sample, 3);
        QTRY_COMPARE(pane->view()->document()->lineCount(), 400);
        pane->nextTimes();
        pane->view()->showLine(120);
        pane->toggleMark();
        pane->view()->showLine(300);
        pane->toggleMark();
        pane->openFind();
        pane->findBar()->setQuery({.text = u"line \\d*7 "_s, .syntax = LogQuery::Syntax::Regex});
        QTRY_VERIFY(pane->view()->hit());
        pane->showMatches(true);
        QTest::qWait(300); // the overview looks a moment later
        take(*sample->window, u"log-matches"_s);
        pane->bottom()->open(sample->window->jobPage()->tabs()->parameters());
        pane->view()->showLine(0);
        pane->toggleFold();
        take(*sample->window, u"log-folded"_s);
        sample->window->actions().action("log.wrap"_L1)->trigger();
        pane->bottom()->open(sample->window->jobPage()->tabs()->artifacts());
        QTest::qWait(200);
        take(*sample->window, u"log-artifacts"_s);
    }
    void filterAndBatch_data() { themes(); }
    void filterAndBatch()
    {
        QFETCH(ThemeChoice, theme);
        const auto sample = open(theme);
        sample->addMany(60);
        MasterSession *session = sample->connectWindow().value();
        QTRY_COMPARE(sample->window->jobsPage()->table()->model()->rowCount(), 60);
        QTRY_COMPARE(session->connection().state, ConnectionState::Live);
        sample->window->jobsPage()->filterLine()->setText(u"state:wobbly pipeline:docs since:9h"_s);
        QTRY_VERIFY(!sample->window->jobsPage()->filterProblem().isEmpty());
        take(*sample->window, u"jobs-filter"_s);
        QList<std::pair<MasterSession *, JobId>> jobs;
        for (const int number : {6, 7, 8, 14})
            jobs.append({session, JobId(u"job%1"_s.arg(number, 6, 10, QLatin1Char('0')))});
        BatchDialog dialog(JobAction::Cancel, jobs);
        dialog.show();
        take(dialog, u"batch"_s);
    }
    void compiledJob_data() { themes(); }
    void compiledJob()
    {
        QFETCH(ThemeChoice, theme);
        const auto sample = open(theme);
        sample->addExamples();
        LogPane *pane = openJob(*sample, 1);
        QTRY_COMPARE(pane->view()->follow(), LogView::Follow::Ended);
        take(*sample->window, u"job-c"_s);
    }
    void welcomeAndConnect_data() { themes(); }
    void welcomeAndConnect()
    {
        QFETCH(ThemeChoice, theme);
        const auto sample = open(theme);
        take(*sample->window, u"welcome"_s);
        ConnectDialog dialog({{u"build"_s, u"http://127.0.0.1:8080"_s, ProfileKind::Staging}}, sample->theme.colors());
        dialog.showProblem(u"open endpoint 'x y': not an address"_s);
        dialog.show();
        take(dialog, u"connect"_s);
    }
};

QTEST_MAIN(TestScreenshots)
#include "tst_screenshots.moc"
