// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/retention/retentionservice.h"

#include "server/logs/filelogwriter.h"
#include "shared/core/sha256.h"
#include "tests/support/fakeclock.h"

#include <QDateTime>
#include <QDir>
#include <QJsonArray>
#include <QRegularExpression>
#include <QTemporaryDir>
#include <QTest>
#include <QTimeZone>

#include <ctime>

using namespace danube;
using namespace danube::retention;
using namespace danube::tests;
using namespace Qt::StringLiterals;
using std::chrono::days;

namespace {

/// A store that takes no more writes.
class NoRemoval final : public store::RetentionStore
{
public:
    explicit NoRemoval(const store::RetentionStore &store) : m_store(store) {}
    Result<QList<Artifact>> artifactsBefore(WallTime createdBefore, int limit) const override
    {
        return m_store.artifactsBefore(createdBefore, limit);
    }
    void removeArtifacts(const QList<ArtifactId> &, QObject *, store::Done<void> done) override
    {
        done(fail(ErrorCode::ResourceExhausted, u"disk full"_s));
    }

private:
    const store::RetentionStore &m_store;
};

} // namespace

/// Old logs and artifacts go by the rules, young ones and those of other rules stay; all on the real services.
class TestRetentionService : public QObject
{
    Q_OBJECT
    std::unique_ptr<QTemporaryDir> m_directory;
    FakeClock m_clock;
    blueprint::Retention m_rules;
    std::unique_ptr<store::Store> m_store;
    std::unique_ptr<logs::LogKeeper> m_keeper;
    std::unique_ptr<artifacts::ArtifactStore> m_artifacts;
    std::unique_ptr<RetentionService> m_service;

