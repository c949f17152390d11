// SPDX-License-Identifier: GPL-3.0-or-later
// The console's window against a real master with real jobs.
#include "console/app/jobpage.h"
#include "console/app/jobspage.h"
#include "console/app/logpane.h"
#include "console/app/pagehost.h"
#include "console/app/profilebar.h"
#include "tests/scenario/console/liveconsole.h"

#include <QDir>
#include <QListView>
#include <QSignalSpy>
#include <QTabWidget>
#include <QTableView>
#include <QTest>

using namespace danube;
using namespace danube::console;
using namespace danube::tests;
using namespace Qt::StringLiterals;

namespace {

constexpr char talking[] = R"(
from danube import step
step.run("for i in $(seq 60); do echo out $i; echo err $i >&2; sleep 0.1; done; printf 'no end'", name="talk")
)";

void takePicture(QWidget &widget, const QString &name)
{
    const QString folder = qEnvironmentVariable("DANUBE_SCREENSHOTS");
    if (!folder.isEmpty())
        QTest::qWait(100); // a new palette reaches the widgets by events
    if (!folder.isEmpty())
        QVERIFY(QDir().mkpath(folder) && widget.grab().save(u"%1/%2.png"_s.arg(folder, name)));
}

} // namespace

class TestConsoleLive : public QObject
{
    Q_OBJECT
private slots:
    void comesBackAfterTheMasterWasKilled()
    {
        RealMaster master;
        master.addPipeline(u"talk"_s, talking);
        QVERIFY2(master.start(), qPrintable(master.log()));
        api::ApiClient client(master.endpoint());
        LiveConsole console;
        MasterSession *session = console.connectTo(master);
        const ProfileChip *chip = console.window.profileBar()->chipOf(*session);
        QTRY_COMPARE_WITH_TIMEOUT(chip->stateText(), u"Live"_s, 20'000);
        const auto job = run(client, u"talk"_s);
        QVERIFY(job);
        QTRY_VERIFY(session->jobs()->job(job->id));
        console.window.openJob(*session, job->id);
        LogView *view = console.window.logPane()->view();
        QSignalSpy restarted(view->document(), &LogDocument::restarted);
        QTRY_VERIFY_WITH_TIMEOUT(view->document()->lineCount() > 20, 20'000);

        master.kill();
        QTRY_VERIFY_WITH_TIMEOUT(chip->stateText().startsWith(u"Offline"_s), 20'000);
        QVERIFY2(master.start(), qPrintable(master.log()));
        QTRY_COMPARE_WITH_TIMEOUT(chip->stateText(), u"Live"_s, 40'000);
        QTRY_VERIFY_WITH_TIMEOUT(view->document()->isFinished(), 60'000);

        QTRY_COMPARE(session->jobs()->job(job->id)->state, JobState::Success);
        QCOMPARE(view->document()->snapshot().bytes().toByteArray(), logOf(client, job->id));
        QCOMPARE(view->follow(), LogView::Follow::Ended);
        QVERIFY(restarted.size() <= 1); // at most by lines that the crash cut
        QTRY_COMPARE(console.window.jobPage()->stepList()->model()->rowCount(), 1);
    }
    void showsTheExamples()
    {
        RealMaster master;
        const QStringList examples{u"c"_s, u"failing"_s, u"parallel"_s};
        for (const QString &example : examples)
            master.addExample(example);
        QVERIFY2(master.start(), qPrintable(master.log()));
        api::ApiClient client(master.endpoint());
        LiveConsole console;
        console.window.resize(1180, 760);
        MasterSession *session = console.connectTo(master);
        QMap<QString, JobId> jobs;
        for (const QString &example : examples) {
            const auto job = run(client, example);
            QVERIFY(job);
            jobs.insert(example, job->id);
        }
        const auto stateOf = [&](const QString &example) {
            const Job *job = session->jobs()->job(jobs.value(example));
            return job ? job->state : JobState::Pending;
        };
        for (const QString &example : examples) {
            console.window.openJob(*session, jobs.value(example));
            LogView *view = console.window.logPane()->view();
            QTRY_VERIFY_WITH_TIMEOUT(view->document()->isFinished(), 120'000);
            QTRY_VERIFY(isFinal(stateOf(example)));
            QCOMPARE(view->linesBelow(), 0);
            for (const ThemeChoice theme : {ThemeChoice::Light, ThemeChoice::Dark}) {
                console.theme.choose(theme);
                takePicture(console.window,
                            u"real-%1-%2"_s.arg(example, theme == ThemeChoice::Dark ? u"dark"_s : u"light"_s));
            }
        }
        QCOMPARE(stateOf(u"c"_s), JobState::Success);
        QCOMPARE(stateOf(u"failing"_s), JobState::Failure);
        QVERIFY(console.window.logPane()->view()->document()->bytes() > 150'000'000); // parallel: 200 MB, all of it
        console.window.tabs()->setCurrentIndex(0);
        QTRY_COMPARE(console.window.jobsPage()->table()->model()->rowCount(), 3);
        takePicture(console.window, u"real-jobs-dark"_s);
        console.theme.choose(ThemeChoice::Light);
        takePicture(console.window, u"real-jobs-light"_s);
    }
};

QTEST_MAIN(TestConsoleLive)
#include "tst_consolelive.moc"
