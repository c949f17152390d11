// SPDX-License-Identifier: GPL-3.0-or-later
#include "console/models/jobfilter.h"
#include "console/models/jobtablemodel.h"
#include "tests/support/fakeclock.h"

#include <QAbstractItemModelTester>
#include <QItemSelectionModel>
#include <QRandomGenerator>
#include <QSignalSpy>
#include <QTest>

using namespace danube;
using namespace danube::console;
using namespace Qt::StringLiterals;

namespace {

Job jobNamed(int number, JobState state = JobState::Running)
{
    Job job;
    job.id = JobId(u"job%1"_s.arg(number));
    job.number = number;
    job.pipeline = u"pipe%1"_s.arg(number % 7);
    job.branch = number % 3 ? u"main"_s : u"feature/x"_s;
    job.state = state;
    job.createdAt = WallTime(seconds(1'000'000 + number));
    job.startedAt = job.createdAt + seconds(2);
    return job;
}

QList<Job> jobs(int count)
{
    QList<Job> list;
    for (int i = 1; i <= count; ++i)
        list.append(jobNamed(i));
    return list;
}

} // namespace

class TestJobTableModel : public QObject
{
    Q_OBJECT
    tests::FakeClock m_clock{WallTime(seconds(1'000'001 + 2 + 75))};

private slots:
    void tellsContiguousSpansWithExactColumns()
    {
        JobTableModel model(m_clock);
        QAbstractItemModelTester tester(&model, QAbstractItemModelTester::FailureReportingMode::QtTest);
        model.update(jobs(10));
        model.flush();
        QSignalSpy changed(&model, &QAbstractItemModel::dataChanged);
        for (const int number : {3, 4, 5, 8}) {
            Job job = jobNamed(number, JobState::Success);
            model.update(job);
        }
        Job other = jobNamed(10);
        other.commit = u"abc"_s;
        model.update(other);
        model.update(jobNamed(1)); // unchanged: says nothing
        model.flush();
        QCOMPARE(changed.size(), 3);
        const auto corner = [&](int i, int j) { return changed[i][j].toModelIndex(); };
        QCOMPARE(corner(0, 0).row(), 2);
        QCOMPARE(corner(0, 1).row(), 4);
        QCOMPARE(corner(0, 0).column(), int(JobTableModel::StateColumn));
        QCOMPARE(corner(0, 1).column(), int(JobTableModel::StateColumn));
        QCOMPARE(corner(1, 0).row(), 7);
        QCOMPARE(corner(2, 0).row(), 9);
        QCOMPARE(corner(2, 0).column(), int(JobTableModel::CommitColumn));
    }
    void collectsForAMoment()
    {
        JobTableModel model(m_clock);
        QSignalSpy inserted(&model, &QAbstractItemModel::rowsInserted);
        model.update(jobNamed(1));
        model.update(jobNamed(2));
        QCOMPARE(model.rowCount(), 0);
        QTRY_COMPARE(model.rowCount(), 2);
        QCOMPARE(inserted.size(), 1);
    }
    void theNewestStateWins()
    {
        JobTableModel model(m_clock);
        model.update(jobNamed(1, JobState::Pending));
        model.update(jobNamed(1, JobState::Running));
        model.update(jobNamed(1, JobState::Failure));
        model.flush();
        QCOMPARE(model.rowCount(), 1);
        QCOMPARE(model.job(JobId(u"job1"_s))->state, JobState::Failure);
        QCOMPARE(model.countOf(JobState::Failure), 1);
        QCOMPARE(model.countOf(JobState::Running), 0);
    }
    void anOlderStateChangesNothing()
    {
        JobTableModel model(m_clock);
        model.update(jobNamed(1, JobState::Cancelled));
        model.update(jobNamed(1, JobState::Running)); // the answer of a call, overtaken by the event
        model.flush();
        QCOMPARE(model.job(JobId(u"job1"_s))->state, JobState::Cancelled);
        model.update(jobNamed(1, JobState::Running));
        model.flush();
        QCOMPARE(model.job(JobId(u"job1"_s))->state, JobState::Cancelled);
    }
    void replacingRemovesWhatVanished()
    {
        JobTableModel model(m_clock);
        QAbstractItemModelTester tester(&model, QAbstractItemModelTester::FailureReportingMode::QtTest);
        QSignalSpy reset(&model, &QAbstractItemModel::modelReset);
        model.update(jobs(20));
        model.flush();
        model.replaceAll({jobNamed(2), jobNamed(3), jobNamed(11), jobNamed(30)});
        model.update(jobNamed(31));
        model.flush();
        QCOMPARE(model.rowCount(), 5);
        for (const int number : {2, 3, 11, 30, 31}) {
            const JobId id(u"job%1"_s.arg(number));
            QCOMPARE(model.indexOf(id).data(JobTableModel::IdRole).toString(), id.value());
        }
        QVERIFY(!model.indexOf(JobId(u"job1"_s)).isValid());
        QCOMPARE(model.countOf(JobState::Running), 5);
        QCOMPARE(reset.size(), 0);
    }
    void dropsTheOldestFinishedAtItsBound()
    {
        JobTableModel model(m_clock, nullptr, 5);
        QAbstractItemModelTester tester(&model, QAbstractItemModelTester::FailureReportingMode::QtTest);
        model.update(jobNamed(1)); // runs: is kept though oldest
        for (int i = 2; i <= 8; ++i)
            model.update(jobNamed(i, JobState::Success));
        model.flush();
        QCOMPARE(model.rowCount(), 5);
        QVERIFY(model.job(JobId(u"job1"_s)));
        QVERIFY(!model.job(JobId(u"job2"_s)));
        QVERIFY(model.job(JobId(u"job8"_s)));
    }
    void manyUpdatesKeepSelectionAndRows_data()
    {
        QTest::addColumn<int>("count");
        QTest::addColumn<bool>("checked"); // the tester looks at every row at every change
        QTest::newRow("500 jobs, model checked") << 500 << true;
        QTest::newRow("10 000 jobs, 500 updates/s for six seconds") << 10'000 << false;
    }
    void manyUpdatesKeepSelectionAndRows()
    {
        QFETCH(int, count);
        QFETCH(bool, checked);
        JobTableModel model(m_clock);
        std::optional<QAbstractItemModelTester> tester;
        if (checked)
            tester.emplace(&model, QAbstractItemModelTester::FailureReportingMode::QtTest);
        JobFilter filter(m_clock);
        filter.setSourceModel(&model);
        filter.sort(JobTableModel::NumberColumn, Qt::DescendingOrder);
        model.update(jobs(count));
        model.flush();
        QItemSelectionModel selection(&filter);
        selection.select(filter.index(17, 0), QItemSelectionModel::Select | QItemSelectionModel::Rows);
        const QString selected = filter.index(17, 0).data(JobTableModel::IdRole).toString();
        QSignalSpy reset(&model, &QAbstractItemModel::modelReset);
        QSignalSpy filterReset(&filter, &QAbstractItemModel::modelReset);
        QRandomGenerator random(3);
        for (int tick = 0; tick < 40; ++tick) {
            for (int i = 0; i < 75; ++i)
                model.update(
                    jobNamed(random.bounded(1, count + 1), JobState(random.bounded(int(std::size(allJobStates))))));
            model.flush();
        }
        QCOMPARE(reset.size(), 0);
        QCOMPARE(filterReset.size(), 0);
        QCOMPARE(filter.rowCount(), count);
        QCOMPARE(selection.selectedRows().value(0).data(JobTableModel::IdRole).toString(), selected);
        QCOMPARE(selection.selectedRows().value(0).row(), 17);
    }
    void heldBackJobsMoveNothing()
    {
        JobTableModel model(m_clock);
        JobFilter filter(m_clock);
        QAbstractItemModelTester tester(&filter, QAbstractItemModelTester::FailureReportingMode::QtTest);
        filter.setSourceModel(&model);
        filter.sort(JobTableModel::NumberColumn, Qt::DescendingOrder);
        model.update(jobs(5));
        model.flush();
        QSignalSpy held(&filter, &JobFilter::heldCountChanged);
        filter.setQuery(JobQuery::parse(u"branch:main"_s));
        QCOMPARE(filter.rowCount(), 4);
        filter.hold();
        for (int i = 6; i <= 10; ++i)
            model.update(jobNamed(i));
        model.flush();
        QCOMPARE(filter.rowCount(), 4);
        QCOMPARE(filter.heldCount(), 3); // 7, 8 and 10: the others are of another branch
        QCOMPARE(held.size(), 1);
        filter.release();
        QCOMPARE(filter.rowCount(), 7);
        QCOMPARE(filter.index(0, JobTableModel::NumberColumn).data().toString(), u"#10"_s);
        QCOMPARE(filter.heldCount(), 0);
    }
    void runningDurationsComeFromTheClock()
    {
        JobTableModel model(m_clock);
        model.update(jobNamed(1));
        model.flush();
        const QModelIndex duration = model.indexOf(JobId(u"job1"_s), JobTableModel::DurationColumn);
        QCOMPARE(duration.data().toString(), u"1 min 15 s"_s);
        QCOMPARE(duration.siblingAtColumn(JobTableModel::QueueColumn).data().toString(), u"2.0 s"_s);
    }
};

QTEST_GUILESS_MAIN(TestJobTableModel)
#include "tst_jobtablemodel.moc"
