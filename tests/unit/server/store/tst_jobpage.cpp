// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/store/sqlite/jobrows.h"
#include "server/store/sqlite/sqlitestore.h"
#include "tests/unit/server/store/storefixture.h"

#include <QTemporaryDir>

#include <ctime>

using namespace danube;
using namespace danube::store;
using namespace danube::tests;
using namespace Qt::StringLiterals;

namespace {

constexpr int jobCount = 400;

milliseconds ownCpuTime()
{
    timespec time{};
    ::clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
    return std::chrono::duration_cast<milliseconds>(seconds(time.tv_sec) + std::chrono::nanoseconds(time.tv_nsec));
}

/// What a filter means, without an index: the oracle.
bool matches(const JobFilter &filter, const Job &job)
{
    return (filter.pipeline.isEmpty() || filter.pipeline == job.pipeline) &&
           (filter.branch.isEmpty() || filter.branch == job.branch) &&
           (filter.states.isEmpty() || filter.states.contains(job.state)) && job.createdAt >= filter.since;
}

} // namespace

/// Pages of the job list against a filter in memory, and their cost among 100 000 jobs.
class TestJobPage : public QObject
{
    Q_OBJECT
    QTemporaryDir m_directory;
    std::unique_ptr<Store> m_store;
    QList<Job> m_newestFirst;

    QStringList idsByPages(const JobFilter &filter, int limit)
    {
        QStringList ids;
        QString cursor;
        do {
            const auto page = m_store->jobs(filter, limit, cursor);
            if (!page || page->jobs.size() > limit)
                return {u"error"_s};
            for (const Job &job : page->jobs)
                ids.append(job.id.value());
            cursor = page->nextCursor;
        } while (!cursor.isEmpty());
        return ids;
    }

private slots:
    void initTestCase()
    {
        m_store = *Store::open(m_directory.filePath(u"danube.db"_s));
        for (int i = 0; i < jobCount; ++i) {
            Job job = sampleJob(u"job%1"_s.arg(i));
            job.pipeline = u"p%1"_s.arg(i % 3);
            job.branch = i % 5 == 0 ? u"dev"_s : u"main"_s;
            job.state = allJobStates[i % 7];
            const int jitter = i % 50 == 0 ? 5'000 : 0; // the wall clock jumps ahead and back
            job.createdAt = WallTime(milliseconds(1'000'000 + i * 10 + jitter));
            m_newestFirst.prepend(job);
            m_store->insertJob(job, this, [](Result<Job>) {});
        }
        QTRY_COMPARE(m_store->queuedWrites(), 0);
    }

    void everyFilterGivesWhatItMeans_data()
    {
        QTest::addColumn<QString>("pipeline");
        QTest::addColumn<QString>("branch");
        QTest::addColumn<QList<int>>("states");
        QTest::addColumn<qint64>("since");
        const QList<QList<int>> stateSets{{}, {4}, {0, 1, 2}, {3, 3, 6, 4}};
        for (const QString &pipeline : {u""_s, u"p1"_s, u"absent"_s})
            for (const QString &branch : {u""_s, u"dev"_s})
                for (const auto &states : stateSets)
                    for (const qint64 since : {0, 1'002'000, 1'008'000, 99'000'000})
                        QTest::addRow("%s/%s/%lld states/%lld", qPrintable(pipeline), qPrintable(branch), states.size(),
                                      since)
                            << pipeline << branch << states << since;
    }
    void everyFilterGivesWhatItMeans()
    {
        QFETCH(QString, pipeline);
        QFETCH(QString, branch);
        QFETCH(QList<int>, states);
        QFETCH(qint64, since);
        JobFilter filter{pipeline, {}, branch, WallTime(milliseconds(since))};
        for (const int state : states)
            filter.states.append(JobState(state));
        QStringList expected;
        for (const Job &job : std::as_const(m_newestFirst)) {
            if (matches(filter, job))
                expected.append(job.id.value());
        }
        QCOMPARE(idsByPages(filter, 7), expected);
        QCOMPARE(idsByPages(filter, 500), expected);
    }

    void jobsAddedMeanwhileDoNotDisturbPaging()
    {
        const auto first = m_store->jobs({}, 10, {});
        Job added = sampleJob(u"added"_s);
        added.pipeline = u"later"_s;
        QVERIFY(insert(*m_store, *this, added));
        const auto second = m_store->jobs({}, 10, first->nextCursor);
        QCOMPARE(second->jobs.first().number, first->jobs.last().number - 1);
    }

    void aForeignCursorIsRefused_data()
    {
        QTest::addColumn<QString>("cursor");
        QTest::newRow("text") << u"abc"_s;
        QTest::newRow("negative") << u"-4"_s;
        QTest::newRow("too large") << u"99999999999999999999"_s;
    }
    void aForeignCursorIsRefused()
    {
        QFETCH(QString, cursor);
        QCOMPARE(m_store->jobs({}, 10, cursor).error().code, ErrorCode::InvalidArgument);
    }

    void aPageAmongHundredThousandJobsStaysFast()
    {
        QTemporaryDir directory;
        const QString path = directory.filePath(u"danube.db"_s);
        auto store = *Store::open(path);
        auto database = *Database::open(path, Database::Access::ReadWrite, milliseconds(5'000));
        QVERIFY(database->execute("BEGIN"));
        for (int i = 0; i < 100'000; ++i) {
            Job job = sampleJob(u"job%1"_s.arg(i));
            job.pipeline = i == 17 ? u"rare"_s : u"common"_s;
            job.state = i == 23 ? JobState::Timeout : JobState::Success;
            job.createdAt = WallTime(milliseconds(1'000'000 + i));
            QVERIFY(insertJobRow(*database, job));
        }
        QVERIFY(database->execute("COMMIT"));
        const QList<JobFilter> filters{{},
                                       {u"rare"_s, {}, {}, {}},
                                       {{}, {JobState::Timeout}, {}, {}},
                                       {u"common"_s, {JobState::Timeout, JobState::Failure}, u"main"_s, {}},
                                       {{}, {}, {}, WallTime(milliseconds(1'099'990))}};
        QVERIFY(store->jobs({}, 50, {})); // opens the connection
        for (const JobFilter &filter : filters) {
            const auto before = ownCpuTime();
            QVERIFY(store->jobs(filter, 50, {}));
            const auto spent = ownCpuTime() - before; // not time on the clock: the machine may be busy
            QVERIFY2(spent < milliseconds(20), qPrintable(u"%1 ms"_s.arg(spent.count()))); // a scan takes over 60
        }
        QVERIFY(store->unfinishedJobs()->isEmpty());
    }
};

QTEST_GUILESS_MAIN(TestJobPage)
#include "tst_jobpage.moc"
