// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/logs/logcompressor.h"
#include "server/logs/logkeeper.h"
#include "tests/unit/server/logs/logfixture.h"

#include <QRegularExpression>

using namespace danube;
using namespace danube::logs;
using namespace danube::tests;
using namespace Qt::StringLiterals;

/// Finished logs by their age, on a thread of their own.
class TestLogKeeper : public QObject
{
    Q_OBJECT
    std::unique_ptr<QTemporaryDir> m_directory;
    FakeClock m_clock;

    void makeLog(const JobId &job, bool isSealed = true, const QByteArray &line = "some words of a log\n")
    {
        auto writer = FileLogWriter::open(m_directory->path(), job, m_clock);
        QVERIFY(writer);
        QVERIFY((*writer)->append(StepNumber(1), LogStream::Stdout, 0, line.repeated(1'000), m_clock.wall()));
        if (isSealed)
            QVERIFY((*writer)->seal());
        // As old as the clock of this test says.
        QFile seal(logPaths(m_directory->path(), job).seal);
        if (isSealed) {
            QVERIFY(seal.open(QIODevice::ReadWrite));
            QVERIFY(seal.setFileTime(
                QDateTime::fromMSecsSinceEpoch(m_clock.wall().time_since_epoch().count(), QTimeZone::UTC),
                QFileDevice::FileModificationTime));
        }
    }
    QStringList files() const { return QDir(m_directory->path()).entryList(QDir::Files, QDir::Name); }
    bool has(const QString &name) const { return QFile::exists(m_directory->filePath(name)); }
    Result<void> remove(LogKeeper &keeper, const JobId &job)
    {
        std::optional<Result<void>> answer;
        keeper.remove(job, this, [&](Result<void> result) { answer = std::move(result); });
        return QTest::qWaitFor([&] { return answer.has_value(); }, 30'000) ? *answer
                                                                           : fail(ErrorCode::Timeout, u"no answer"_s);
    }

private slots:
    void init() { m_directory = std::make_unique<QTemporaryDir>(temporaryTemplate()); }

    void compressesWhatASealMadeDue()
    {
        LogKeeper keeper(m_directory->path(), milliseconds(0), m_clock);
        makeLog(testJob);
        keeper.noteSealed(testJob);
        QVERIFY(QTest::qWaitFor([&] { return has(u"job1.log.zst"_s) && !has(u"job1.log"_s); }, 30'000));
    }
    void startsWithWhatAnEarlierMasterLeft()
    {
        makeLog(JobId(u"old"_s));
        m_clock.advance(std::chrono::hours(1));
        makeLog(JobId(u"young"_s));
        makeLog(JobId(u"running"_s), false);
        makeLog(JobId(u"small"_s), true, "x\n");
        QVERIFY(writeFile(m_directory->filePath(u"old.log.zst.new"_s), "half"));
        LogKeeper keeper(m_directory->path(), std::chrono::minutes(30), m_clock);
        QVERIFY(QTest::qWaitFor([&] { return has(u"old.log.zst"_s) && !has(u"old.log"_s); }, 30'000));
        std::ignore = remove(keeper, JobId(u"none"_s)); // what was to be done at the start is done
        QCOMPARE(files(), QStringList({u"old.idx"_s, u"old.log.zst"_s, u"old.seal"_s, u"running.idx"_s,
                                       u"running.log"_s, u"small.idx"_s, u"small.log"_s, u"small.seal"_s,
                                       u"young.idx"_s, u"young.log"_s, u"young.seal"_s}));
    }
    void aRemovedLogSaysSinceWhen_data()
    {
        QTest::addColumn<bool>("isCompressed");
        QTest::newRow("plain") << false;
        QTest::newRow("compressed") << true;
    }
    void aRemovedLogSaysSinceWhen()
    {
        QFETCH(const bool, isCompressed);
        makeLog(testJob);
        if (isCompressed)
            QVERIFY(compressLog(m_directory->path(), testJob, std::atomic<bool>(false)));
        const auto before = LogReader::open(m_directory->path(), testJob).value()->seal();
        LogKeeper keeper(m_directory->path(), std::chrono::hours(1), m_clock);
        QVERIFY(remove(keeper, testJob));
        QCOMPARE(files(), QStringList(u"job1.seal"_s));
        const auto reader = LogReader::open(m_directory->path(), testJob);
        QVERIFY(reader);
        QVERIFY((*reader)->refresh());
        QCOMPARE((*reader)->size(), 0);
        QCOMPARE((*reader)->read(0, 10).value(), "");
        QCOMPARE((*reader)->seal()->sha256, before->sha256);
        QCOMPARE((*reader)->seal()->size, before->size);
        QVERIFY((*reader)->seal()->removedAt == m_clock.wall());
        m_clock.advance(seconds(5));
        QVERIFY(remove(keeper, testJob)); // and stays removed since then
        QVERIFY(LogReader::open(m_directory->path(), testJob).value()->seal()->removedAt < m_clock.wall());
    }
    void aRemovalThatWasCutShortIsEnded_data()
    {
        QTest::addColumn<QStringList>("left");
        const QStringList all{u"job1.idx"_s, u"job1.log"_s, u"job1.log.zst"_s};
        for (int which = 1; which < 8; ++which) {
            QStringList left;
            for (int i = 0; i < 3; ++i) {
                if ((which >> i) % 2 == 1)
                    left.append(all[i]);
            }
            QTest::newRow(qPrintable(left.join(u' '))) << left;
        }
    }
    void aRemovalThatWasCutShortIsEnded()
    {
        QFETCH(const QStringList, left);
        makeLog(testJob);
        {
            LogKeeper keeper(m_directory->path(), std::chrono::hours(1), m_clock);
            QVERIFY(remove(keeper, testJob));
        }
        for (const QString &name : left)
            QVERIFY(writeFile(m_directory->filePath(name), "of it"));
        LogKeeper keeper(m_directory->path(), std::chrono::hours(1), m_clock);
        QVERIFY(QTest::qWaitFor([&] { return files() == QStringList(u"job1.seal"_s); }, 30'000));
    }
    void aRemovalThatFailsIsTriedAgain()
    {
        makeLog(testJob);
        const QString inTheWay = m_directory->filePath(u"job1.log.zst"_s);
        QVERIFY(QDir().mkpath(inTheWay)); // is no file to unlink
        LogKeeper keeper(m_directory->path(), std::chrono::hours(1), m_clock);
        QTest::ignoreMessage(QtWarningMsg, QRegularExpression(u"remove-failed job=job1 error=\"remove .*zst: "_s));
        QVERIFY(!remove(keeper, testJob));
        QVERIFY(has(u"job1.idx"_s)); // by which it is found
        QVERIFY(QDir().rmdir(inTheWay));
        m_clock.advance(std::chrono::minutes(11));
        keeper.noteSealed(JobId(u"other"_s)); // it looks at the clock
        QVERIFY(QTest::qWaitFor([&] { return files() == QStringList(u"job1.seal"_s); }, 30'000));
    }
    void anUnfinishedLogIsNotRemoved()
    {
        makeLog(testJob, false);
        LogKeeper keeper(m_directory->path(), std::chrono::hours(1), m_clock);
        QCOMPARE(remove(keeper, testJob).error().code, ErrorCode::Conflict);
        QVERIFY(has(u"job1.log"_s));
    }
};

QTEST_GUILESS_MAIN(TestLogKeeper)
#include "tst_logkeeper.moc"
