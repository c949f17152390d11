// SPDX-License-Identifier: GPL-3.0-or-later
// The data checks A7, A11, A19, A32 and A33 against a real master with jobs that really run.
#include "console/app/archivedialog.h"
#include "console/app/artifactspage.h"
#include "console/app/artifactsview.h"
#include "console/app/batchdialog.h"
#include "console/app/downloadspane.h"
#include "console/app/jobartifactstab.h"
#include "console/app/jobpage.h"
#include "console/app/jobspage.h"
#include "console/app/jobtabs.h"
#include "console/app/logpane.h"
#include "console/app/mainwindow.h"
#include "console/app/pagehost.h"
#include "console/app/rowstab.h"
#include "console/controllers/downloadqueue.h"
#include "shared/api/apiclient.h"
#include "shared/core/sha256.h"
#include "tests/scenario/console/cuttingproxy.h"
#include "tests/scenario/console/liveconsole.h"

#include <QPlainTextEdit>
#include <QPushButton>
#include <QSignalSpy>
#include <QTableView>
#include <QToolButton>
#include <QTreeWidget>

using namespace danube;
using namespace danube::console;
using namespace danube::tests;
using namespace Qt::StringLiterals;

namespace {

constexpr char quick[] = "from danube import step\nstep.run('echo done', name='say')\n";
constexpr char sleeping[] = "from danube import step\nstep.run('sleep 300', name='sleep')\n";
constexpr char counting[] = R"(
from danube import step
step.run("for i in $(seq 4000); do echo line $i of four thousand, with some text to make it longer; done; sleep 2; "
         "for i in $(seq 4000); do echo again $i >&2; done", name="count")
)";
constexpr char packing[] = R"(
from danube import artifacts, step
step.run("mkdir -p dist/app && seq 200000 > dist/app/numbers.txt && tar czf dist/app.tar.gz -C dist app", name="pack")
artifacts.upload("dist/app.tar.gz", name="app.tar.gz")
)";
constexpr char flooding[] = R"(
from danube import step
step.run("seq -f '%g a line of output that is about one hundred bytes long, so that it looks like the real thing ...' 500000",
         name="flood")
)";

} // namespace

class TestConsoleJobs : public QObject
{
    Q_OBJECT
    std::unique_ptr<RealMaster> m_master;
    std::unique_ptr<api::ApiClient> m_client;

private slots:
    void initTestCase()
    {
        m_master = std::make_unique<RealMaster>();
        m_master->addPipeline(u"quick"_s, quick);
        m_master->addPipeline(u"sleeping"_s, sleeping);
        m_master->addPipeline(u"counting"_s, counting);
        m_master->addPipeline(u"flooding"_s, flooding);
        m_master->addPipeline(u"packing"_s, packing);
        QVERIFY2(m_master->start(), qPrintable(m_master->log()));
        m_client = std::make_unique<api::ApiClient>(m_master->endpoint());
    }
    void cleanupTestCase()
    {
        m_client.reset();
        m_master.reset();
    }

