// SPDX-License-Identifier: GPL-3.0-or-later
// A job's life as seen from outside: queue, start, end, cancel, retry, timeouts.
#include "tests/support/jobs/engineworld.h"

#include "server/logs/logreader.h"

#include <QSignalSpy>
#include <QTest>

using namespace danube;
using namespace danube::jobs;
using namespace danube::tests;
using namespace Qt::StringLiterals;

class TestEngine : public QObject
{
    Q_OBJECT

    std::unique_ptr<EngineWorld> m_world;
    EngineWorld &world() { return *m_world; }

    bool isSealed(const JobId &job)
    {
        const auto reader = logs::LogReader::open(world().directory.filePath(u"logs"_s), job);
        return reader && (*reader)->refresh() && (*reader)->seal();
    }
    QByteArray systemLog(const JobId &job) { return world().logOf(job, StepNumber::Coordinator, LogStream::System); }

private slots:
    void init()
    {
        m_world = std::make_unique<EngineWorld>();
        QVERIFY(world().start());
    }
    void cleanup() { m_world.reset(); }

    void aTriggeredJobIsStoredBeforeItIsAnswered()
    {
        const auto call = world().trigger(u"build"_s, u"main"_s);
        QVERIFY(world().waitUntil([&] { return call.isDone(); }));
        const Job job = call.value();
        QCOMPARE(job.number, 1);
        QCOMPARE(job.ref, u"main"_s);
        QCOMPARE(job.triggerType, u"api"_s);
        QCOMPARE(job.triggeredBy, u"ada"_s);
        QCOMPARE(job.repository, u"https://git.example.org/build.git"_s);
        QVERIFY(job.createdAt == world().clock.wall());
        QVERIFY(world().store.job(job.id).has_value());
    }

    void aRaisedLimitLetsWaitingJobsGo()
    {
        world().addPipeline({.maxConcurrent = 1});
        const JobId first = world().running();
        const JobId second = world().triggered();
        QVERIFY(!first.isEmpty() && !second.isEmpty());
        QCOMPARE(world().engine().counts().queued, 1);
        world().addPipeline({.maxConcurrent = 2});
        world().engine().readLimits();
        QVERIFY(world().waitFor(second, JobState::Running));
    }

    void runsAJobToItsEnd_data()
    {
        QTest::addColumn<int>("code");
        QTest::addColumn<JobState>("state");
        QTest::addColumn<QString>("reason");
        QTest::newRow("success") << 0 << JobState::Success << QString();
        QTest::newRow("failure") << 5 << JobState::Failure << u"the pipeline script failed: exit code 5"_s;
    }

    void runsAJobToItsEnd()
    {
        QFETCH(int, code);
        const JobId id = world().running();
        QVERIFY(!id.isEmpty());
        const Job running = world().row(id);
        QCOMPARE(running.commit, QString(40, u'c'));
        QCOMPARE(running.branch, u"main"_s);
        QVERIFY(running.deadline == world().clock.wall() + std::chrono::hours(1));
        QCOMPARE(world().engine().counts().running, 1);
        world().cluster.exitCoordinator(id, code);
        QVERIFY(world().waitForEnd(id));
        const Job job = world().row(id);
        QTEST(job.state, "state");
        QTEST(job.reason, "reason");
        QVERIFY(job.finishedAt == world().clock.wall());
        QVERIFY(!world().cluster.find(id));
        QVERIFY(isSealed(id));
        QVERIFY(systemLog(id).contains("job ended: " + toText(job.state).toUtf8()));
        QCOMPARE(world().engine().counts().running, 0);
    }

    void goesThroughItsStatesInOrderAndTellsThem()
    {
        QSignalSpy changed(&world().engine(), &Engine::jobChanged);
        const JobId id = world().running();
        world().cluster.exitCoordinator(id, 0);
        QVERIFY(world().waitForEnd(id));
        QCOMPARE(world().store.statesOf(id),
                 (QList{JobState::Pending, JobState::Scheduling, JobState::Running, JobState::Success}));
        QList<JobState> told;
        for (const auto &arguments : changed) {
            const auto state = arguments.first().value<Job>().state;
            if (told.isEmpty() || told.last() != state)
                told.append(state);
        }
        QCOMPARE(told, world().store.statesOf(id));
    }

