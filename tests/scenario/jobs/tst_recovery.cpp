// SPDX-License-Identifier: GPL-3.0-or-later
// What a new master finds: single situations, each with the right end.
#include "tests/support/jobs/engineworld.h"

#include "server/logs/logreader.h"

#include <QDir>
#include <QRegularExpression>
#include <QTest>

using namespace danube;
using namespace danube::jobs;
using namespace danube::tests;
using namespace Qt::StringLiterals;

class TestRecovery : public QObject
{
    Q_OBJECT

    std::unique_ptr<EngineWorld> m_world;
    EngineWorld &world() { return *m_world; }

    bool restart()
    {
        world().crash();
        world().store.revive();
        return world().start();
    }
    bool isAdopted(const JobId &job)
    {
        return world().waitUntil([&] { return world().engine().checkJob(job, job).has_value(); });
    }
    // A job with one step that runs.
    JobId withRunningStep(const QString &script, const QString &request)
    {
        const JobId job = world().running();
        (void)world().runStep(job, script, request);
        return world().waitForStep(job, StepNumber(1), StepState::Running) ? job : JobId();
    }
    void finish(const JobId &job, int code)
    {
        world().cluster.finishStep(job, StepNumber(1), {.kind = OutcomeKind::Exited, .exitCode = code, .message = {}});
    }

private slots:
    void init()
    {
        m_world = std::make_unique<EngineWorld>();
        world().secrets.values = {{u"KEY"_s, "s3cr3t-value"}};
        world().addPipeline({.secrets = {u"KEY"_s}});
        QVERIFY(world().start());
    }
    void cleanup() { m_world.reset(); }

    void aRunningStepIsAdoptedAndItsCallerFindsItAgain()
    {
        const JobId job = withRunningStep(u"wait"_s, u"r1"_s);
        QVERIFY(restart());
        QVERIFY(isAdopted(job));
        const auto again = world().runStep(job, u"wait"_s, u"r1"_s);
        finish(job, 6);
        QVERIFY(world().waitUntil([&] { return again.isDone(); }));
        QCOMPARE(again.value().outcome.exitCode, 6);
        QCOMPARE(world().cluster.allStepStarts(job), 1);
        QCOMPARE(world().executor().launched, QList{job});
    }

    void aRunningStepIsAdoptedWithoutItsCaller()
    {
        const JobId job = withRunningStep(u"wait"_s, {});
        QVERIFY(restart());
        QVERIFY(isAdopted(job));
        finish(job, 0);
        QVERIFY(world().waitForStep(job, StepNumber(1), StepState::Finished));
        QVERIFY(world().store.steps(job)->first().outcome->isSuccess());
    }

    void aStepInAnImageOfItsOwnIsAdoptedThere()
    {
        const JobId job = world().running();
        protocol::RunStepRequest request;
        request.job = job;
        request.command = u"wait"_s;
        request.image = u"localhost/tool:1"_s;
        (void)world().runStep(request);
        QVERIFY(world().waitForStep(job, StepNumber(1), StepState::Running));
        QVERIFY(restart());
        QVERIFY(isAdopted(job));
        finish(job, 6);
        QVERIFY(world().waitForStep(job, StepNumber(1), StepState::Finished));
        QCOMPARE(world().store.steps(job)->first().outcome->exitCode, 6);
    }

    void whatWasAnsweredIsAnsweredAgainWithItsOutput()
    {
        const JobId job = world().running();
        const auto first = world().runStep(job, u"echo kept; exit 3"_s, u"r1"_s, true);
        QVERIFY(world().waitUntil([&] { return first.isDone(); }));
        QVERIFY(restart());
        QVERIFY(isAdopted(job));
        const auto again = world().runStep(job, u"echo kept; exit 3"_s, u"r1"_s, true);
        QVERIFY(world().waitUntil([&] { return again.isDone(); }));
        QVERIFY(again.value().outcome == first.value().outcome);
        QCOMPARE(again.value().stdoutText, QByteArray("kept\n"));
        QVERIFY(world().runStep(job, u"echo other"_s, u"r1"_s).failedWith(ErrorCode::Conflict));
        QCOMPARE(world().cluster.allStepStarts(job), 1);
    }