    // A7: while jobs come and run, the row that is looked at stays where it is.
    void theTableStaysWhileJobsRun()
    {
        LiveConsole console;
        MasterSession *session = console.connectTo(*m_master);
        const auto first = run(*m_client, u"quick"_s);
        QVERIFY(first);
        QTableView *table = console.window.jobsPage()->table();
        QTRY_COMPARE_WITH_TIMEOUT(table->model()->rowCount(), 1, 20'000);
        QSignalSpy reset(session->jobs(), &QAbstractItemModel::modelReset);
        table->selectRow(0);
        QList<JobId> made;
        for (int i = 0; i < 12; ++i)
            made.append(run(*m_client, u"quick"_s).value().id);
        const auto allEnded = [&] {
            return std::ranges::all_of(made, [&](const JobId &id) {
                const Job *job = session->jobs()->job(id);
                return job && job->state == JobState::Success;
            });
        };
        QTRY_VERIFY_WITH_TIMEOUT(allEnded(), 120'000);
        QCOMPARE(reset.size(), 0);
        QCOMPARE(table->selectionModel()->selectedRows().size(), 1);
        QCOMPARE(table->selectionModel()->selectedRows().constFirst().row(), 0);
        QCOMPARE(table->model()->index(0, 0).data(JobTableModel::IdRole).toString(), first->id.value());
        QCOMPARE(console.window.jobsPage()->newJobsButton()->text(), u"12 new - show"_s);
        QTest::mouseClick(console.window.jobsPage()->newJobsButton(), Qt::LeftButton);
        QCOMPARE(table->model()->rowCount(), 13);
        const auto durations = table->model()->index(0, 0).data(JobTableModel::TrendRole).value<QList<PastDuration>>();
        QCOMPARE(durations.size(), 13);
    }
    // A11: half a million lines as fast as a process prints them, followed to the last.
    void aFloodIsFollowedToItsEnd()
    {
        LiveConsole console;
        MasterSession *session = console.connectTo(*m_master);
        const auto job = run(*m_client, u"flooding"_s);
        QVERIFY(job);
        QTRY_VERIFY_WITH_TIMEOUT(session->jobs()->job(job->id), 20'000);
        console.window.openJob(*session, job->id);
        LogView *view = console.window.logPane()->view();
        QTRY_VERIFY_WITH_TIMEOUT(view->document()->lineCount() > 1000, 60'000);
        QTRY_VERIFY_WITH_TIMEOUT(view->document()->isFinished(), 180'000);
        QCOMPARE(view->linesBelow(), int64_t(0));
        QCOMPARE(view->follow(), LogView::Follow::Ended);
        const QByteArray log = logOf(*m_client, job->id);
        QCOMPARE(view->document()->bytes(), int64_t(log.size()));
        QCOMPARE(view->document()->lineCount(), int64_t(log.count('\n')));
        QVERIFY(log.count('\n') >= 500'000);
        QCOMPARE(view->document()->snapshot().bytes().toByteArray(), log);
    }
    // A19: twenty cuts at random bytes between the console and the real master.
    void twentyCutsLoseNothing()
    {
        CuttingProxy proxy(QUrl(m_master->url()), 20);
        LiveConsole console;
        MasterSession *session = console.connectTo(*m_master, proxy.url());
        const auto job = run(*m_client, u"counting"_s);
        QVERIFY(job);
        QTRY_VERIFY_WITH_TIMEOUT(session->jobs()->job(job->id), 30'000);
        console.window.openJob(*session, job->id);
        LogView *view = console.window.logPane()->view();
        QTRY_VERIFY_WITH_TIMEOUT(view->document()->isFinished(), 180'000);
        QVERIFY2(proxy.left() < 15, qPrintable(QString::number(proxy.left())));
        QCOMPARE(view->document()->snapshot().bytes().toByteArray(), logOf(*m_client, job->id));
    }
    // A32: cancel what runs, skip what has ended.
    void severalAreCancelled()
    {
        LiveConsole console;
        MasterSession *session = console.connectTo(*m_master);
        QList<std::pair<MasterSession *, JobId>> jobs;
        for (const QString &pipeline : {u"quick"_s, u"sleeping"_s, u"sleeping"_s, u"sleeping"_s})
            jobs.append({session, run(*m_client, pipeline).value().id});
        const auto stateOf = [&](int i) {
            const Job *job = session->jobs()->job(jobs[i].second);
            return job ? job->state : JobState::Pending;
        };
        QTRY_COMPARE_WITH_TIMEOUT(stateOf(0), JobState::Success, 120'000);
        for (int i = 1; i <= 3; ++i)
            QTRY_COMPARE_WITH_TIMEOUT(stateOf(i), JobState::Running, 120'000);
        BatchDialog dialog(JobAction::Cancel, jobs);
        dialog.show();
        QCOMPARE(dialog.summary(), u"3 will be cancelled, 1 skipped"_s);
        QTest::mouseClick(dialog.startButton(), Qt::LeftButton);
        QTRY_COMPARE_WITH_TIMEOUT(dialog.summary(), u"3 sent, 1 skipped"_s, 30'000);
        for (int i = 1; i <= 3; ++i)
            QTRY_COMPARE_WITH_TIMEOUT(stateOf(i), JobState::Cancelled, 120'000);
        QCOMPARE(stateOf(0), JobState::Success);
    }
    // What the tabs of a job ask for is answered, or the page says in words why not.
    void theTabsOfAJobAreAnswered()
    {
        LiveConsole console;
        MasterSession *session = console.connectTo(*m_master);
        const auto job = run(*m_client, u"quick"_s);
        QVERIFY(job);
        QTRY_VERIFY_WITH_TIMEOUT(session->jobs()->job(job->id), 20'000);
        console.window.openJob(*session, job->id);
        JobTabs *tabs = console.window.jobPage()->tabs();
        BottomTabs *bottom = console.window.logPane()->bottom();
        bottom->open(tabs->network());
        QTRY_VERIFY2(tabs->network()->note() == u"Nothing was refused."_s ||
                         tabs->network()->note() == u"This master does not tell what it refuses."_s,
                     qPrintable(tabs->network()->note()));
        bottom->open(tabs->artifacts());
        QTRY_COMPARE(tabs->artifacts()->note(), u"This job has left no artifacts."_s);
        QTRY_VERIFY_WITH_TIMEOUT(isFinal(console.window.jobPage()->job().state), 60'000);
        QVERIFY(tabs->events()->table()->model()->rowCount() > 0);
        QVERIFY(tabs->parameters()->table()->model()->rowCount() > 5);
    }
    // A33: what a job really uploaded is listed, downloaded, checked and looked into.
    void anArtifactIsDownloadedAndLookedInto()
    {
        LiveConsole console;
        MasterSession *session = console.connectTo(*m_master);
        const auto job = run(*m_client, u"packing"_s);
        QVERIFY(job);
        const auto ended = [&] {
            const Job *now = session->jobs()->job(job->id);
            return now && isFinal(now->state);
        };
        QTRY_VERIFY_WITH_TIMEOUT(ended(), 90'000);
        QCOMPARE(session->jobs()->job(job->id)->state, JobState::Success);
        console.window.openJob(*session, job->id);
        JobArtifactsTab *tab = console.window.jobPage()->tabs()->artifacts();
        console.window.logPane()->bottom()->open(tab);
        QTRY_COMPARE_WITH_TIMEOUT(tab->count(), 1, 20'000);
        console.window.openPage(u"artifacts"_s);
        auto *page = qobject_cast<ArtifactsPage *>(console.window.tabs()->current());
        QVERIFY(page);
        QTRY_COMPARE_WITH_TIMEOUT(page->table()->model()->rowCount(), 1, 20'000);
        page->table()->selectRow(0);
        const ArtifactsModel::Row row = page->table()->selected().value(0);
        QCOMPARE(row.artifact.name, u"app.tar.gz"_s);
        page->table()->downloadTo(console.folder.path());
        const DownloadsModel *downloads = session->downloads().model();
        QCOMPARE(downloads->rowCount(), 1);
        QTRY_COMPARE_WITH_TIMEOUT(downloads->item(0).state, DownloadItem::State::Done, 60'000);
        QFile file(downloads->item(0).target);
        QVERIFY(file.open(QIODevice::ReadOnly));
        Sha256 hash;
        hash.add(file.readAll());
        QCOMPARE(hash.finishHex(), row.artifact.sha256);
        page->downloads()->table()->selectRow(0);
        QPointer<ArchiveDialog> dialog = page->downloads()->lookInside();
        QVERIFY(dialog);
        QTRY_VERIFY_WITH_TIMEOUT(dialog->isListed(), 60'000);
        const auto found = dialog->tree()->findItems(u"numbers.txt"_s, Qt::MatchExactly | Qt::MatchRecursive);
        QVERIFY2(found.size() == 1, qPrintable(dialog->summary()));
        dialog->tree()->setCurrentItem(found.first());
        QTRY_VERIFY_WITH_TIMEOUT(dialog->text()->toPlainText().startsWith(u"1\n2\n3\n"_s), 60'000);
        dialog->close();
    }
};

QTEST_MAIN(TestConsoleJobs)
#include "tst_consolejobs.moc"
