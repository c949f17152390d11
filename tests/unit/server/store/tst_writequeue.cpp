// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/store/sqlite/sqlitestore.h"
#include "tests/unit/server/store/storefixture.h"

#include <QTemporaryDir>
#include <QThread>

#include <semaphore>

using namespace danube;
using namespace danube::store;
using namespace danube::tests;
using namespace Qt::StringLiterals;

/// Group commit: when answers come, where they come, and who fails with whom.
class TestWriteQueue : public QObject
{
    Q_OBJECT
    std::unique_ptr<QTemporaryDir> m_directory;

    QString path() const { return m_directory->filePath(u"danube.db"_s); }
    std::unique_ptr<Database> connection()
    {
        auto database = Database::open(path(), Database::Access::ReadWrite, milliseconds(5'000));
        return database ? std::move(*database) : nullptr;
    }
    static int64_t count(Database &database)
    {
        auto statement = database.prepare("SELECT count(*) FROM jobs");
        return statement && statement->step() ? statement->number(0) : -1;
    }

private slots:
    void init() { m_directory = std::make_unique<QTemporaryDir>(); }

    void anAnswerMeansThatOthersCanReadIt()
    {
        auto store = *Store::open(path());
        auto other = connection();
        for (int i = 1; i <= 20; ++i) {
            QVERIFY(insert(*store, *this, sampleJob(u"job%1"_s.arg(i))));
            QCOMPARE(count(*other), i);
        }
    }

    void oneFailingWriteDoesNotFailItsGroup()
    {
        auto store = *Store::open(path());
        auto blocker = connection();
        QVERIFY(blocker->execute("BEGIN IMMEDIATE")); // everything below lands in one group
        QList<ErrorCode> failures;
        int good = 0;
        for (const QString &id : {u"a"_s, u"b"_s, u"a"_s, u"c"_s, u"b"_s, u"d"_s}) {
            store->insertJob(sampleJob(id), this, [&](Result<Job> answer) {
                if (answer)
                    ++good;
                else
                    failures.append(answer.error().code);
            });
        }
        QTest::qWait(20);
        QCOMPARE(good, 0);
        QVERIFY(blocker->execute("ROLLBACK"));
        QTRY_COMPARE(good + failures.size(), 6);
        QCOMPARE(good, 4);
        QCOMPARE(failures, QList<ErrorCode>({ErrorCode::AlreadyExists, ErrorCode::AlreadyExists}));
        QCOMPARE(count(*blocker), 4);
        QCOMPARE(store->writeCounts().writes, 4);
        QCOMPARE_LE(store->writeCounts().commits, 2); // the first may have gone alone
    }

    void aRefusedStepLeavesNothingOfItself_data()
    {
        QTest::addColumn<QString>("job");
        QTest::addColumn<uint32_t>("number");
        QTest::addColumn<QString>("request");
        QTest::addColumn<int>("code");
        QTest::newRow("no such job") << u"nobody"_s << 2u << u"request-2"_s << int(ErrorCode::NotFound);
        QTest::newRow("same number") << u"a"_s << 1u << u"another"_s << int(ErrorCode::AlreadyExists);
        QTest::newRow("same request") << u"a"_s << 2u << u"request-1"_s << int(ErrorCode::AlreadyExists);
    }
    void aRefusedStepLeavesNothingOfItself()
    {
        QFETCH(QString, job);
        QFETCH(uint32_t, number);
        QFETCH(QString, request);
        QFETCH(int, code);
        auto store = *Store::open(path());
        QVERIFY(insert(*store, *this, sampleJob(u"a"_s)));
        auto blocker = connection();
        QVERIFY(blocker->execute("BEGIN IMMEDIATE")); // one group
        QList<Result<void>> answers;
        const auto keep = [&answers](const Result<void> &answer) { answers.append(answer); };
        Step refused = sampleStep(JobId(job), number);
        refused.request = RequestId(request);
        store->insertStep(sampleStep(JobId(u"a"_s), 1), this, keep);
        store->insertStep(refused, this, keep);
        store->insertStep(sampleStep(JobId(u"a"_s), 3), this, keep);
        QVERIFY(blocker->execute("ROLLBACK"));
        QTRY_COMPARE(answers.size(), 3);
        QVERIFY(answers[0] && !answers[1] && answers[2]);
        QCOMPARE(int(answers[1].error().code), code);
        QCOMPARE(store->steps(JobId(u"a"_s))->size(), 2);
        QVERIFY(store->steps(JobId(u"nobody"_s))->isEmpty());
        auto check = blocker->prepare("PRAGMA integrity_check");
        QVERIFY(check && check->step());
        QCOMPARE(check->text(0), u"ok"_s);
    }

    void answersComeInOrderInTheThreadOfTheContext()
    {
        auto store = *Store::open(path());
        QThread thread;
        QObject context;
        context.moveToThread(&thread);
        thread.start();
        QList<int> order; // only the context's thread touches it until the semaphore is released
        bool rightThread = true;
        std::binary_semaphore finished(0);
        for (int i = 0; i < 100; ++i) {
            store->insertJob(sampleJob(u"job%1"_s.arg(i)), &context, [&, i](Result<Job>) {
                order.append(i);
                rightThread = rightThread && QThread::currentThread() == &thread;
                if (i == 99)
                    finished.release();
            });
        }
        QVERIFY(finished.try_acquire_for(std::chrono::seconds(10)));
        thread.quit();
        QVERIFY(thread.wait(10'000));
        QVERIFY(rightThread);
        QCOMPARE(order.size(), 100);
        QVERIFY(std::ranges::is_sorted(order));
    }

    void noAnswerForAContextThatIsGone()
    {
        auto store = *Store::open(path());
        auto context = std::make_unique<QObject>();
        bool called = false;
        store->insertJob(sampleJob(u"a"_s), context.get(), [&](Result<Job>) { called = true; });
        context.reset();
        QVERIFY(insert(*store, *this, sampleJob(u"b"_s))); // answered after the first
        QVERIFY(!called);
        QVERIFY(store->job(JobId(u"a"_s))); // written all the same
    }

    void aFullQueueRefuses()
    {
        auto store = *SqliteStore::open(path(), {.queueBound = 3});
        auto blocker = connection();
        QVERIFY(blocker->execute("BEGIN IMMEDIATE"));
        const Error tooMany{ErrorCode::ResourceExhausted, u"write to the database: 3 writes are waiting"_s};
        int refused = 0;
        int written = 0;
        for (int i = 0; i < 5; ++i) {
            store->insertJob(sampleJob(u"job%1"_s.arg(i)), this, [&](Result<Job> answer) {
                written += answer ? 1 : 0;
                refused += !answer && answer.error() == tooMany ? 1 : 0;
            });
        }
        QTRY_COMPARE(refused, 2);
        QCOMPARE(store->queuedWrites(), 3);
        QVERIFY(blocker->execute("ROLLBACK"));
        QTRY_COMPARE(written, 3);
        QVERIFY(insert(*store, *this, sampleJob(u"after"_s)));
    }

    void aFullDiskFailsWritesButNotTheStore()
    {
        auto store = *SqliteStore::open(path(), {.maxPages = 40});
        Job large = sampleJob(u"large"_s);
        large.reason = QString(200'000, u'x');
        const auto refused = insert(*store, *this, large);
        QCOMPARE(refused.error().code, ErrorCode::ResourceExhausted);
        QVERIFY2(refused.error().message.contains(u"database or disk is full"_s), qPrintable(refused.error().message));
        QCOMPARE(store->job(large.id).error().code, ErrorCode::NotFound);
        QCOMPARE(store->writeCounts(), WriteCounts());
        QVERIFY(insert(*store, *this, sampleJob(u"small"_s)));
        QVERIFY(store->job(JobId(u"small"_s)));
        QCOMPARE(store->writeCounts(), (WriteCounts{.writes = 1, .commits = 1}));
    }

    void aHeldDatabaseIsUnavailable()
    {
        auto store = *SqliteStore::open(path(), {.busyTimeout = milliseconds(30)});
        auto blocker = connection();
        QVERIFY(blocker->execute("BEGIN IMMEDIATE"));
        const auto refused = insert(*store, *this, sampleJob(u"a"_s));
        QCOMPARE(refused.error().code, ErrorCode::Unavailable);
        QVERIFY2(refused.error().message.contains(u"database is locked"_s), qPrintable(refused.error().message));
        QVERIFY(blocker->execute("ROLLBACK"));
        QVERIFY(insert(*store, *this, sampleJob(u"a"_s)));
    }

    void closeWritesWhatIsQueued()
    {
        auto store = *Store::open(path());
        for (int i = 0; i < 500; ++i)
            store->insertJob(sampleJob(u"job%1"_s.arg(i)), this, [](Result<Job>) {});
        QVERIFY(store->close(milliseconds(20'000)));
        store.reset();
        QCOMPARE(count(*connection()), 500);
    }

    void closeGivesUpInTimeAndFailsTheRest()
    {
        auto store = *SqliteStore::open(path(), {.busyTimeout = milliseconds(300)});
        auto blocker = connection();
        QVERIFY(blocker->execute("BEGIN IMMEDIATE"));
        int failed = 0;
        const auto countFailure = [&](const Result<Job> &answer) { failed += answer ? 0 : 1; };
        for (int i = 0; i < 2'000; ++i) // more than one group
            store->insertJob(sampleJob(u"job%1"_s.arg(i)), this, countFailure);
        QCOMPARE(store->close(milliseconds(10)).error().code, ErrorCode::Timeout);
        QTRY_COMPARE(failed, 2'000);
    }

    void readersAndWriterWorkAtOnce()
    {
        auto store = *Store::open(path());
        std::atomic<int> failures = 0;
        std::vector<std::thread> readers;
        for (int i = 0; i < 3; ++i) {
            readers.emplace_back([&] {
                for (int round = 0; round < 100; ++round)
                    failures += store->jobs({}, 10, {}).has_value() ? 0 : 1;
            });
        }
        for (int i = 0; i < 100; ++i)
            QVERIFY(insert(*store, *this, sampleJob(u"job%1"_s.arg(i))));
        for (std::thread &reader : readers)
            reader.join();
        QCOMPARE(failures, 0);
    }
};

QTEST_GUILESS_MAIN(TestWriteQueue)
#include "tst_writequeue.moc"