    void anIntendedStepIsStartedByItsCallerAlone()
    {
        const JobId job = world().running();
        world().store.dieAfter(1);
        (void)world().runStep(job, u"exit 4"_s, u"r1"_s);
        QVERIFY(restart());
        QVERIFY(isAdopted(job));
        QTest::qWait(20);
        QCOMPARE(world().cluster.allStepStarts(job), 0); // its command died with the master
        const auto again = world().runStep(job, u"exit 4"_s, u"r1"_s);
        QVERIFY(world().waitUntil([&] { return again.isDone(); }));
        QCOMPARE(again.value().outcome.exitCode, 4);
        QCOMPARE(world().cluster.allStepStarts(job), 1);
        QCOMPARE(world().store.steps(job)->size(), 1);
    }

    void anIntendedStepNobodyCanAskForAgainIsLost()
    {
        const JobId job = world().running();
        world().store.dieAfter(1);
        (void)world().runStep(job, u"exit 0"_s);
        QVERIFY(restart());
        QVERIFY(world().waitForStep(job, StepNumber(1), StepState::Finished));
        QCOMPARE(world().store.steps(job)->first().outcome->kind, OutcomeKind::Lost);
        QCOMPARE(world().cluster.allStepStarts(job), 0);
    }

    void callersAreToldToWaitUntilTheirJobIsAdopted()
    {
        const JobId job = withRunningStep(u"wait"_s, u"r1"_s);
        QVERIFY(restart());
        QVERIFY(world().runStep(job, u"wait"_s, u"r1"_s).failedWith(ErrorCode::Unavailable));
        QVERIFY(world().getSecret(job, u"KEY"_s).failedWith(ErrorCode::Unavailable));
        QVERIFY(isAdopted(job));
    }

    void nobodyIsToldNotFoundBeforeTheRecovery()
    {
        const JobId job = world().running();
        Engine early({world().clock, world().store, world().logs(), world().executor(), world().keyring,
                      world().secrets, world().source, world().pipelines},
                     world().settings);
        QCOMPARE(early.checkJob(job, job).error().code, ErrorCode::Unavailable);
        Call<Job> call;
        early.trigger({.pipeline = u"build"_s, .ref = {}, .params = {}, .principal = world().principal}, this,
                      call.callback());
        QVERIFY(call.failedWith(ErrorCode::Unavailable));
    }

    void aJobWhoseContainersAreGoneNeverRunsAgain()
    {
        const JobId job = withRunningStep(u"wait"_s, u"r1"_s);
        world().crash();
        world().cluster.takeDown(job);
        QVERIFY(world().start());
        QVERIFY(world().waitForEnd(job));
        QCOMPARE(world().row(job).state, JobState::Failure);
        QCOMPARE(world().row(job).reason, u"the job's containers are gone"_s);
        QCOMPARE(world().store.steps(job)->first().outcome->kind, OutcomeKind::Lost);
        QCOMPARE(world().cluster.coordinatorStarts(job), 1);
    }

    void aJobThatNeverRanIsStartedAgain()
    {
        world().executor().faults.launchDelay = std::chrono::hours(1);
        const JobId job = world().triggered();
        QVERIFY(world().waitUntil([&] { return world().executor().launched.contains(job); }));
        world().crash();
        world().cluster.takeDown(job); // the machine was rebooted, say
        QVERIFY(world().start());
        QVERIFY(world().waitFor(job, JobState::Running));
    }

    void theDeadlineIsThatOfTheRow()
    {
        const JobId job = withRunningStep(u"wait"_s, u"r1"_s);
        const Job before = world().row(job);
        world().crash();
        world().clock.advance(std::chrono::hours(1) + milliseconds(1));
        QVERIFY(world().start());
        QVERIFY(world().waitForEnd(job));
        QCOMPARE(world().row(job).state, JobState::Timeout);
        QVERIFY(world().row(job).deadline == before.deadline);
        QCOMPARE(world().store.steps(job)->first().outcome->kind, OutcomeKind::Timeout);
    }

