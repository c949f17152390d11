// SPDX-License-Identifier: GPL-3.0-or-later
// Renders the pages in light and dark, so that people can look at them: into the folder DANUBE_SCREENSHOTS when that is
// set. What a program can check about a picture is checked here: that it is drawn, is the same twice, and fits.
#include "console/app/connectdialog.h"
#include "console/app/findbar.h"
#include "console/app/jobpage.h"
#include "console/app/jobspage.h"
#include "console/app/logpane.h"
#include "console/app/pagehost.h"
#include "console/app/profilebar.h"
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