    void aLimitRaisedWhileAJobIsBeingWrittenHolds()
    {
        world().addPipeline({.maxConcurrent = 1});
        QVERIFY(!world().running().isEmpty());
        const auto second = world().trigger();
        const auto third = world().trigger();
        QVERIFY(!second.isDone());
        world().addPipeline({.maxConcurrent = 3});
        world().engine().readLimits();
        QVERIFY(world().waitUntil([&] { return second.isDone() && third.isDone(); }));
        QVERIFY(world().waitFor(second.value().id, JobState::Running));
        QVERIFY(world().waitFor(third.value().id, JobState::Running));
    }

    void refusesParametersThatAreNoNames()
    {
        for (const QString &name : {u""_s, u"a b"_s, u"1a"_s, u"a=b"_s, u"LD_PRELOAD\n"_s, QString(65, u'a')}) {
            Call<Job> call;
            world().engine().trigger(
                {.pipeline = u"build"_s, .ref = {}, .params = {{name, u"3"_s}}, .principal = world().principal}, this,
                call.callback());
            QVERIFY(world().waitUntil([&] { return call.isDone(); }));
            QVERIFY2(call.failedWith(ErrorCode::InvalidArgument), qPrintable(name));
        }
    }

    void givesTheCoordinatorItsSurroundings()
    {
        Call<Job> call;
        world().engine().trigger(
            {.pipeline = u"build"_s, .ref = {}, .params = {{u"level"_s, u"3"_s}}, .principal = world().principal}, this,
            call.callback());
        QVERIFY(world().waitUntil([&] { return call.isDone(); }));
        const JobId id = call.value().id;
        QVERIFY(world().waitFor(id, JobState::Running));
        const JobLaunch &launch = world().cluster.find(id)->launch;
        QCOMPARE(launch.token.reveal(), world().keyring.jobToken(id).reveal());
        QCOMPARE(launch.rpcUrl, u"http://127.0.0.1:9000"_s);
        const auto has = [&launch](const QString &key, const QString &value) {
            return launch.coordinatorEnvironment.contains(std::pair{key, value});
        };
        QVERIFY(has(u"DANUBE_JOB_ID"_s, id.value()));
        QVERIFY(has(u"DANUBE_COMMIT_SHA"_s, QString(40, u'c')));
        QVERIFY(has(u"DANUBE_SCRIPT"_s, u"danubefile.py"_s));
        QVERIFY(has(u"DANUBE_PARAMS"_s, u"{\"level\":\"3\"}"_s));
    }

    void refusesToBegin_data()
    {
        QTest::addColumn<QString>("pipeline");
        QTest::addColumn<bool>("draining");
        QTest::addColumn<ErrorCode>("code");
        QTest::newRow("unknown pipeline") << u"nothing"_s << false << ErrorCode::NotFound;
        QTest::newRow("draining") << u"build"_s << true << ErrorCode::Unavailable;
    }

    void refusesToBegin()
    {
        QFETCH(QString, pipeline);
        QFETCH(bool, draining);
        QFETCH(ErrorCode, code);
        if (draining)
            world().engine().drain();
        QVERIFY(world().trigger(pipeline).failedWith(code));
        QCOMPARE(world().store.writes(), 0);
    }

    void tellsWhenTheStoreIsFull()
    {
        world().store.failNext(1);
        const auto call = world().trigger();
        QVERIFY(world().waitUntil([&] { return call.isDone(); }));
        QVERIFY(call.failedWith(ErrorCode::ResourceExhausted));
        QVERIFY(!world().running().isEmpty());
    }

    void boundsTheQueue()
    {
        world().crash();
        world().settings.maxConcurrentJobs = 1;
        world().settings.maxQueuedJobs = 2;
        QVERIFY(world().start());
        QVERIFY(!world().running().isEmpty());
        const auto second = world().trigger();
        const auto third = world().trigger();
        QVERIFY(world().trigger().failedWith(ErrorCode::ResourceExhausted));
        QVERIFY(world().waitUntil([&] { return second.isDone() && third.isDone(); }));
        QCOMPARE(world().engine().counts().queued, 2);
        QVERIFY(world().trigger().failedWith(ErrorCode::ResourceExhausted));
    }