    void whatEndedMeanwhileIsLearned()
    {
        const JobId job = world().running();
        world().crash();
        world().cluster.exitCoordinator(job, 0);
        QVERIFY(world().start());
        QVERIFY(world().waitForEnd(job));
        QCOMPARE(world().row(job).state, JobState::Success);
    }

    void aVerdictIsKeptWhateverHappensMeanwhile()
    {
        const JobId job = world().running();
        world().executor().faults.swallowedReleases = 1;
        world().cluster.exitCoordinator(job, 0);
        QVERIFY(world().waitUntil([&] { return !world().executor().releaseCalls.isEmpty(); }));
        world().crash();
        world().cluster.takeDown(job);
        world().clock.advance(std::chrono::hours(2)); // past the deadline
        QVERIFY(world().start());
        QVERIFY(world().waitForEnd(job));
        QCOMPARE(world().row(job).state, JobState::Success);
        QVERIFY(world().executor().launched.isEmpty());
    }

    void aCancellationIsRemembered()
    {
        const JobId job = withRunningStep(u"wait"_s, u"r1"_s);
        world().store.dieAfter(1);
        const auto call = world().cancel(job);
        QVERIFY(world().row(job).cancelRequested);
        QVERIFY(restart());
        QVERIFY(world().waitForEnd(job));
        QCOMPARE(world().row(job).state, JobState::Cancelled);
        QVERIFY(!world().cluster.find(job));
        QCOMPARE(world().store.steps(job)->first().outcome->kind, OutcomeKind::Cancelled);
    }

    void secretsStayMasked()
    {
        const JobId job = world().running();
        const auto secret = world().getSecret(job, u"KEY"_s);
        QVERIFY(world().waitUntil([&] { return secret.isDone(); }));
        QVERIFY(restart());
        QVERIFY(isAdopted(job));
        const QString token = QString::fromLatin1(world().keyring.jobToken(job).reveal());
        const auto call = world().runStep(job, u"echo s3cr3t-value; echo "_s + token, u"r1"_s, true);
        QVERIFY(world().waitUntil([&] { return call.isDone(); }));
        QVERIFY(!call.value().stdoutText->contains("s3cr3t-value"));
        QVERIFY(!call.value().stdoutText->contains(token.toLatin1()));
        QCOMPARE(call.value().stdoutText->count('\n'), 2);
    }

    // As when somebody changes secrets.file: what is there now is not what the job was given.
    void aChangedSecretOfTheFileStaysMasked()
    {
        const JobId job = world().running();
        const auto secret = world().getSecret(job, u"KEY"_s);
        QVERIFY(world().waitUntil([&] { return secret.isDone(); }));
        world().crash();
        world().secrets.values[u"KEY"_s] = "rotated-value";
        QVERIFY(world().start());
        QVERIFY(isAdopted(job));
        const auto call = world().runStep(job, u"echo s3cr3t-value rotated-value"_s, u"r1"_s, true);
        QVERIFY(world().waitUntil([&] { return call.isDone(); }));
        QCOMPARE(call.value().stdoutText, QByteArray("*** ***\n"));
        QCOMPARE(world().store.steps(job)->first().command, u"echo *** ***"_s);
    }

    void aJobWithAStepHasRun()
    {
        world().executor().faults.launchDelay = std::chrono::hours(1);
        const JobId job = world().triggered();
        QVERIFY(world().waitUntil([&] { return world().executor().launched.contains(job); }));
        world().store.failNext(1); // that it runs; the step's intent is written
        (void)world().runStep(job, u"wait"_s, u"r1"_s);
        QVERIFY(world().waitUntil([&] { return world().cluster.allStepStarts(job) == 1; }));
        QCOMPARE(world().row(job).state, JobState::Scheduling);
        world().crash();
        world().cluster.takeDown(job);
        QVERIFY(world().start());
        QVERIFY(world().waitForEnd(job));
        QCOMPARE(world().row(job).reason, u"the job's containers are gone"_s);
        QCOMPARE(world().cluster.coordinatorStarts(job), 1);
        QCOMPARE(world().store.steps(job)->first().outcome->kind, OutcomeKind::Lost);
    }

