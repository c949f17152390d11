// SPDX-License-Identifier: GPL-3.0-or-later
#include "console/controllers/jobsession.h"
#include "console/controllers/mastersession.h"
#include "tests/support/fakeclock.h"
#include "tests/support/fakemaster.h"

#include <QRandomGenerator>
#include <QSemaphore>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>
#include <QThreadPool>

#include <csignal>

#include <sys/resource.h>

using namespace danube;
using namespace danube::console;
using namespace Qt::StringLiterals;

namespace {

Job jobNumber(int number, JobState state = JobState::Running)
{
    Job job;
    job.id = JobId(u"job%1"_s.arg(number, 6, 10, QLatin1Char('0')));
    job.number = number;
    job.pipeline = u"demo"_s;
    job.state = state;
    job.createdAt = WallTime(seconds(1'000'000 + number));
    return job;
}

/// This process cannot write beyond the first `bytes` of a file: as on a full disk.
class SmallFiles
{
public:
    explicit SmallFiles(rlim_t bytes) : m_handler(std::signal(SIGXFSZ, SIG_IGN))
    {
        getrlimit(RLIMIT_FSIZE, &m_before);
        const rlimit limit{bytes, m_before.rlim_max};
        setrlimit(RLIMIT_FSIZE, &limit);
    }
    ~SmallFiles()
    {
        setrlimit(RLIMIT_FSIZE, &m_before);
        std::signal(SIGXFSZ, m_handler);
    }
    Q_DISABLE_COPY_MOVE(SmallFiles)

private:
    rlimit m_before{};
    void (*m_handler)(int);
};

QByteArray content(JobSession &session)
{
    return session.log()->snapshot().bytes().toByteArray();
}

} // namespace

class TestMasterSession : public QObject
{
    Q_OBJECT
    std::unique_ptr<QTemporaryDir> m_folder;
    std::unique_ptr<tests::FakeMaster> m_master;
    tests::FakeClock m_clock;
    std::unique_ptr<MasterSession> m_session;

    MasterSession &open()
    {
        const LogCache cache(m_folder->filePath(u"logs"_s), 10_MiB);
        m_session = MasterSession::open({u"demo"_s, m_master->url().toString(), ProfileKind::Development},
                                        Secret("token"), m_clock, cache)
                        .value();
        m_session->start();
        return *m_session;
    }
    std::unique_ptr<JobSession> openJob(int number)
    {
        return std::unique_ptr<JobSession>(m_session->openJob(jobNumber(number).id, nullptr).value());
    }
    void print(int number, const QByteArray &line, uint32_t step = 1)
    {
        m_master->print(jobNumber(number).id, StepNumber(step), line);
    }

private slots:
    void init()
    {
        m_folder = std::make_unique<QTemporaryDir>();
        m_master = std::make_unique<tests::FakeMaster>();
        m_master->events().setHeartbeat(milliseconds(200));
    }
    void cleanup()
    {
        m_session.reset();
        m_master.reset();
    }