    void aSlotIsFreeOnlyWhenTheContainersAreGone()
    {
        world().addPipeline({.name = u"single"_s, .maxConcurrent = 1});
        const JobId first = world().running(u"single"_s);
        const JobId second = world().triggered(u"single"_s);
        const JobId other = world().running();
        QVERIFY(!other.isEmpty());
        QCOMPARE(world().row(second).state, JobState::Pending);
        world().cluster.exitCoordinator(first, 0);
        QVERIFY(world().waitFor(second, JobState::Running));
        QVERIFY(world().ended.contains(first));
    }

    void saysWhyTheSourceIsMissing()
    {
        world().source.error = Error{ErrorCode::NotFound, u"branch nowhere: there is none"_s};
        const JobId id = world().triggered();
        QVERIFY(world().waitForEnd(id));
        QCOMPARE(world().row(id).state, JobState::Failure);
        QCOMPARE(world().row(id).reason, u"the source could not be fetched: branch nowhere: there is none"_s);
        QVERIFY(world().executor().launched.isEmpty());
        QVERIFY(isSealed(id));
    }

    void givesUpOnASourceThatNeverComes()
    {
        world().source.isSilent = true;
        const JobId id = world().triggered();
        QVERIFY(world().waitUntil([&] { return !world().source.askedRefs.isEmpty(); }));
        world().clock.advance(world().settings.schedulingTimeout + milliseconds(1));
        QVERIFY(world().waitForEnd(id));
        QCOMPARE(world().row(id).reason, u"the job could not be started within 300 s"_s);
        QCOMPARE(world().row(id).state, JobState::Failure);
    }

    void givesUpOnContainersThatNeverStart()
    {
        world().executor().faults.launchDelay = std::chrono::hours(1);
        const JobId id = world().triggered();
        QVERIFY(world().waitUntil([&] { return world().executor().launched.contains(id); }));
        world().clock.advance(world().settings.schedulingTimeout + milliseconds(1));
        QVERIFY(world().waitForEnd(id));
        QCOMPARE(world().row(id).state, JobState::Failure);
        QVERIFY(!world().cluster.find(id));
    }

    void aRefusedLaunchFailsTheJobWithItsSentence()
    {
        world().executor().faults.refuseLaunch = u"image debian:99 does not exist"_s;
        const JobId id = world().triggered();
        QVERIFY(world().waitForEnd(id));
        QCOMPARE(world().row(id).reason, u"image debian:99 does not exist"_s);
        QCOMPARE(world().executor().releaseCalls, QList{id});
    }

    void killsAJobAtItsDeadline()
    {
        const JobId id = world().running();
        const auto step = world().runStep(id, u"wait"_s);
        QVERIFY(world().waitForStep(id, StepNumber(1), StepState::Running));
        world().clock.advance(std::chrono::hours(1) + milliseconds(1));
        QVERIFY(world().waitForEnd(id));
        QCOMPARE(world().row(id).state, JobState::Timeout);
        QCOMPARE(world().row(id).reason, u"the job took longer than 3600 s"_s);
        QCOMPARE(step.value().outcome.kind, OutcomeKind::Timeout);
    }

    void aJobJustBeforeItsDeadlineLives()
    {
        const JobId id = world().running();
        world().clock.advance(std::chrono::hours(1) - milliseconds(1));
        QTest::qWait(20);
        QVERIFY(!world().row(id).verdict);
    }

    void aJumpOfTheClockChangesNoDeadline_data()
    {
        QTest::addColumn<int>("hours");
        QTest::newRow("ten years ahead") << 87'600;
        QTest::newRow("ten years back") << -87'600;
    }
    void aJumpOfTheClockChangesNoDeadline()
    {
        QFETCH(const int, hours);
        const JobId id = world().running();
        world().clock.setWall(world().clock.wall() + std::chrono::hours(hours));
        world().clock.advance(std::chrono::hours(1) - milliseconds(1));
        QTest::qWait(20);
        QVERIFY(!world().row(id).verdict);
        world().clock.advance(milliseconds(2));
        QVERIFY(world().waitForEnd(id));
        QCOMPARE(world().row(id).state, JobState::Timeout);
    }

