// SPDX-License-Identifier: GPL-3.0-or-later
// A7: 10 000 jobs, 500 updates a second for ten seconds, through the whole client: nothing moves, nothing is reset, the
// window stays alive, and the models keep their promises.
#include "console/app/jobspage.h"
#include "tests/gui/checks/loopwatch.h"
#include "tests/gui/sample.h"

#include <QAbstractItemModelTester>
#include <QRandomGenerator>
#include <QScrollBar>
#include <QSignalSpy>
#include <QTableView>
#include <QToolButton>

using namespace danube;
using namespace danube::console;
using namespace danube::tests;
using namespace Qt::StringLiterals;

namespace {

constexpr int jobs = 10'000;
constexpr int perSecond = 500;
constexpr double longestGap = 100; // milliseconds of work without a look at the events

const JobState states[] = {JobState::Running, JobState::Success, JobState::Failure, JobState::Timeout};

} // namespace

class CheckA7 : public QObject
{
    Q_OBJECT
    std::unique_ptr<Sample> m_sample;
    QTableView *m_table = nullptr;
    MasterSession *m_session = nullptr;
    std::unique_ptr<QRandomGenerator> m_random;
    int m_count = 0;

    QString idAt(int row) const { return m_table->model()->index(row, 0).data(JobTableModel::IdRole).toString(); }
    void change()
    {
        const int number = m_random->bounded(1, m_count + 1);
        Job job = m_sample->master.job(JobId(u"job%1"_s.arg(number, 6, 10, QLatin1Char('0')))).value();
        job.message = u"message %1"_s.arg(m_random->generate());
        job.branch = u"branch-%1"_s.arg(m_random->bounded(9));
        if (!isFinal(job.state))
            job.state = states[m_random->bounded(4)];
        m_sample->master.setJob(job);
    }

    void open(int count)
    {
        m_random = std::make_unique<QRandomGenerator>(7);
        m_sample = std::make_unique<Sample>();
        m_sample->window->show();
        m_sample->addMany(count);
        m_session = m_sample->connectWindow().value();
        m_table = m_sample->window->jobsPage()->table();
        QTRY_COMPARE_WITH_TIMEOUT(m_table->model()->rowCount(), count, 60'000);
        QTRY_COMPARE_WITH_TIMEOUT(m_session->connection().state, ConnectionState::Live, 60'000);
        m_table->selectRow(count / 5);
        m_table->scrollTo(m_table->model()->index(count / 5, 0), QAbstractItemView::PositionAtCenter);
        m_count = count;
    }
private slots:
    void cleanup() { m_sample.reset(); }

    void nothingMovesForTenSeconds()
    {
        open(jobs);
        const int scrolled = m_table->verticalScrollBar()->value();
        const QString selected = idAt(2000);
        const QString top = idAt(m_table->rowAt(5));
        QSignalSpy reset(m_table->model(), &QAbstractItemModel::modelReset);
        QSignalSpy sourceReset(m_session->jobs(), &QAbstractItemModel::modelReset);
        QSignalSpy changed(m_session->jobs(), &QAbstractItemModel::dataChanged);
        LoopWatch watch;
        QElapsedTimer time;
        time.start();
        int sent = 0;
        QTimer producer;
        connect(&producer, &QTimer::timeout, this, [&] {
            for (int i = 0; i < 20 && sent < time.elapsed() * perSecond / 1000; ++i, ++sent)
                change();
        });
        producer.start(5);
        QTRY_VERIFY_WITH_TIMEOUT(sent >= 10 * perSecond, 120'000);
        producer.stop();
        QTest::qWait(2 * JobTableModel::interval.count());
        m_session->jobs()->flush();
        QVERIFY(changed.size() > 50);
        QCOMPARE(reset.size() + sourceReset.size(), 0);
        QCOMPARE(m_table->verticalScrollBar()->value(), scrolled);
        QCOMPARE(idAt(m_table->rowAt(5)), top);
        QCOMPARE(m_table->selectionModel()->selectedRows().size(), 1);
        QCOMPARE(m_table->selectionModel()->selectedRows().constFirst().data(JobTableModel::IdRole).toString(),
                 selected);
        QVERIFY2(watch.longest() < longestGap, qPrintable(u"%1 ms without events"_s.arg(watch.longest())));
        qInfo("longest gap: %.1f ms of work", watch.longest());
    }
    // Apart from the other one, and with fewer rows: at each signal the tester looks at all of them.
    void theModelsKeepTheirPromises()
    {
        open(300);
        QAbstractItemModelTester source(m_session->jobs(), QAbstractItemModelTester::FailureReportingMode::QtTest);
        QAbstractItemModelTester filtered(m_table->model(), QAbstractItemModelTester::FailureReportingMode::QtTest);
        for (int tick = 0; tick < 10; ++tick) {
            for (int i = 0; i < 50; ++i)
                change();
            m_sample->master.setJob(sampleJob(m_count + 1 + tick, u"late"_s, JobState::Pending));
            QTest::qWait(100);
        }
        QTRY_COMPARE(m_session->jobs()->rowCount(), m_count + 10);
        m_table->sortByColumn(JobTableModel::BranchColumn, Qt::AscendingOrder);
        for (int i = 0; i < 200; ++i)
            change();
        QTest::qWait(300);
    }
    void newRowsWaitBehindTheChip()
    {
        open(3000);
        JobsPage *page = m_sample->window->jobsPage();
        const QString selected = idAt(600);
        for (int i = 1; i <= 12; ++i)
            m_sample->master.setJob(sampleJob(m_count + i, u"late"_s, JobState::Pending));
        QTRY_COMPARE(page->newJobsButton()->text(), u"12 new - show"_s);
        QCOMPARE(idAt(600), selected);
        QTest::mouseClick(page->newJobsButton(), Qt::LeftButton);
        QTRY_COMPARE(m_table->model()->rowCount(), m_count + 12);
    }
};

QTEST_MAIN(CheckA7)
#include "a07_livetable.moc"