    void loadsAllPagesThenFollowsEvents()
    {
        for (int i = 1; i <= 2500; ++i)
            m_master->setJob(jobNumber(i, JobState::Success));
        MasterSession &session = open();
        QTRY_COMPARE(session.jobs()->rowCount(), 2500);
        QTRY_COMPARE(session.connection().state, ConnectionState::Live);
        m_master->setJob(jobNumber(2501, JobState::Running));
        m_master->setJob(jobNumber(7, JobState::Failure));
        QTRY_COMPARE(session.jobs()->rowCount(), 2501);
        QTRY_COMPARE(session.jobs()->job(jobNumber(7).id)->state, JobState::Failure);
    }
    void saysItIsOfflineAndComesBack()
    {
        m_master->setJob(jobNumber(1));
        MasterSession &session = open();
        QTRY_COMPARE(session.connection().state, ConnectionState::Live);
        m_master->server().stopListening();
        m_master->server().closeConnections();
        QTRY_COMPARE(session.connection().state, ConnectionState::Offline);
        QVERIFY(session.connection().lastHeard != WallTime{});
        QVERIFY(!session.connection().detail.isEmpty());
        QVERIFY(describe(session.connection()).startsWith(u"Offline since "_s));
        m_master->setJob(jobNumber(1, JobState::Success)); // while nobody listens
        m_master->setJob(jobNumber(2));
        m_master->server().listenAgain();
        QTRY_COMPARE_WITH_TIMEOUT(session.connection().state, ConnectionState::Live, 15'000);
        QTRY_COMPARE(session.jobs()->rowCount(), 2);
        QTRY_COMPARE(session.jobs()->job(jobNumber(1).id)->state, JobState::Success);
    }
    void asksForANewTokenWhenRefused()
    {
        m_master->setJob(jobNumber(1));
        m_master->requireToken("right");
        MasterSession &session = open();
        QTRY_COMPARE(session.connection().state, ConnectionState::SignInNeeded);
        session.signIn(Secret("right"));
        QTRY_COMPARE(session.connection().state, ConnectionState::Live);
        QTRY_COMPARE(session.jobs()->rowCount(), 1);
    }
    void cancelsAndRetries()
    {
        m_master->setJob(jobNumber(1));
        m_master->setJob(jobNumber(2, JobState::Failure));
        MasterSession &session = open();
        QSignalSpy retried(&session, &MasterSession::retried);
        QTRY_COMPARE(session.jobs()->rowCount(), 2);
        session.cancel(jobNumber(1).id);
        QTRY_COMPARE(session.jobs()->job(jobNumber(1).id)->state, JobState::Cancelled);
        session.retry(jobNumber(2).id);
        QTRY_COMPARE(retried.size(), 1);
        QCOMPARE(retried[0][0].value<JobId>(), jobNumber(2).id);
        QTRY_COMPARE(session.jobs()->rowCount(), 3);
    }
    void aRefusedActionIsSaidInASentence()
    {
        m_master->setJob(jobNumber(1, JobState::Success));
        m_master->on("POST", u"/api/v1/jobs/job000001/cancel"_s, [](const tests::FakeRequest &) {
            return tests::FakeReply{
                .status = 409,
                .body =
                    R"({"type":"urn:danube:problem:conflict","title":"Conflict","status":409,"detail":"job ended"})",
                .contentType = "application/problem+json"};
        });
        MasterSession &session = open();
        QSignalSpy problem(&session, &MasterSession::problem);
        session.cancel(jobNumber(1).id);
        QTRY_COMPARE(problem.size(), 1);
        QVERIFY2(problem[0][0].toString().contains(u"job ended"_s), qPrintable(problem[0][0].toString()));
    }
    void refusesAnAddressThatIsNone()
    {
        const LogCache cache(m_folder->path(), 1_MiB);
        QVERIFY(!MasterSession::open({u"x"_s, u"ftp://nowhere"_s, {}}, Secret(), m_clock, cache));
    }

    void asksForAJobAgainWhenItAskedTooOften()
    {
        Step step;
        step.number = StepNumber(1);
        int asked = 0;
        m_master->setJob(jobNumber(1));
        m_master->on("GET", protocol::pathOf(protocol::RouteId::Job, {jobNumber(1).id.value()}),
                     [&](const tests::FakeRequest &) {
                         if (++asked == 1)
                             return tests::FakeReply{.status = 429, .headers = {{"Retry-After", "1"}}};
                         const protocol::JobDetail detail{jobNumber(1), {step}};
                         return tests::FakeReply{.body = QJsonDocument(toJson(detail)).toJson()};
                     });
        const MasterSession &session = open();
        QTRY_COMPARE(session.connection().state, ConnectionState::Live); // nothing else makes it ask
        const auto job = openJob(1);
        QSignalSpy problem(job.get(), &JobSession::problem);
        QTRY_COMPARE(job->steps()->rowCount(), 1);
        QCOMPARE(asked, 2);
        QCOMPARE(problem.size(), 1); // it is said
    }
    void showsAJobWithStepsAndLog()
    {
        m_master->setJob(jobNumber(1));
        Step step;
        step.number = StepNumber(1);
        step.name = u"build"_s;
        step.state = StepState::Running;
        m_master->setStep(jobNumber(1).id, step);
        print(1, "first");
        open();
        const auto job = openJob(1);
        QTRY_COMPARE(job->steps()->rowCount(), 1);
        QTRY_COMPARE(job->job().pipeline, u"demo"_s);
        QTRY_COMPARE(content(*job), "first\n"_ba);
        QCOMPARE(job->log()->line(0).run.source.step, 1u);
        print(1, QByteArray("bytes \xff\0\r and more", 18));
        QTRY_COMPARE(content(*job), m_master->logBytes(jobNumber(1).id));
        step.state = StepState::Finished;
        step.outcome = StepOutcome{OutcomeKind::Exited, 0, 0, seconds(3), {}};
        m_master->setStep(jobNumber(1).id, step);
        QTRY_COMPARE(job->steps()->steps().constFirst().state, StepState::Finished);
        m_master->endLog(jobNumber(1).id, JobState::Success);
        QTRY_VERIFY(job->log()->isFinished());
    }
    void aLogCutAtRandomBytesIsExact()
    {
        QRandomGenerator random(7);
        m_master->setJob(jobNumber(1));
        for (int i = 0; i < 3000; ++i)
            print(1, QByteArray(random.bounded(120), char('a' + i % 26)) + QByteArray::number(i), uint32_t(i % 3));
        auto &log = m_master->log(jobNumber(1).id);
        log.setRepeatLast(true);
        log.cutAfter([&] { return log.served() < 20 ? random.bounded(20'000) + 200 : -1; });
        open();
        const auto job = openJob(1);
        m_master->endLog(jobNumber(1).id, JobState::Success);
        QTRY_VERIFY_WITH_TIMEOUT(job->log()->isFinished(), 60'000);
        QCOMPARE(content(*job), m_master->logBytes(jobNumber(1).id));
        QVERIFY(log.served() >= 10);
    }
    void resumesAfterTheMasterWasAway()
    {
        m_master->setJob(jobNumber(1));
        print(1, "before");
        open();
        const auto job = openJob(1);
        QTRY_COMPARE(content(*job), "before\n"_ba);
        m_master->server().stopListening();
        m_master->server().closeConnections();
        QTRY_COMPARE(job->logConnection().state, ConnectionState::Offline);
        print(1, "while away");
        m_master->server().listenAgain();
        QTRY_COMPARE_WITH_TIMEOUT(content(*job), "before\nwhile away\n"_ba, 15'000);
        QTRY_COMPARE(job->logConnection().state, ConnectionState::Live);
    }
    void theCacheIsResumedByTheNextSession()
    {
        m_master->setJob(jobNumber(1));
        print(1, "one");
        open();
        openJob(1).reset();
        {
            const auto job = openJob(1);
            QTRY_COMPARE(content(*job), "one\n"_ba);
        }
        print(1, "two");
        const auto job = openJob(1);
        QCOMPARE(content(*job), "one\n"_ba); // at once, from the cache
        QTRY_COMPARE(content(*job), "one\ntwo\n"_ba);
    }
    void anotherFileOnTheMasterIsFetchedAnew()
    {
        m_master->setJob(jobNumber(1));
        {
            const LogCache cache(m_folder->filePath(u"logs"_s), 10_MiB);
            auto store = cache.open(m_master->url().toString(), jobNumber(1).id).value();
            QVERIFY(store->restart(1));
            const LogRun start[] = {{}};
            QVERIFY(store->append("something else that is much longer\n", start));
        }
        m_master->log(jobNumber(1).id).append({"1:0", "gap", R"({"generation":1,"from":35,"to":0})"});
        print(1, "true content");
        m_master->endLog(jobNumber(1).id, JobState::Success);
        open();
        const auto job = openJob(1);
        QTRY_VERIFY_WITH_TIMEOUT(job->log()->isFinished() && content(*job) == "true content\n", 10'000);
    }
    void aWrongDigestIsFetchedAnew()
    {
        m_master->setJob(jobNumber(1));
        print(1, "right");
        m_master->endLog(jobNumber(1).id, JobState::Success);
        open();
        {
            const auto job = openJob(1);
            QTRY_VERIFY(job->log()->isFinished());
        }
        {
            const LogCache cache(m_folder->filePath(u"logs"_s), 10_MiB);
            auto store = cache.open(m_master->url().toString(), jobNumber(1).id).value();
            const quint32 generation = store->generation();
            QVERIFY(store->restart(generation));
            const LogRun start[] = {{}};
            QVERIFY(store->append("wrong\n", start)); // as long as the right one
        }
        const auto job = openJob(1);
        QTRY_VERIFY_WITH_TIMEOUT(content(*job) == "right\n", 10'000);
    }
    // The end may come while a worker still looks for the lines of what was in the cache.
    void aLogThatIsStillIndexedIsVerifiedAsAWhole()
    {
        m_master->setJob(jobNumber(1));
        for (int i = 0; i < 64; ++i) // 4 MiB: more than is indexed at once
            print(1, QByteArray(64 * 1024, char('a' + i % 26)));
        open();
        {
            const auto job = openJob(1);
            QTRY_COMPARE(job->log()->bytes(), m_master->logBytes(jobNumber(1).id).size());
        }
        QThreadPool &pool = *QThreadPool::globalInstance();
        const int threads = pool.maxThreadCount();
        pool.waitForDone();
        pool.setMaxThreadCount(1);
        QSemaphore busy;
        pool.start([&busy] { busy.acquire(); });
        const auto job = openJob(1);
        QVERIFY(job->log()->isIndexing());
        const QSignalSpy restarted(job->log(), &LogDocument::restarted);
        const int served = m_master->log(jobNumber(1).id).served();
        print(1, "the last line");
        m_master->endLog(jobNumber(1).id, JobState::Success);
        QTRY_VERIFY(job->log()->isFinished());
        busy.release();
        pool.setMaxThreadCount(threads);
        QTRY_COMPARE(content(*job), m_master->logBytes(jobNumber(1).id));
        pool.waitForDone();
        QCoreApplication::processEvents(); // the digest
        QCOMPARE(restarted.size(), 0);
        QCOMPARE(m_master->log(jobNumber(1).id).served(), served + 1);
    }
    void aFullDiskKeepsWhatIsThere()
    {
        m_master->setJob(jobNumber(1));
        print(1, "kept");
        open();
        const auto job = openJob(1);
        QTRY_COMPARE(content(*job), "kept\n"_ba);
        QSignalSpy problem(job.get(), &JobSession::problem);
        const QSignalSpy restarted(job->log(), &LogDocument::restarted);
        const SmallFiles full(64 * 1024);
        for (int i = 0; i < 100; ++i)
            print(1, QByteArray(1024, 'x'));
        QTRY_COMPARE(problem.size(), 1);
        print(1, "one more");
        m_master->endLog(jobNumber(1).id, JobState::Success);
        QVERIFY(!problem.wait(500));
        QCOMPARE(restarted.size(), 0);
        QVERIFY(content(*job).startsWith("kept\n"));
        QCOMPARE(m_master->log(jobNumber(1).id).served(), 1);
        QCOMPARE(job->logConnection().state, ConnectionState::Offline);
        QVERIFY(!job->log()->isFinished());
    }
    void whatAJobCallsAHostIsOneLine()
    {
        m_master->setJob(jobNumber(1));
        m_master->on("GET", u"/api/v1/egress/denied"_s, [](const tests::FakeRequest &) {
            return tests::FakeReply{.body = R"({"refusals":[{"host":"a\u202eb\nc","protocol":"TCP","count":1}]})"};
        });
        open();
        const auto job = openJob(1);
        job->loadRefusals();
        QTRY_COMPARE(job->refusals()->rowCount(), 1);
        QCOMPARE(job->refusals()->index(0, 0).data().toString(), u"a\uFFFDb\uFFFDc"_s);
    }
    void aListThatComesLateIsNoProblem()
    {
        m_master->on("GET", u"/api/v1/jobs"_s,
                     [](const tests::FakeRequest &) { return tests::FakeReply{.stall = true}; });
        const LogCache cache(m_folder->filePath(u"logs"_s), 10_MiB);
        m_session = MasterSession::open({u"demo"_s, m_master->url().toString()}, Secret("token"), m_clock, cache,
                                        {.requestTimeout = milliseconds(100)})
                        .value();
        const QSignalSpy problem(m_session.get(), &MasterSession::problem);
        m_session->start();
        QTRY_VERIFY(m_master->count("GET", u"/api/v1/jobs"_s) >= 2);
        QCOMPARE(problem.size(), 0);
    }
};

QTEST_GUILESS_MAIN(TestMasterSession)
#include "tst_mastersession.moc"