    void aRunningJobWaitsForItsLog_data()
    {
        QTest::addColumn<bool>("comesBack");
        QTest::newRow("for a moment") << true;
        QTest::newRow("until its deadline") << false;
    }
    void aRunningJobWaitsForItsLog()
    {
        QFETCH(bool, comesBack);
        const JobId job = withRunningStep(u"wait"_s, u"r1"_s);
        world().crash();
        const QString log = world().directory.filePath(u"logs/%1.log"_s.arg(job.value()));
        QVERIFY(QFile::rename(log, log + u".away"_s));
        QVERIFY(QDir().mkdir(log)); // as if there were no descriptor left
        QTest::ignoreMessage(QtWarningMsg, QRegularExpression(u"log-not-opened"_s));
        QVERIFY(world().start());
        QTest::qWait(50);
        world().clock.advance(world().settings.schedulingTimeout + milliseconds(1));
        QTest::qWait(50);
        QVERIFY(!world().row(job).verdict);
        QVERIFY(world().runStep(job, u"wait"_s, u"r1"_s).failedWith(ErrorCode::Unavailable));
        if (!comesBack)
            world().clock.advance(std::chrono::hours(1));
        else
            QVERIFY(QDir().rmdir(log) && QFile::rename(log + u".away"_s, log));
        if (!comesBack) {
            QVERIFY(world().waitUntil([&] { return world().row(job).verdict.has_value(); }));
            QCOMPARE(*world().row(job).verdict, JobState::Timeout);
            return;
        }
        QVERIFY(isAdopted(job));
        finish(job, 0);
        QVERIFY(world().waitForStep(job, StepNumber(1), StepState::Finished));
        QVERIFY(world().store.steps(job)->first().outcome->isSuccess());
    }

    void aLostStepStaysLost()
    {
        const JobId job = withRunningStep(u"wait"_s, u"r1"_s);
        world().executor().faults.swallowedReleases = 100;
        world().cluster.destroy(job, u"the agent is dead"_s);
        QVERIFY(world().waitUntil([&] { return world().row(job).verdict.has_value(); }));
        QVERIFY(restart());
        QVERIFY(world().waitForEnd(job));
        QCOMPARE(world().row(job).reason, u"the agent is dead"_s);
        QCOMPARE(describe(*world().store.steps(job)->first().outcome), u"lost: the agent is dead"_s);
    }

    void howItEndedIsInTheLogOnce()
    {
        const JobId job = world().running();
        world().executor().faults.swallowedReleases = 1;
        world().cluster.exitCoordinator(job, 3);
        QVERIFY(world().waitUntil([&] { return world().row(job).verdict.has_value(); }));
        const QString words = u"job ended: failure: "_s + world().row(job).reason;
        world().logs().note(job, StepNumber::Coordinator, words); // and dies before the seal
        world().crash();
        QVERIFY(world().start());
        QVERIFY(world().waitForEnd(job));
        QCOMPARE(world().logOf(job, StepNumber::Coordinator, LogStream::System).count(words.toUtf8()), 1);
    }

    void aGrantedSecretThatIsGoneIsReported()
    {
        const JobId job = world().running();
        const auto secret = world().getSecret(job, u"KEY"_s);
        QVERIFY(world().waitUntil([&] { return secret.isDone(); }));
        world().secrets.values.clear();
        world().secrets.remembered.clear();
        QVERIFY(restart());
        QVERIFY(isAdopted(job));
        world().cluster.exitCoordinator(job, 0);
        QVERIFY(world().waitForEnd(job));
        QVERIFY(world().logOf(job, StepNumber::Coordinator, LogStream::System).contains("secret 'KEY'"));
    }

    void waitingJobsWaitOnInTheirOrder()
    {
        world().crash();
        world().settings.maxConcurrentJobs = 1;
        QVERIFY(world().start());
        const JobId running = world().running();
        const JobId second = world().triggered();
        const JobId third = world().triggered();
        QVERIFY(restart());
        QCOMPARE(world().engine().counts().queued, 2);
        QCOMPARE(world().engine().counts().running, 1);
        QVERIFY(isAdopted(running));
        world().cluster.exitCoordinator(running, 0);
        QVERIFY(world().waitFor(second, JobState::Running));
        QCOMPARE(world().row(third).state, JobState::Pending);
    }