    void cancelsAWaitingJobWithoutEverStartingIt()
    {
        world().addPipeline({.name = u"single"_s, .maxConcurrent = 1});
        QVERIFY(!world().running(u"single"_s).isEmpty());
        const JobId waiting = world().triggered(u"single"_s);
        const auto call = world().cancel(waiting);
        QVERIFY(world().waitUntil([&] { return call.isDone(); }));
        QCOMPARE(call.value().state, JobState::Cancelled);
        QCOMPARE(call.value().reason, u"cancelled by ada"_s);
        QVERIFY(!world().executor().launched.contains(waiting));
        QVERIFY(!world().executor().releaseCalls.contains(waiting));
        QVERIFY(world().waitForEnd(waiting));
        QCOMPARE(world().engine().counts().queued, 0);
    }

    void cancelKillsStepsAndIsRemembered()
    {
        const JobId id = world().running();
        const auto step = world().runStep(id, u"wait"_s);
        QVERIFY(world().waitForStep(id, StepNumber(1), StepState::Running));
        const auto first = world().cancel(id);
        const auto again = world().cancel(id);
        QVERIFY(world().waitUntil([&] { return first.isDone() && again.isDone(); }));
        QVERIFY(first.value().cancelRequested && again.value().cancelRequested);
        QVERIFY(world().waitForEnd(id));
        QCOMPARE(world().row(id).state, JobState::Cancelled);
        QCOMPARE(step.value().outcome.kind, OutcomeKind::Cancelled);
        QVERIFY(world().cancel(id).failedWith(ErrorCode::Conflict));
        QVERIFY(world().cancel(JobId(u"nothing"_s)).failedWith(ErrorCode::NotFound));
    }

    void failsForAFatalViolationOnly()
    {
        const JobId id = world().running();
        const auto step = world().runStep(id, u"wait"_s);
        QVERIFY(world().waitForStep(id, StepNumber(1), StepState::Running));
        world().engine().reportViolation(id, u"egress to a.example.org was refused"_s, Violation::Noted);
        QCOMPARE(world().row(id).state, JobState::Running);
        world().engine().reportViolation(id, u"egress to b.example.org was refused"_s, Violation::Fatal);
        QVERIFY(world().waitForEnd(id));
        QCOMPARE(world().row(id).state, JobState::Failure);
        QCOMPARE(world().row(id).reason, u"egress to b.example.org was refused"_s);
        world().engine().reportViolation(id, u"late"_s, Violation::Fatal); // an ended job stays as it is
        QCOMPARE(world().row(id).reason, u"egress to b.example.org was refused"_s);
    }

    void cancelWithNobodyToKillEndsToo()
    {
        const JobId id = world().running();
        world().executor().faults.ignoreKills = true;
        const auto step = world().runStep(id, u"wait"_s);
        QVERIFY(world().waitForStep(id, StepNumber(1), StepState::Running));
        const auto call = world().cancel(id);
        QVERIFY(world().waitUntil([&] { return call.isDone(); }));
        world().clock.advance(world().settings.killGrace + world().settings.stopMargin + milliseconds(1));
        QVERIFY(world().waitForEnd(id));
        QCOMPARE(step.value().outcome.kind, OutcomeKind::Cancelled);
        QCOMPARE(world().store.steps(id)->first().state, StepState::Finished);
    }

    void theFirstVerdictStands()
    {
        const JobId id = world().running();
        world().executor().faults.swallowedReleases = 1;
        world().cluster.exitCoordinator(id, 0);
        QVERIFY(world().waitUntil([&] { return world().row(id).verdict.has_value(); }));
        QVERIFY(world().cancel(id).failedWith(ErrorCode::Conflict));
        QVERIFY(world().waitUntil([&] { return !world().executor().releaseCalls.isEmpty(); }));
        world().clock.advance(std::chrono::hours(2)); // deadline and release timeout both pass
        QVERIFY(world().waitForEnd(id));
        QCOMPARE(world().row(id).state, JobState::Success);
        QCOMPARE(world().executor().releaseCalls.size(), 2);
    }

