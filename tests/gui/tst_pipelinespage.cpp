// SPDX-License-Identifier: GPL-3.0-or-later
// The statistics of pipelines: figures, failing steps, keyboard, export, and pictures in light and dark (into the
// folder DANUBE_SCREENSHOTS when that is set).
#include "console/app/durationchart.h"
#include "console/app/navigator.h"
#include "console/app/pagehost.h"
#include "console/app/palette.h"
#include "console/app/pipelinepane.h"
#include "console/app/pipelinespage.h"
#include "console/controllers/statisticssession.h"
#include "tests/gui/sample.h"

#include <QAccessible>
#include <QComboBox>
#include <QDir>
#include <QFileDialog>
#include <QHeaderView>
#include <QSignalSpy>
#include <QTabWidget>
#include <QTableView>
#include <QTreeWidget>

using namespace danube;
using namespace danube::console;
using namespace danube::tests;
using namespace Qt::StringLiterals;

class TestPipelinesPage : public QObject
{
    Q_OBJECT
    std::unique_ptr<Sample> m_sample;
    MasterSession *m_session = nullptr;

    Sample &sample() { return *m_sample; }

    void addJob(int number, const QString &pipeline, JobState state, std::chrono::hours ago, milliseconds ran,
                const QString &failing = {})
    {
        Job job = sampleJob(number, pipeline, state);
        job.createdAt = sampleNow - ago;
        job.startedAt =
            state == JobState::Pending ? WallTime{} : job.createdAt + milliseconds(800 + number * 37 % 2000);
        job.finishedAt = isFinal(state) ? job.startedAt + ran : WallTime{};
        sample().master.setJob(job);
        if (!failing.isEmpty())
            sample().master.setStep(job.id, sampleStep(1, failing, job.startedAt, exited(3, ran)));
    }
    void addJobs()
    {
        int number = 0;
        for (int i = 0; i < 90; ++i) {
            const bool fails = i % 11 == 3;
            addJob(++number, u"web-shop"_s, fails ? JobState::Failure : JobState::Success, std::chrono::hours(150 - i),
                   seconds(180 + i * i * 13 % 70 + (i == 60 ? 900 : 0)),
                   !fails       ? QString()
                   : i % 2 == 0 ? u"integration tests"_s
                                : u"build"_s);
            if (i % 4 == 0)
                addJob(++number, u"documentation"_s, JobState::Success, std::chrono::hours(150 - i),
                       seconds(20 + i % 7));
            if (i % 6 == 0)
                addJob(++number, u"nightly-integration"_s, i % 18 == 0 ? JobState::Timeout : JobState::Cancelled,
                       std::chrono::hours(150 - i), seconds(5000 + i * 17), u"load test"_s);
        }
        addJob(++number, u"release"_s, JobState::Success, std::chrono::hours(400), seconds(640));
        addJob(++number, u"web-shop"_s, JobState::Running, std::chrono::hours(0), seconds(0));
    }
    PipelinesPage *open(int jobs)
    {
        if (!sample().connectWindow())
            return nullptr;
        m_session = sample().window->masters().all().constFirst();
        sample().window->show();
        if (!QTest::qWaitFor([&] { return m_session->isLive() && m_session->jobs()->rowCount() == jobs; }, 20'000))
            return nullptr;
        sample().window->openPage(u"pipelines"_s);
        return qobject_cast<PipelinesPage *>(sample().window->tabs()->current());
    }
    static QString cell(const PipelinesPage &page, const QString &pipeline, int column)
    {
        const QAbstractItemModel *model = page.table()->model();
        for (int row = 0; row < model->rowCount(); ++row) {
            if (model->index(row, 0).data().toString() == pipeline)
                return model->index(row, column).data().toString();
        }
        return u"no such row"_s;
    }
    static QString stepCell(const PipelinesPage &page, int row, int column)
    {
        return page.pane()->steps()->model()->index(row, column).data().toString();
    }

private slots:
    void init() { m_sample = std::make_unique<Sample>(); }
    void cleanup()
    {
        m_session = nullptr;
        m_sample.reset();
    }

    void countsOverAChosenTime()
    {
        addJob(1, u"web"_s, JobState::Success, std::chrono::hours(1), seconds(10));
        addJob(2, u"web"_s, JobState::Failure, std::chrono::hours(2), seconds(20), u"test"_s);
        addJob(3, u"web"_s, JobState::Success, std::chrono::hours(50), seconds(40));
        addJob(4, u"web"_s, JobState::Success, std::chrono::hours(24 * 200), seconds(80));
        PipelinesPage *page = open(4);
        QVERIFY(page);
        QCOMPARE(page->period()->currentData().toInt(), 7 * 24);
        QCOMPARE(cell(*page, u"web"_s, PipelineTableModel::RunsColumn), u"3"_s);
        QCOMPARE(cell(*page, u"web"_s, PipelineTableModel::P50Column), u"20 s"_s);
        QVERIFY2(page->noteText().startsWith(u"3 jobs created since "_s), qPrintable(page->noteText()));
        page->period()->setCurrentIndex(page->period()->findData(24));
        QCOMPARE(cell(*page, u"web"_s, PipelineTableModel::SuccessColumn), u"50.0 %"_s);
        page->period()->setCurrentIndex(page->period()->findData(0));
        QCOMPARE(cell(*page, u"web"_s, PipelineTableModel::RunsColumn), u"4"_s);
        QCOMPARE(cell(*page, u"web"_s, PipelineTableModel::P99Column), u"1 min 20 s"_s);
        QCOMPARE(page->noteText(), u"4 jobs, all that are known here."_s);
        // The choice stays.
        sample().restart();
        page = open(4);
        QVERIFY(page);
        QCOMPARE(page->period()->currentData().toInt(), 0);
    }
    void followsTheJobs()
    {
        addJob(1, u"web"_s, JobState::Success, std::chrono::hours(1), seconds(10));
        addJob(2, u"zoo"_s, JobState::Success, std::chrono::hours(1), seconds(10));
        PipelinesPage *page = open(2);
        QVERIFY(page);
        QVERIFY(page->select(u"zoo"_s));
        QSignalSpy reset(page->table()->model(), &QAbstractItemModel::modelReset);
        addJob(3, u"api"_s, JobState::Failure, std::chrono::hours(0), seconds(20), u"test"_s);
        addJob(4, u"zoo"_s, JobState::Failure, std::chrono::hours(0), seconds(20), u"lint"_s);
        QTRY_COMPARE_WITH_TIMEOUT(cell(*page, u"zoo"_s, PipelineTableModel::RunsColumn), u"2"_s, 20'000);
        QTRY_COMPARE_WITH_TIMEOUT(cell(*page, u"api"_s, PipelineTableModel::SuccessColumn), u"0 %"_s, 20'000);
        QCOMPARE(page->selected(), u"zoo"_s);
        QCOMPARE(reset.size(), 0);
        QTRY_COMPARE_WITH_TIMEOUT(stepCell(*page, 0, 0), u"lint"_s, 20'000);
        QCOMPARE(page->pane()->note(), u"Of all 1 failed jobs."_s);
    }
    void looksIntoABoundedNumberOfFailedJobs()
    {
        for (int number = 1; number <= 60; ++number)
            addJob(number, u"web"_s, JobState::Failure, std::chrono::hours(61 - number), seconds(10),
                   number % 3 == 0 ? u"build"_s : u"test"_s);
        addJob(61, u"other"_s, JobState::Failure, std::chrono::hours(1), seconds(1), u"never asked"_s);
        PipelinesPage *page = open(61);
        QVERIFY(page);
        QVERIFY(page->select(u"web"_s));
        QTRY_COMPARE_WITH_TIMEOUT(page->pane()->note(), u"Of the newest 50 of 60 failed jobs."_s, 20'000);
        QCOMPARE(stepCell(*page, 0, 0), u"test"_s);
        QCOMPARE(stepCell(*page, 0, 1), u"33"_s); // of the jobs 11 to 60
        QCOMPARE(stepCell(*page, 0, 2), u"66.0 %"_s);
        QCOMPARE(stepCell(*page, 0, 3), u"#59"_s);
        QCOMPARE(stepCell(*page, 1, 1), u"17"_s);
        QCOMPARE(sample().master.count("GET", u"/api/v1/jobs/job000010"_s), 0);
        QCOMPARE(sample().master.count("GET", u"/api/v1/jobs/job000011"_s), 1);
    }
    void saysWhenAMasterDoesNotAnswer()
    {
        addJob(1, u"web"_s, JobState::Failure, std::chrono::hours(1), seconds(10), u"test"_s);
        sample().master.on("GET", u"/api/v1/jobs/job000001"_s,
                           [](const FakeRequest &) { return FakeReply{.status = 503}; });
        PipelinesPage *page = open(1);
        QVERIFY(page);
        QTRY_VERIFY2_WITH_TIMEOUT(page->pane()->note().startsWith(u"0 of 1 failed jobs looked at: "_s),
                                  qPrintable(page->pane()->note()), 20'000);
        QVERIFY(!page->csv().contains("test: 1"));
    }
    void isReachedAndReadByKeys()
    {
        addJobs();
        PipelinesPage *page = open(int(addedJobs));
        QVERIFY(page);
        sample().window->activateWindow();
        QTRY_VERIFY(page->table()->hasFocus());
        QTest::keyClick(page->table(), Qt::Key_End, Qt::ControlModifier);
        QCOMPARE(page->selected(), u"web-shop"_s);
        QTRY_COMPARE_WITH_TIMEOUT(page->pane()->steps()->model()->rowCount(), 2, 20'000);
        QSignalSpy wanted(page, &Page::jobWanted);
        page->pane()->steps()->setFocus();
        page->pane()->steps()->selectRow(0);
        QTest::keyClick(page->pane()->steps(), Qt::Key_Return);
        QCOMPARE(wanted.size(), 1);
        QVERIFY(sample().window->jobPage()); // the job in which the step failed last
    }
    void thePaletteAndTheNavigatorLeadThere()
    {
        addJob(1, u"web"_s, JobState::Success, std::chrono::hours(1), seconds(10));
        addJob(2, u"zoo"_s, JobState::Success, std::chrono::hours(1), seconds(10));
        PipelinesPage *page = open(2);
        QVERIFY(page);
        const auto items = sample().window->navigator()->tree()->findItems(u"Pipelines"_s, Qt::MatchExactly);
        QCOMPARE(items.size(), 1);
        sample().window->tabs()->setCurrentIndex(0);
        emit sample().window -> navigator()->tree()->itemClicked(items.first(), 0);
        QCOMPARE(sample().window->tabs()->current(), page);
        const QList<Findable> found = page->findable();
        QCOMPARE(found.size(), 2);
        found[1].show();
        QCOMPARE(page->selected(), u"zoo"_s);
        QVERIFY(sample().window->actions().action("statistics.export"_L1)->isEnabled());
        sample().window->tabs()->setCurrentIndex(0);
        QVERIFY(!sample().window->actions().action("statistics.export"_L1)->isEnabled());
    }
    void exportsWhatItShows()
    {
        addJob(1, u"@web"_s, JobState::Failure, std::chrono::hours(1), seconds(10), u"=1+1"_s);
        PipelinesPage *page = open(1);
        QVERIFY(page);
        QTRY_COMPARE_WITH_TIMEOUT(page->pane()->steps()->model()->rowCount(), 1, 20'000);
        sample().window->actions().action("statistics.export"_L1)->trigger();
        auto *chooser = page->findChild<QFileDialog *>();
        QVERIFY(chooser);
        const QString path = sample().folder.filePath(u"out.csv"_s);
        emit chooser->fileSelected(path);
        QFile file(path);
        QVERIFY(file.open(QIODevice::ReadOnly));
        const QByteArray written = file.readAll();
        QCOMPARE(written, page->csv());
        QVERIFY2(written.contains("\r\n'@web,1,0,1,0,0,0,0.0000,10000,"), written.constData());
        QVERIFY2(written.endsWith(",'=1+1: 1\r\n"), written.constData());
        QVERIFY(!page->exportTo(u"/nonexistent/folder/out.csv"_s));
        chooser->reject();
    }
    void aPageWithoutJobsSaysSo()
    {
        PipelinesPage *page = open(0);
        QVERIFY(page);
        QCOMPARE(page->noteText(), u"This master has no jobs yet."_s);
        QVERIFY(!page->pane()->isVisible());
        QVERIFY(!page->actionState(u"statistics.export"_s)->enabled);
    }

    void pictures_data()
    {
        QTest::addColumn<ThemeChoice>("theme");
        QTest::addColumn<QSize>("size");
        for (const auto &[name, theme] : {std::pair("light", ThemeChoice::Light), std::pair("dark", ThemeChoice::Dark),
                                          std::pair("contrast", ThemeChoice::Contrast)}) {
            for (const QSize &size : {QSize(1024, 700), QSize(1280, 800)})
                QTest::addRow("%s-%d", name, size.width()) << theme << size;
        }
    }
    void pictures()
    {
        QFETCH(const ThemeChoice, theme);
        QFETCH(const QSize, size);
        addJobs();
        sample().theme.choose(theme);
        sample().window->resize(size);
        PipelinesPage *page = open(int(addedJobs));
        QVERIFY(page);
        QVERIFY(page->select(u"web-shop"_s));
        QTRY_COMPARE_WITH_TIMEOUT(page->pane()->steps()->model()->rowCount(), 2, 20'000);
        QVERIFY(page->pane()->chart()->shownCount() >= 20);
        QTest::qWait(60); // what is posted is painted
        const QImage picture = sample().window->grab().toImage();
        QCOMPARE(sample().window->size(), size);
        const QHeaderView *header = page->table()->horizontalHeader();
        QVERIFY2(header->length() <= page->table()->viewport()->width(), "the table does not fit");
        for (const QWidget *child : page->findChildren<QWidget *>()) {
            if (child->focusPolicy() == Qt::NoFocus || !child->isVisibleTo(page) || child->focusProxy())
                continue;
            QAccessibleInterface *accessible = QAccessible::queryAccessibleInterface(const_cast<QWidget *>(child));
            QVERIFY2(accessible && !accessible->text(QAccessible::Name).isEmpty(), child->metaObject()->className());
        }
        const QString folder = qEnvironmentVariable("DANUBE_SCREENSHOTS");
        if (!folder.isEmpty())
            QVERIFY(QDir().mkpath(folder) &&
                    picture.save(u"%1/pipelines-%2.png"_s.arg(folder, QString::fromLatin1(QTest::currentDataTag()))));
    }

private:
    static constexpr int addedJobs = 90 + 23 + 15 + 2;
};

QTEST_MAIN(TestPipelinesPage)
#include "tst_pipelinespage.moc"