    void withoutItsPipelineAWaitingJobFailsAndARunningOneGoesOn()
    {
        world().crash();
        world().settings.maxConcurrentJobs = 1;
        QVERIFY(world().start());
        const JobId running = world().running();
        const JobId waiting = world().triggered();
        world().crash();
        world().removePipelines();
        QVERIFY(world().start());
        QVERIFY(world().waitForEnd(waiting));
        QCOMPARE(world().row(waiting).state, JobState::Failure);
        QCOMPARE(world().row(waiting).reason, u"pipeline build is no longer configured"_s);
        QVERIFY(isAdopted(running));
        world().cluster.exitCoordinator(running, 0);
        QVERIFY(world().waitForEnd(running));
        QCOMPARE(world().row(running).state, JobState::Success);
    }

    // A Blueprint whose last good state is not usable: there will be one in a moment.
    void withoutAConfigurationNobodyIsRefusedYet()
    {
        world().crash();
        world().settings.maxConcurrentJobs = 3;
        QVERIFY(world().start());
        const JobId running = world().running();
        world().executor().faults.launchDelay = std::chrono::hours(1);
        const JobId begun = world().triggered();
        QVERIFY(world().waitUntil([&] { return world().executor().launched.contains(begun); }));
        world().addPipeline({.name = u"other"_s, .maxConcurrent = 1});
        QVERIFY(!world().triggered(u"other"_s).isEmpty());
        const JobId waiting = world().triggered(u"other"_s);
        world().crash();
        world().cluster.takeDown(begun);
        const auto known = std::exchange(world().pipelines, blueprint::PipelineCatalog());
        QVERIFY(world().start());
        QVERIFY(isAdopted(running)); // it needs nothing
        QVERIFY(world().getSecret(running, u"KEY"_s).failedWith(ErrorCode::Unavailable));
        QTest::qWait(20);
        for (const JobId &each : {begun, waiting})
            QVERIFY(!world().row(each).verdict);
        QVERIFY(!world().executor().launched.contains(begun));
        world().pipelines = known;
        world().engine().readLimits();
        const auto secret = world().getSecret(running, u"KEY"_s);
        QVERIFY(world().waitUntil([&] { return secret.isDone(); }));
        QCOMPARE(secret.value(), QByteArray("s3cr3t-value"));
        QVERIFY(world().waitFor(begun, JobState::Running));
        QCOMPARE(world().cluster.find(begun)->launch.pipeline.secrets, QStringList{u"KEY"_s});
        QCOMPARE(world().row(waiting).state, JobState::Pending); // at the limit of its pipeline
    }

    void whatTheFirstConfigurationDoesNotNameIsRefusedThen()
    {
        world().crash();
        world().settings.maxConcurrentJobs = 1;
        QVERIFY(world().start());
        QVERIFY(!world().running().isEmpty());
        const JobId waiting = world().triggered();
        world().crash();
        world().pipelines = blueprint::PipelineCatalog();
        QVERIFY(world().start());
        QCOMPARE(world().engine().counts().queued, 1);
        world().removePipelines();
        world().engine().readLimits();
        QVERIFY(world().waitForEnd(waiting));
        QCOMPARE(world().row(waiting).reason, u"pipeline build is no longer configured"_s);
    }

    void leftoversOfEndedJobsAreSweptAway()
    {
        const JobId job = world().running();
        world().executor().faults.swallowedReleases = 100;
        world().cluster.exitCoordinator(job, 0);
        QVERIFY(world().waitUntil([&] {
            world().clock.advance(world().settings.releaseTimeout);
            return world().ended.contains(job);
        }));
        QVERIFY(world().cluster.find(job));
        QVERIFY(restart());
        QVERIFY(!world().cluster.find(job));
    }
};

QTEST_GUILESS_MAIN(TestRecovery)
#include "tst_recovery.moc"