    void endsWithoutAnExecutorThatAnswers()
    {
        const JobId id = world().running();
        world().executor().faults.swallowedReleases = 100;
        world().cluster.exitCoordinator(id, 0);
        QVERIFY(world().waitUntil([&] {
            world().clock.advance(world().settings.releaseTimeout);
            return world().ended.contains(id);
        }));
        QCOMPARE(world().row(id).state, JobState::Success);
        QCOMPARE(world().executor().releaseCalls.size(), 3);
    }

    void aLostJobTellsItsCallers()
    {
        const JobId id = world().running();
        const auto step = world().runStep(id, u"wait"_s);
        QVERIFY(world().waitForStep(id, StepNumber(1), StepState::Running));
        world().cluster.destroy(id, u"the agent is dead"_s);
        QVERIFY(world().waitForEnd(id));
        QCOMPARE(world().row(id).state, JobState::Failure);
        QCOMPARE(world().row(id).reason, u"the agent is dead"_s);
        QCOMPARE(describe(step.value().outcome), u"lost: the agent is dead"_s);
    }

    void keepsTryingToWriteAVerdict()
    {
        const JobId id = world().running();
        world().store.failNext(2);
        world().cluster.exitCoordinator(id, 0);
        QVERIFY(world().waitForEnd(id));
        QCOMPARE(world().row(id).state, JobState::Success);
    }

    void retryIsANewJobOnTheSameCommit()
    {
        const JobId id = world().running();
        QVERIFY(world().retry(id).failedWith(ErrorCode::Conflict));
        world().cluster.exitCoordinator(id, 1);
        QVERIFY(world().waitForEnd(id));
        const auto call = world().retry(id);
        QVERIFY(world().waitUntil([&] { return call.isDone(); }));
        const Job again = call.value();
        QVERIFY(again.id != id);
        QCOMPARE(again.retryOf, id);
        QCOMPARE(again.attempt, 2);
        QCOMPARE(again.commit, QString(40, u'c'));
        QCOMPARE(again.branch, u"main"_s);
        QCOMPARE(again.triggerType, u"retry"_s);
        QVERIFY(world().waitFor(again.id, JobState::Running));
        QCOMPARE(world().source.askedRefs.last(), QString(40, u'c'));
        QVERIFY(world().retry(JobId(u"nothing"_s)).failedWith(ErrorCode::NotFound));
        world().engine().drain();
        QVERIFY(world().retry(id).failedWith(ErrorCode::Unavailable));
    }

    void drainingStartsNothingNewAndLetsRunningJobsEnd()
    {
        world().addPipeline({.name = u"single"_s, .maxConcurrent = 1});
        const JobId id = world().running(u"single"_s);
        const JobId waiting = world().triggered(u"single"_s);
        const auto step = world().runStep(id, u"wait"_s);
        QVERIFY(world().waitForStep(id, StepNumber(1), StepState::Running));
        world().engine().drain();
        QVERIFY(world().engine().isDraining());
        QVERIFY(world().runStep(id, u"exit 0"_s).failedWith(ErrorCode::Unavailable));
        world().cluster.finishStep(id, StepNumber(1), {.kind = OutcomeKind::Exited, .exitCode = 0, .message = {}});
        QVERIFY(world().waitUntil([&] { return step.isDone(); }));
        world().cluster.exitCoordinator(id, 0);
        QVERIFY(world().waitForEnd(id));
        QCOMPARE(world().row(waiting).state, JobState::Pending);
    }

    void everySignalMayComeTwice()
    {
        world().executor().faults.repeatSignals = true;
        const JobId id = world().running();
        const auto step = world().runStep(id, u"exit 3"_s);
        QVERIFY(world().waitUntil([&] { return step.isDone(); }));
        QCOMPARE(step.value().outcome.exitCode, 3);
        world().cluster.exitCoordinator(id, 0);
        QVERIFY(world().waitForEnd(id));
        QTest::qWait(5);
        QCOMPARE(step.count(), 1);
        QCOMPARE(world().ended, QList{id});
        QCOMPARE(world().row(id).state, JobState::Success);
    }
};

QTEST_GUILESS_MAIN(TestEngine)
#include "tst_engine.moc"
