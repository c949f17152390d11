// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/logs/logreader.h"
#include "server/logs/logservice.h"
#include "tests/unit/server/logs/logfixture.h"

#include <QRegularExpression>
#include <QSignalSpy>

#include <atomic>
#include <cerrno>

using namespace danube;
using namespace danube::logs;
using namespace danube::tests;
using namespace Qt::StringLiterals;

namespace {

constexpr StepNumber one{1};

class UnsyncedDisk final : public FileCalls
{
public:
    std::atomic<bool> isFailing = false;
    std::atomic<int> failures = 0;
    int sync(int file) override
    {
        if (!isFailing)
            return FileCalls::sync(file);
        ++failures;
        errno = EIO;
        return -1;
    }
};

} // namespace

/// The io thread and its timers, seen from another thread.
class TestLogService : public QObject
{
    Q_OBJECT
    std::unique_ptr<QTemporaryDir> m_directory;
    SystemClock m_clock;
    std::unique_ptr<LogService> m_service;

    template <class T, class Call> std::optional<T> await(Call call)
    {
        std::optional<T> answer;
        call([&answer](T result) { answer = std::move(result); });
        return QTest::qWaitFor([&] { return answer.has_value(); }, 10'000) ? std::move(answer) : std::nullopt;
    }
    Result<void> open(const JobId &job)
    {
        auto answer = await<Result<void>>([&](auto done) { m_service->open(job, this, std::move(done)); });
        return answer ? *answer : fail(ErrorCode::Timeout, u"no answer"_s);
    }
    Result<LogSeal> seal(const JobId &job)
    {
        auto answer = await<Result<LogSeal>>([&](auto done) { m_service->seal(job, this, std::move(done)); });
        return answer ? *answer : Result<LogSeal>(fail(ErrorCode::Timeout, u"no answer"_s));
    }
    bool addSecret(const JobId &job, const QByteArray &value)
    {
        bool done = false;
        m_service->addSecret(job, Secret(QByteArray(value.constData(), value.size())), this, [&] { done = true; });
        return QTest::qWaitFor([&] { return done; }, 10'000);
    }
    /// Does something with the writer where it lives.
    void onWriter(const JobId &job, std::function<void(LogWriter *)> act)
    {
        QObject there;
        there.moveToThread(m_service->ioThread());
        QMetaObject::invokeMethod(&there, [&] { act(m_service->writer(job)); }, Qt::BlockingQueuedConnection);
        // Back to a thread that may delete it.
        QMetaObject::invokeMethod(
            &there, [&, mine = thread()] { there.moveToThread(mine); }, Qt::BlockingQueuedConnection);
    }
    void append(const QByteArray &bytes, uint64_t offset = 0)
    {
        onWriter(testJob, [&](LogWriter *writer) {
            QVERIFY(writer->append(one, LogStream::Stdout, offset, bytes, m_clock.wall()));
        });
    }
    QByteArray text()
    {
        const auto reader = LogReader::open(m_service->directory(), testJob);
        return reader ? (*reader)->read(0, 1 << 20).value_or("error") : QByteArray("no log");
    }

private slots:
    void init()
    {
        m_directory = std::make_unique<QTemporaryDir>(temporaryTemplate());
        m_service = std::make_unique<LogService>(m_directory->filePath(u"deep/logs"_s), m_clock);
    }
    void cleanup() { m_service.reset(); }

    void aLogIsOpenedWrittenAndSealed()
    {
        QVERIFY(open(testJob));
        QVERIFY(open(testJob));
        append("hello\nrest");
        m_service->note(testJob, one, u"a note"_s);
        const auto sealed = seal(testJob);
        QVERIFY(sealed);
        QCOMPARE(text(), "hello\na note\nrest\n");
        QCOMPARE(seal(testJob), sealed);
        onWriter(testJob, [](LogWriter *writer) { QVERIFY(!writer); });
        m_service->note(testJob, one, u"too late"_s);
        QCOMPARE(seal(testJob)->size, sealed->size);
    }

    void growthIsToldSoonAndNotForEachLine()
    {
        QVERIFY(open(testJob));
        QSignalSpy grown(m_service.get(), &LogService::grown);
        onWriter(testJob, [&](LogWriter *writer) {
            for (uint64_t i = 0; i < 500; ++i)
                QVERIFY(writer->append(one, LogStream::Stdout, i * 5, "line\n", m_clock.wall()));
        });
        QTRY_VERIFY(!grown.isEmpty() && grown.last()[1].toLongLong() == 2'500);
        QVERIFY2(grown.size() < 10, qPrintable(QString::number(grown.size())));
        QCOMPARE(grown.first()[0].value<JobId>(), testJob);
    }

    void whatALogTakesIsToldWithItsIndex()
    {
        QVERIFY(open(testJob));
        QSignalSpy stored(m_service.get(), &LogService::stored);
        for (uint64_t i = 0; i < 50; ++i)
            append("x\n", i * 2);
        const qint64 bytes = 50 * 2 + indexHeaderSize + 50 * indexRecordSize;
        QTRY_VERIFY_WITH_TIMEOUT(!stored.isEmpty() && stored.last()[1].toLongLong() == bytes, 30'000);
        QCOMPARE(stored.last()[0].value<JobId>(), testJob);
    }

    void eachAttemptThatFailsIsToldOnce()
    {
        UnsyncedDisk disk;
        m_service = std::make_unique<LogService>(m_directory->filePath(u"deep/logs"_s), m_clock, disk);
        QVERIFY(open(testJob));
        disk.isFailing = true;
        QTest::ignoreMessage(QtWarningMsg, QRegularExpression(u"^log-sync-failed job=job1 error=\"log of job"_s));
        QTest::failOnWarning(QRegularExpression(u"log-sync-failed"_s));
        append(QByteArray(99, 'x').append('\n').repeated(90'000) + "rest"); // enough to be synced at once
        QTRY_VERIFY_WITH_TIMEOUT(disk.failures >= 1, 30'000);
        // Then "rest" is written as a fragment, which is another attempt that goes well, and synced.
        QTRY_VERIFY_WITH_TIMEOUT(disk.failures >= 2, 30'000);
        disk.isFailing = false;
        m_service.reset();
    }

    void syncingComesByItselfAndIsTold()
    {
        QVERIFY(open(testJob));
        QSignalSpy synced(m_service.get(), &LogService::synced);
        append("line\n");
        QTRY_VERIFY_WITH_TIMEOUT(!synced.isEmpty(), 5'000);
        onWriter(testJob, [](LogWriter *writer) { QCOMPARE(writer->durable(one).standardOutput, 5U); });
    }

    void muchOutputIsSyncedWithoutWaiting()
    {
        QVERIFY(open(testJob));
        QSignalSpy synced(m_service.get(), &LogService::synced);
        append(QByteArray(99, 'x').append('\n').repeated(50'000));
        QTRY_VERIFY_WITH_TIMEOUT(!synced.isEmpty(), 5'000);
        onWriter(testJob, [](LogWriter *writer) { QCOMPARE(writer->durable(one).standardOutput, 5'000'000U); });
    }

    void unfinishedLinesShowAfterASecond()
    {
        QVERIFY(open(testJob));
        append("50 %");
        QTRY_COMPARE_WITH_TIMEOUT(text(), "50 %\n", 5'000);
    }

    void secretsAreMaskedFromTheAnswerOn_data()
    {
        QTest::addColumn<bool>("isEarly");
        QTest::newRow("log open") << false;
        QTest::newRow("log not open yet") << true;
    }
    void secretsAreMaskedFromTheAnswerOn()
    {
        QFETCH(bool, isEarly);
        if (!isEarly)
            QVERIFY(open(testJob));
        QVERIFY(addSecret(testJob, "hunter2"));
        QVERIFY(open(testJob));
        append("pw hunter2\n");
        QCOMPARE(text(), "pw ***\n");
    }

    void aSecretTooShortIsRefusedWithoutTellingIt()
    {
        QVERIFY(open(testJob));
        QTest::ignoreMessage(QtWarningMsg, "secret-too-short-to-mask job=job1");
        QVERIFY(addSecret(testJob, "abc"));
        append("abc\n");
        QCOMPARE(text(), "abc\n");
    }

    void theEndOfTheServiceIsDurableAndTheNextGoesOn()
    {
        QVERIFY(open(testJob));
        append("line\nrest");
        m_service.reset();
        m_service = std::make_unique<LogService>(m_directory->filePath(u"deep/logs"_s), m_clock);
        QVERIFY(open(testJob));
        onWriter(testJob, [](LogWriter *writer) { QCOMPARE(writer->accepted(one).standardOutput, 5U); });
        append("rest\n", 5);
        QCOMPARE(text(), "line\nrest\n");
    }

    void sealingAJobThatNeverWroteGivesAnEmptySeal()
    {
        const auto sealed = seal(testJob);
        QVERIFY(sealed);
        QCOMPARE(sealed->size, 0);
        QCOMPARE(sealed->sha256, "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
    }

    void aSealThatFailedIsMadeWhenThereIsRoomAgain()
    {
        QVERIFY(open(testJob));
        append("line\nrest");
        QSignalSpy sealed(m_service.get(), &LogService::sealed);
        // No seal can be written while a folder has its temporary name.
        const QString inTheWay = m_service->directory() + u"/job1.seal.new"_s;
        QVERIFY(QDir().mkpath(inTheWay));
        QTest::ignoreMessage(QtWarningMsg,
                             QRegularExpression(u"^log-seal-failed job=job1 error=\"seal the log of job"_s));
        QVERIFY(!seal(testJob));
        QTest::failOnWarning(QRegularExpression(u"log-seal-failed"_s)); // it is told once
        QVERIFY(!seal(testJob));
        QVERIFY(sealed.isEmpty());
        QVERIFY(QDir().rmdir(inTheWay));
        QTRY_VERIFY_WITH_TIMEOUT(!sealed.isEmpty(), 30'000); // though nobody asks again
        QCOMPARE(seal(testJob)->size, text().size());
        QCOMPARE(text(), "line\nrest\n");
        onWriter(testJob, [](LogWriter *writer) { QVERIFY(!writer); });
    }

    void whatAnEarlierMasterLeftUnsealedIsSealedIfItsJobIsOver()
    {
        const JobId running(u"running"_s);
        const JobId before(u"before"_s);
        QVERIFY(open(testJob) && open(running) && seal(before));
        append("line\n");
        m_service.reset();
        m_service = std::make_unique<LogService>(m_directory->filePath(u"deep/logs"_s), m_clock);
        QSignalSpy sealed(m_service.get(), &LogService::sealed);
        QSet<QString> asked;
        m_service->sealLeft([&](const JobId &job) {
            asked.insert(job.value());
            return job == testJob;
        });
        QCOMPARE(asked, QSet<QString>({u"job1"_s, u"running"_s}));
        QTRY_VERIFY_WITH_TIMEOUT(!sealed.isEmpty(), 30'000);
        QCOMPARE(sealed.first()[0].value<JobId>(), testJob);
        QCOMPARE(seal(testJob)->size, 5);
        QVERIFY(!QFile::exists(m_service->directory() + u"/running.seal"_s));
    }

    void aLogThatCannotBeMadeIsATypedError()
    {
        QVERIFY(QFile::remove(m_service->directory()) || QDir(m_service->directory()).removeRecursively());
        QCOMPARE(open(testJob).error().code, ErrorCode::NotFound);
        QCOMPARE(open(JobId(u"../x"_s)).error().code, ErrorCode::InvalidArgument);
    }
};

QTEST_GUILESS_MAIN(TestLogService)
#include "tst_logservice.moc"