    template <class T, class Call> T await(Call call)
    {
        std::optional<T> answer;
        call([&answer](T result) { answer = std::move(result); });
        if (!QTest::qWaitFor([&] { return answer.has_value(); }, 30'000))
            qFatal("no answer");
        return std::move(*answer);
    }
    QString logs() const { return m_directory->filePath(u"logs"_s); }
    QStringList logFiles() const { return QDir(logs()).entryList(QDir::Files, QDir::Name); }
    void addJob(const QString &id)
    {
        Job job;
        job.id = JobId(id);
        job.createdAt = m_clock.wall();
        QVERIFY(await<Result<Job>>([&](auto done) { m_store->insertJob(job, this, std::move(done)); }));
        auto writer = logs::FileLogWriter::open(logs(), job.id, m_clock);
        QVERIFY(writer && (*writer)->append(StepNumber(1), LogStream::Stdout, 0, "text\n", m_clock.wall()));
        QVERIFY((*writer)->seal());
        QFile seal(logs() + u'/' + id + u".seal"_s);
        QVERIFY(seal.open(QIODevice::ReadWrite));
        const auto now = QDateTime::fromMSecsSinceEpoch(m_clock.wall().time_since_epoch().count(), QTimeZone::UTC);
        QVERIFY(seal.setFileTime(now, QFileDevice::FileModificationTime));
    }
    Artifact addArtifact(const QString &job, const QString &name)
    {
        Sha256 digest;
        digest.add("content");
        const Mailbox home(this);
        const auto begun = await<artifacts::UploadResult<artifacts::UploadStart>>(
            [&](auto done) { m_artifacts->begin({JobId(job), name, digest.finishHex()}, {}, home, std::move(done)); });
        const auto id = std::get<artifacts::UploadId>(*begun);
        std::ignore = await<artifacts::UploadResult<void>>(
            [&](auto done) { m_artifacts->append(id, "content", home, std::move(done)); });
        return *await<artifacts::UploadResult<Artifact>>(
            [&](auto done) { m_artifacts->finish(id, home, std::move(done)); });
    }
    RetentionService::Settings settingsOf(RetentionService::Settings settings) const
    {
        settings.passed = [this] {
            return std::chrono::duration_cast<milliseconds>(m_clock.steady().time_since_epoch());
        };
        return settings;
    }
    RetentionPlan plan()
    {
        return *await<Result<RetentionPlan>>([&](auto done) { m_service->plan(this, std::move(done)); });
    }
    RetentionPlan run()
    {
        return *await<Result<RetentionPlan>>([&](auto done) { m_service->run(this, std::move(done)); });
    }
    static QStringList jobsOf(const RetentionPlan &plan)
    {
        QStringList jobs;
        for (const logs::FinishedLog &log : plan.logs)
            jobs.append(log.job.value());
        return jobs;
    }

private slots:
    void init()
    {
        m_directory = std::make_unique<QTemporaryDir>();
        m_rules = {};
        QVERIFY(QDir().mkpath(logs()));
        m_store = std::move(*store::Store::open(m_directory->filePath(u"danube.sqlite"_s)));
        m_keeper = std::make_unique<logs::LogKeeper>(logs(), std::chrono::hours(1), m_clock);
        m_artifacts = std::move(
            *artifacts::ArtifactStore::open({.directory = m_directory->filePath(u"artifacts"_s)}, *m_store, m_clock));
        m_service = std::make_unique<RetentionService>(
            RetentionService::Services{m_clock, *m_store, *m_keeper, *m_artifacts, [this] { return m_rules; }},
            RetentionService::Settings{});
    }
    void cleanup()
    {
        m_service.reset();
        m_artifacts.reset();
        m_keeper.reset();
        QVERIFY(m_store->close(seconds(10)));
    }

    void withoutRulesEverythingStays()
    {
        addJob(u"j1"_s);
        addArtifact(u"j1"_s, u"a"_s);
        m_clock.advance(days(10'000));
        QVERIFY(plan().isEmpty());
        QVERIFY(run().isEmpty());
        QVERIFY(logFiles().contains(u"j1.log"_s));
        m_rules.logs = days(0); // means the same
        QVERIFY(plan().isEmpty());
    }
    void whatIsPlannedIsRemovedAndNothingElse()
    {
        addJob(u"j1"_s);
        const Artifact old = addArtifact(u"j1"_s, u"old"_s);
        m_clock.advance(days(5));
        const Artifact young = addArtifact(u"j1"_s, u"young"_s);
        addJob(u"j2"_s);
        m_rules = {.logs = days(7), .artifacts = days(6), .registryImages = {}};
        m_clock.advance(days(1));
        QVERIFY(plan().isEmpty()); // on the very day it stays
        m_clock.advance(days(1) + milliseconds(1));
        const RetentionPlan planned = plan();
        QCOMPARE(jobsOf(planned), QStringList(u"j1"_s));
        QCOMPARE(planned.artifacts.size(), 1);
        QCOMPARE(planned.artifacts.first().id, old.id);
        QVERIFY(logFiles().contains(u"j1.log"_s)); // planning removes nothing
        QVERIFY(m_store->artifact(old.id));

        QVERIFY(run() == planned);
        QCOMPARE(logFiles(), QStringList({u"j1.seal"_s, u"j2.idx"_s, u"j2.log"_s, u"j2.seal"_s}));
        QCOMPARE(m_store->artifact(old.id).error().code, ErrorCode::NotFound);
        QVERIFY(m_artifacts->open(young.id));
        const QString folder = m_directory->filePath(u"artifacts/j1"_s);
        QVERIFY(QTest::qWaitFor([&] { return QDir(folder).entryList(QDir::Files) == QStringList(young.id.value()); },
                                30'000));
        QVERIFY(m_store->job(JobId(u"j1"_s))); // the job itself is history
        QVERIFY(plan().isEmpty());
    }
    void aClockInThePastRemovesNothing()
    {
        addJob(u"j1"_s);
        m_rules.logs = days(1);
        m_clock.setWall(WallTime{});
        QVERIFY(plan().isEmpty());
    }
    void aClockSetFarAheadRemovesNothingUntilTheNextRun()
    {
        addJob(u"j1"_s);
        m_rules.logs = days(1);
        RetentionService service({m_clock, *m_store, *m_keeper, *m_artifacts, [this] { return m_rules; }},
                                 settingsOf({.firstRun = milliseconds(1), .interval = milliseconds(100)}));
        int postponed = 0;
        QStringList then;
        connect(&service, &RetentionService::postponed, this, [&](milliseconds jump) {
            ++postponed;
            QVERIFY(jump > days(3'000));
            then = logFiles();
        });
        QTest::ignoreMessage(QtWarningMsg,
                             QRegularExpression(u"run-postponed jump_ms=\\d+ reason=\"the clock was set\""_s));
        service.start();
        m_clock.setWall(m_clock.wall() + days(3'650));
        QVERIFY(QTest::qWaitFor([&] { return postponed == 1; }, 30'000));
        QVERIFY(then.contains(u"j1.log"_s));
        // It stayed so until the next run, and is believed.
        QVERIFY(QTest::qWaitFor([&] { return !logFiles().contains(u"j1.log"_s); }, 30'000));
        QCOMPARE(postponed, 1);
    }
    void timeThatPassesIsNoJump()
    {
        addJob(u"j1"_s);
        m_rules.logs = days(1);
        RetentionService service({m_clock, *m_store, *m_keeper, *m_artifacts, [this] { return m_rules; }},
                                 settingsOf({.firstRun = milliseconds(1)}));
        service.start();
        m_clock.advance(days(2));
        QVERIFY(QTest::qWaitFor([&] { return !logFiles().contains(u"j1.log"_s); }, 30'000));
    }
    void timeThatTheMachineSleptPassedToo()
    {
        timespec running{};
        QCOMPARE(::clock_gettime(CLOCK_BOOTTIME, &running), 0);
        const milliseconds told = RetentionService::Settings::sinceBoot();
        QVERIFY(told >= seconds(running.tv_sec) && told < seconds(running.tv_sec + 3'600));
        addJob(u"j1"_s);
        m_rules.logs = days(1);
        // As on a machine that sleeps: the steady clock stands still, the time since its boot does not.
        milliseconds passed{};
        RetentionService service({m_clock, *m_store, *m_keeper, *m_artifacts, [this] { return m_rules; }},
                                 {.firstRun = milliseconds(1), .passed = [&] { return passed; }});
        service.start();
        m_clock.setWall(m_clock.wall() + days(2));
        passed += days(2);
        QVERIFY(QTest::qWaitFor([&] { return !logFiles().contains(u"j1.log"_s); }, 30'000));
    }
    void whatIsTooMuchForOneRunGoesSoonAfter()
    {
        addJob(u"j1"_s);
        QList<Artifact> artifacts;
        for (const QString &name : {u"a"_s, u"b"_s, u"c"_s, u"d"_s, u"e"_s})
            artifacts.append(addArtifact(u"j1"_s, name));
        m_rules.artifacts = days(1);
        m_clock.advance(days(2));
        RetentionService service({m_clock, *m_store, *m_keeper, *m_artifacts, [this] { return m_rules; }},
                                 settingsOf({.firstRun = milliseconds(1), // the next one is due in a day
                                             .artifactsPerRun = 2,
                                             .soonAgain = milliseconds(1)}));
        service.start();
        QVERIFY(QTest::qWaitFor([&] { return m_store->artifacts(JobId(u"j1"_s))->isEmpty(); }, 30'000));
    }
    void logsGoEvenIfTheRowsOfArtifactsDoNot()
    {
        addJob(u"j1"_s);
        addArtifact(u"j1"_s, u"a"_s);
        m_rules = {.logs = days(1), .artifacts = days(1), .registryImages = {}};
        m_clock.advance(days(2));
        NoRemoval store(*m_store);
        RetentionService service({m_clock, store, *m_keeper, *m_artifacts, [this] { return m_rules; }}, settingsOf({}));
        const auto result = await<Result<RetentionPlan>>([&](auto done) { service.run(this, std::move(done)); });
        QCOMPARE(result.error().code, ErrorCode::ResourceExhausted);
        QCOMPARE(logFiles(), QStringList(u"j1.seal"_s));
        QCOMPARE(m_store->artifacts(JobId(u"j1"_s))->size(), 1);
        QVERIFY(await<Result<RetentionPlan>>([&](auto done) { m_service->run(this, std::move(done)); }));
        QVERIFY(m_store->artifacts(JobId(u"j1"_s))->isEmpty());
    }
    void twoRunsAtOnceAreRefused()
    {
        std::optional<ErrorCode> second;
        bool first = false;
        m_service->run(this, [&](const Result<RetentionPlan> &) { first = true; });
        m_service->run(this, [&](const Result<RetentionPlan> &result) { second = result.error().code; });
        QVERIFY(second == ErrorCode::Conflict);
        QVERIFY(QTest::qWaitFor([&] { return first; }, 30'000));
    }
    void thePlanSaysHowMuch()
    {
        RetentionPlan plan;
        plan.rules.logs = days(30);
        for (int i = 0; i < 1'500; ++i)
            plan.logs.append({JobId(u"j%1"_s.arg(i)), m_clock.wall(), 10});
        const QJsonObject json = toJson(plan);
        QCOMPARE(json.value("logs_days"_L1).toInt(), 30);
        QVERIFY(json.value("artifacts_days"_L1).isNull());
        QCOMPARE(json.value("log_count"_L1).toInt(), 1'500);
        QCOMPARE(json.value("logs"_L1).toArray().size(), 1'000);
        QCOMPARE(json.value("bytes"_L1).toInt(), 15'000);
    }
};

QTEST_GUILESS_MAIN(TestRetentionService)
#include "tst_retentionservice.moc"
