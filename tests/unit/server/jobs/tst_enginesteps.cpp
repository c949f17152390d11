// SPDX-License-Identifier: GPL-3.0-or-later
// What a coordinator may ask of the engine: steps, secrets, status, source.
#include "tests/support/jobs/engineworld.h"

#include <QSignalSpy>
#include <QTest>

using namespace danube;
using namespace danube::jobs;
using namespace danube::tests;
using namespace Qt::StringLiterals;

class TestEngineSteps : public QObject
{
    Q_OBJECT

    std::unique_ptr<EngineWorld> m_world;
    JobId m_job;
    EngineWorld &world() { return *m_world; }
    template <class T> bool wait(const Call<T> &call)
    {
        return world().waitUntil([&call] { return call.isDone(); });
    }
    bool endJob(int code = 0)
    {
        world().cluster.exitCoordinator(m_job, code);
        return world().waitForEnd(m_job);
    }

private slots:
    void init()
    {
        m_world = std::make_unique<EngineWorld>();
        world().secrets.values = {{u"NPM_TOKEN"_s, "s3cr3t-value"}, {u"OTHER"_s, "not-for-you"}};
        world().addPipeline({.secrets = {u"NPM_TOKEN"_s, u"GONE"_s}});
        QVERIFY(world().start());
        m_job = world().running();
        QVERIFY(!m_job.isEmpty());
    }
    void cleanup() { m_world.reset(); }

    void answersWithTheOutcome_data()
    {
        QTest::addColumn<QString>("script");
        QTest::addColumn<OutcomeKind>("kind");
        QTest::addColumn<int>("code");
        QTest::newRow("0") << u"exit 0"_s << OutcomeKind::Exited << 0;
        QTest::newRow("3") << u"echo a; exit 3"_s << OutcomeKind::Exited << 3;
        QTest::newRow("signal") << u"kill -9 $$"_s << OutcomeKind::Signalled << 137;
    }

    void answersWithTheOutcome()
    {
        QFETCH(QString, script);
        const auto call = world().runStep(m_job, script);
        QVERIFY(wait(call));
        QTEST(call.value().outcome.kind, "kind");
        QTEST(call.value().outcome.exitCode, "code");
        const Step row = world().store.steps(m_job)->first();
        QCOMPARE(row.state, StepState::Finished); // durable before the answer
        QVERIFY(row.outcome == call.value().outcome);
        QCOMPARE(row.name, script);
        QCOMPARE(row.command, script);
        QVERIFY(!call.value().stdoutText);
    }

    void theIntentIsDurableBeforeTheStart()
    {
        world().store.dieAfter(1);
        (void)world().runStep(m_job, u"exit 0"_s);
        QTest::qWait(10);
        QCOMPARE(world().store.steps(m_job)->first().state, StepState::Intended);
        QCOMPARE(world().cluster.stepStarts(m_job, StepNumber(1)), 0);
    }

    void theResultIsDurableBeforeTheAnswer()
    {
        world().store.dieAfter(3); // intended, running, finished
        const auto call = world().runStep(m_job, u"exit 0"_s);
        QVERIFY(world().waitForStep(m_job, StepNumber(1), StepState::Finished));
        QTest::qWait(10);
        QVERIFY(!call.isDone());
    }

    void fiftyCallsOfOneRequestAreOneExecution()
    {
        QList<Call<protocol::RunStepAnswer>> calls;
        for (int i = 0; i < 50; ++i)
            calls.append(world().runStep(m_job, u"echo once; sleep 0.02; exit 4"_s, u"r1"_s, true));
        for (const auto &call : calls) {
            QVERIFY(wait(call));
            QCOMPARE(call.count(), 1);
            QVERIFY(call.value().outcome == calls.first().value().outcome);
            QCOMPARE(call.value().stdoutText, QByteArray("once\n"));
        }
        QCOMPARE(world().cluster.allStepStarts(m_job), 1);
        QCOMPARE(world().store.steps(m_job)->size(), 1);
    }

    void aRequestAnsweredIsAnsweredAgain()
    {
        const auto first = world().runStep(m_job, u"echo hello; exit 7"_s, u"r1"_s, true);
        QVERIFY(wait(first));
        const auto again = world().runStep(m_job, u"echo hello; exit 7"_s, u"r1"_s, true);
        QVERIFY(wait(again));
        QVERIFY(again.value().outcome == first.value().outcome);
        QCOMPARE(again.value().stdoutText, QByteArray("hello\n"));
        QCOMPARE(world().cluster.allStepStarts(m_job), 1);
    }

    void theSameRequestWithAnotherBodyIsAConflict()
    {
        const auto first = world().runStep(m_job, u"wait"_s, u"r1"_s);
        const auto other = world().runStep(m_job, u"exit 0"_s, u"r1"_s);
        QVERIFY(other.failedWith(ErrorCode::Conflict));
        QVERIFY(other.message().contains("r1"_L1));
        QVERIFY(!first.isDone());
    }

    void withoutARequestIdEveryCallIsAStepOfItsOwn()
    {
        const auto first = world().runStep(m_job, u"exit 0"_s);
        const auto second = world().runStep(m_job, u"exit 0"_s);
        QVERIFY(wait(first) && wait(second));
        QCOMPARE(world().cluster.allStepStarts(m_job), 2);
        QCOMPARE(world().store.steps(m_job)->size(), 2);
    }

    void stepsRunAtTheSameTime()
    {
        const auto first = world().runStep(m_job, u"wait"_s);
        const auto second = world().runStep(m_job, u"wait"_s);
        QVERIFY(world().waitForStep(m_job, StepNumber(1), StepState::Running));
        QVERIFY(world().waitForStep(m_job, StepNumber(2), StepState::Running));
        world().cluster.finishStep(m_job, StepNumber(2), {.kind = OutcomeKind::Exited, .exitCode = 2, .message = {}});
        QVERIFY(wait(second));
        QVERIFY(!first.isDone());
    }

    void boundsStepsAtOnce()
    {
        for (int i = 0; i < 256; ++i)
            (void)world().runStep(m_job, u"wait"_s);
        QVERIFY(world().runStep(m_job, u"wait"_s).failedWith(ErrorCode::ResourceExhausted));
    }

    void aCallerWhoGoesAwayStopsNothing()
    {
        auto caller = std::make_unique<QObject>();
        Call<protocol::RunStepAnswer> call;
        protocol::RunStepRequest request;
        request.job = m_job;
        request.command = u"wait"_s;
        request.request = RequestId(u"r1"_s);
        world().engine().runStep(m_job, request, caller.get(), call.callback());
        QVERIFY(world().waitForStep(m_job, StepNumber(1), StepState::Running));
        caller.reset();
        world().cluster.finishStep(m_job, StepNumber(1), {.kind = OutcomeKind::Exited, .exitCode = 0, .message = {}});
        QVERIFY(world().waitForStep(m_job, StepNumber(1), StepState::Finished));
        QVERIFY(!call.isDone());
        const auto again = world().runStep(request);
        QVERIFY(wait(again));
        QCOMPARE(world().cluster.allStepStarts(m_job), 1);
    }

    // As the RPC port does, whose callers all have one context that outlives them.
    void ofTooManyCallersTheOldestIsToldToComeAgain()
    {
        protocol::RunStepRequest request;
        request.job = m_job;
        request.command = u"wait"_s;
        request.request = RequestId(u"r1"_s);
        std::vector<Call<protocol::RunStepAnswer>> calls;
        for (int i = 0; i < 1002; ++i)
            calls.push_back(world().runStep(request));
        QVERIFY(calls[0].failedWith(ErrorCode::Unavailable) && calls[1].failedWith(ErrorCode::Unavailable));
        QVERIFY(!calls[2].isDone());
        QVERIFY(world().waitForStep(m_job, StepNumber(1), StepState::Running));
        world().cluster.finishStep(m_job, StepNumber(1), {.kind = OutcomeKind::Exited, .exitCode = 5, .message = {}});
        QVERIFY(wait(calls.back()));
        QCOMPARE(calls.back().value().outcome.exitCode, 5);
        QCOMPARE(calls[2].value().outcome.exitCode, 5);
    }

    void cutsCapturedOutputAtTheLimit()
    {
        world().crash();
        world().settings.captureLimit = 10;
        QVERIFY(world().start());
        QVERIFY(world().waitUntil([&] { return world().engine().checkJob(m_job, m_job).has_value(); }));
        const auto call = world().runStep(m_job, u"seq 1 100"_s, {}, true);
        QVERIFY(wait(call));
        QCOMPARE(call.value().stdoutText, QByteArray("1\n2\n3\n4\n5\n"));
        QVERIFY(call.value().truncated);
    }

    void masksCapturedOutputNamesAndCommands()
    {
        QVERIFY(wait(world().getSecret(m_job, u"NPM_TOKEN"_s)));
        const auto call = world().runStep(m_job, u"echo s3cr3t-value"_s, {}, true);
        QVERIFY(wait(call));
        QVERIFY(!call.value().stdoutText->contains("s3cr3t-value"));
        const Step row = world().store.steps(m_job)->first();
        QCOMPARE(row.command, u"echo ***"_s);
        QCOMPARE(row.name, u"echo ***"_s);
        protocol::ReportStatusRequest status;
        status.job = m_job;
        status.message = u"using s3cr3t-value"_s;
        QVERIFY(wait(world().reportStatus(status)));
        QCOMPARE(world().row(m_job).message, u"using ***"_s);
    }

    void masksWhatAnAgentSaysOfAStepsEnd()
    {
        QVERIFY(wait(world().getSecret(m_job, u"NPM_TOKEN"_s)));
        const auto call = world().runStep(m_job, u"sleep 60"_s);
        QVERIFY(world().waitUntil([&] {
            const auto steps = world().store.steps(m_job);
            return !steps->isEmpty() && steps->first().state == StepState::Running;
        }));
        emit world().executor().stepFinished(
            m_job, StepNumber(1),
            {.kind = OutcomeKind::Exited, .exitCode = 127, .message = u"cannot run 'curl -u s3cr3t-value'"_s});
        QVERIFY(wait(call));
        QCOMPARE(world().store.steps(m_job)->first().outcome->message, u"cannot run 'curl -u ***'"_s);
    }

    void anOutcomeBeforeTheStartIsTaken()
    {
        world().executor().faults.finishFirst = true;
        const auto call = world().runStep(m_job, u"exit 3"_s);
        QVERIFY(wait(call));
        QCOMPARE(call.value().outcome.exitCode, 3);
        QTest::qWait(50); // the late stepStarted changes nothing
        QCOMPARE(world().store.steps(m_job)->first().state, StepState::Finished);
    }

    void aStepWhoseIntentCannotBeWrittenNeverWas()
    {
        world().store.failNext(1);
        const auto refused = world().runStep(m_job, u"exit 0"_s, u"r1"_s);
        QVERIFY(wait(refused));
        QVERIFY(refused.failedWith(ErrorCode::ResourceExhausted));
        QCOMPARE(world().cluster.allStepStarts(m_job), 0);
        const auto again = world().runStep(m_job, u"exit 0"_s, u"r1"_s);
        QVERIFY(wait(again));
        QCOMPARE(again.value().outcome.exitCode, 0);
        QVERIFY(endJob());
        QCOMPARE(world().row(m_job).state, JobState::Success);
    }

    void aResultIsWrittenSoonerOrLater()
    {
        const auto call = world().runStep(m_job, u"wait"_s);
        QVERIFY(world().waitForStep(m_job, StepNumber(1), StepState::Running));
        world().store.failNext(2);
        world().cluster.finishStep(m_job, StepNumber(1), {.kind = OutcomeKind::Exited, .exitCode = 9, .message = {}});
        QVERIFY(world().waitUntil([&] { return world().store.failuresLeft() < 2; }));
        // The verdict waits for the step's row, so that a crash between cannot tear them apart.
        world().cluster.exitCoordinator(m_job, 9);
        QVERIFY(wait(call));
        QCOMPARE(call.value().outcome.exitCode, 9);
        QVERIFY(world().waitForEnd(m_job));
        QCOMPARE(world().row(m_job).reason, u"step 'wait' failed: exit code 9"_s);
    }

    void anEndingJobTakesNoStepsAndAnEndedOneIsUnknown()
    {
        world().executor().faults.swallowedReleases = 1;
        world().cluster.exitCoordinator(m_job, 0);
        QVERIFY(world().waitUntil([&] { return !world().executor().releaseCalls.isEmpty(); }));
        QVERIFY(world().runStep(m_job, u"exit 0"_s).failedWith(ErrorCode::Conflict));
        QVERIFY(world().getSecret(m_job, u"NPM_TOKEN"_s).failedWith(ErrorCode::Conflict));
        QCOMPARE(world().engine().checkJob(m_job, m_job).error().code, ErrorCode::Conflict);
        world().clock.advance(world().settings.releaseTimeout);
        QVERIFY(world().waitForEnd(m_job));
        QVERIFY(world().runStep(m_job, u"exit 0"_s).failedWith(ErrorCode::NotFound));
        QVERIFY(world().getSecret(m_job, u"NPM_TOKEN"_s).failedWith(ErrorCode::NotFound));
        QVERIFY(world()
                    .reportStatus({.job = m_job, .state = {}, .message = {}, .progress = {}})
                    .failedWith(ErrorCode::NotFound));
        QCOMPARE(world().engine().checkJob(m_job, m_job).error().code, ErrorCode::NotFound);
    }

    void anExitWithARunningStepIsAFailure()
    {
        const auto step = world().runStep(m_job, u"wait"_s);
        QVERIFY(world().waitForStep(m_job, StepNumber(1), StepState::Running));
        QVERIFY(endJob(0));
        QCOMPARE(world().row(m_job).state, JobState::Failure);
        QCOMPARE(world().row(m_job).reason, u"the pipeline script ended while step 'wait' was still running"_s);
        QCOMPARE(step.value().outcome.kind, OutcomeKind::Cancelled);
    }

    void aTokenOpensItsOwnJobOnly()
    {
        const JobId other = world().running();
        protocol::RunStepRequest request;
        request.job = other;
        request.command = u"exit 0"_s;
        Call<protocol::RunStepAnswer> step;
        world().engine().runStep(m_job, request, this, step.callback());
        QVERIFY(step.failedWith(ErrorCode::PermissionDenied));
        Call<QByteArray> secret;
        world().engine().getSecret(m_job, {other, u"NPM_TOKEN"_s}, this, secret.callback());
        QVERIFY(secret.failedWith(ErrorCode::PermissionDenied));
        Call<QString> bundle;
        world().engine().sourceBundle(m_job, other, this, bundle.callback());
        QVERIFY(bundle.failedWith(ErrorCode::PermissionDenied));
        Call<QString> status;
        world().engine().reportStatus(m_job, {other, {}, {}, {}}, this, status.callback());
        QVERIFY(status.failedWith(ErrorCode::PermissionDenied));
        // 403 goes before 404: a foreign token learns nothing about a job.
        QCOMPARE(world().engine().checkJob(m_job, JobId(u"nothing"_s)).error().code, ErrorCode::PermissionDenied);
        QVERIFY(world().engine().checkJob(m_job, m_job).has_value());
    }

    void givesSecretsOfThePipelineOnly()
    {
        const auto given = world().getSecret(m_job, u"NPM_TOKEN"_s);
        QVERIFY(wait(given));
        QCOMPARE(given.value(), QByteArray("s3cr3t-value"));
        QCOMPARE(*world().store.grants(m_job), QStringList{u"NPM_TOKEN"_s}); // durable before the answer
        const auto foreign = world().getSecret(m_job, u"OTHER"_s);
        const auto gone = world().getSecret(m_job, u"GONE"_s);
        QVERIFY(foreign.failedWith(ErrorCode::PermissionDenied));
        QVERIFY(gone.failedWith(ErrorCode::PermissionDenied));
        QCOMPARE(foreign.message().replace(u"OTHER"_s, u"GONE"_s), gone.message());
    }

    void aSecretGivenBeforeCostsNoWriteAndAChangedOneIsMaskedToo()
    {
        QVERIFY(wait(world().getSecret(m_job, u"NPM_TOKEN"_s)));
        const int writes = world().store.writes();
        world().secrets.values[u"NPM_TOKEN"_s] = "rotated-value";
        const auto again = world().getSecret(m_job, u"NPM_TOKEN"_s);
        QVERIFY(wait(again));
        QCOMPARE(again.value(), QByteArray("rotated-value"));
        QCOMPARE(world().store.writes(), writes);
        const auto call = world().runStep(m_job, u"echo rotated-value"_s, {}, true);
        QVERIFY(wait(call));
        QVERIFY(!call.value().stdoutText->contains("rotated-value"));
    }

    void whatASecretWasBeforeIsRedactedToo()
    {
        for (const char *given : {"s3cr3t-value", "rotated-value", "third-value"}) {
            world().secrets.values[u"NPM_TOKEN"_s] = given;
            QVERIFY(wait(world().getSecret(m_job, u"NPM_TOKEN"_s)));
        }
        QVERIFY(wait(world().runStep(m_job, u"echo s3cr3t-value rotated-value third-value"_s)));
        QCOMPARE(world().store.steps(m_job)->first().command, u"echo *** *** ***"_s);
    }

    void aSecretIsNotedForMaskingBeforeItIsGiven()
    {
        world().secrets.isForgetful = true;
        QVERIFY(world().getSecret(m_job, u"NPM_TOKEN"_s).failedWith(ErrorCode::Unavailable));
        QVERIFY(world().store.grants(m_job)->isEmpty());
        world().secrets.isForgetful = false;
        QVERIFY(wait(world().getSecret(m_job, u"NPM_TOKEN"_s)));
        world().secrets.values[u"NPM_TOKEN"_s] = "rotated-value";
        QVERIFY(wait(world().getSecret(m_job, u"NPM_TOKEN"_s)));
        QCOMPARE(world().secrets.remembered.value(u"NPM_TOKEN"_s), (QByteArrayList{"rotated-value", "s3cr3t-value"}));
    }

    void noGrantNoSecret()
    {
        world().store.failNext(1);
        const auto call = world().getSecret(m_job, u"NPM_TOKEN"_s);
        QVERIFY(wait(call));
        QVERIFY(call.failedWith(ErrorCode::ResourceExhausted));
        world().store.dieAfter(1);
        const auto unanswered = world().getSecret(m_job, u"NPM_TOKEN"_s);
        QTest::qWait(10);
        QVERIFY(!unanswered.isDone());
    }

    void keepsStatusReports()
    {
        protocol::ReportStatusRequest request;
        request.job = m_job;
        request.state = u"running"_s;
        request.message = u"half way"_s;
        request.progress = 0.5;
        const auto call = world().reportStatus(request);
        QVERIFY(wait(call));
        QCOMPARE(call.value(), u"running"_s);
        QCOMPARE(world().row(m_job).message, u"half way"_s);
        QCOMPARE(world().row(m_job).progress, 0.5);
        const int writes = world().store.writes();
        QVERIFY(wait(world().reportStatus(request)));
        QCOMPARE(world().store.writes(), writes); // nothing new
        request.state = u"success"_s;
        QVERIFY(world().reportStatus(request).failedWith(ErrorCode::Conflict));
    }

    void reportsThatComeTogetherShareAWriteAndAreAnsweredAfterIt()
    {
        QSignalSpy changed(&world().engine(), &Engine::jobChanged);
        const int writes = world().store.writes();
        std::vector<Call<QString>> calls;
        for (int i = 1; i <= 50; ++i)
            calls.push_back(world().reportStatus({m_job, {}, u"file %1"_s.arg(i), i / 100.0}));
        calls.push_back(world().reportStatus({m_job, {}, u"file 50"_s, {}})); // nothing new, but not durable yet either
        QVERIFY(std::ranges::none_of(calls, &Call<QString>::isDone));
        for (const auto &call : calls) {
            QVERIFY(wait(call));
            QCOMPARE(call.value(), u"running"_s);
        }
        QCOMPARE(world().row(m_job).message, u"file 50"_s);
        QCOMPARE(world().row(m_job).progress, 0.5);
        QCOMPARE(world().store.writes() - writes, 2);
        QCOMPARE(changed.last().first().value<Job>().message, u"file 50"_s);
    }

    void anAnsweredReportOutlivesTheMaster_data()
    {
        QTest::addColumn<int>("commits");
        QTest::addColumn<bool>("hearsOfTheLast");
        QTest::addColumn<int>("answered");
        QTest::newRow("after the first commit") << 1 << false << 0;
        QTest::newRow("after its answer") << 1 << true << 1;
        QTest::newRow("after the commit of all others") << 2 << false << 1;
        QTest::newRow("after their answers") << 2 << true << 50;
    }
    void anAnsweredReportOutlivesTheMaster()
    {
        QFETCH(int, commits);
        QFETCH(bool, hearsOfTheLast);
        QFETCH(int, answered);
        world().store.dieAfter(commits,
                               hearsOfTheLast ? MemoryStore::LastAnswer::Delivered : MemoryStore::LastAnswer::Lost);
        std::vector<Call<QString>> calls;
        for (int i = 1; i <= 50; ++i)
            calls.push_back(world().reportStatus({m_job, {}, {}, i / 100.0}));
        const auto isAnswered = [](const Call<QString> &call) { return call.isDone() && **call.result; };
        const auto count = [&] { return std::ranges::count_if(calls, isAnswered); };
        QVERIFY(world().waitUntil([&] { return world().store.isDead() && count() == answered; }));
        world().crash();
        QCOMPARE(count(), answered); // those that are dropped hear so
        QVERIFY(world().start());
        QCOMPARE_GE(world().row(m_job).progress, answered / 100.0);
    }

    void aReportThatWasNotWrittenIsWrittenWhenItComesAgain()
    {
        const protocol::ReportStatusRequest request{m_job, {}, u"half way"_s, {}};
        world().store.failNext(1);
        const auto failed = world().reportStatus(request);
        QVERIFY(world().waitUntil([&] { return failed.isDone(); }));
        QVERIFY(failed.failedWith(ErrorCode::ResourceExhausted));
        QVERIFY(wait(world().reportStatus(request)));
        QCOMPARE(world().row(m_job).message, u"half way"_s);
    }

    void aReportTellsNoStateThatIsNotDurable_data()
    {
        QTest::addColumn<std::optional<QString>>("message");
        QTest::newRow("with news") << std::optional(u"half way"_s);
        QTest::newRow("the coordinator's first") << std::optional<QString>();
    }
    void aReportTellsNoStateThatIsNotDurable()
    {
        QFETCH(std::optional<QString>, message);
        world().executor().faults.launchDelay = std::chrono::hours(1);
        const JobId slow = world().triggered();
        QVERIFY(world().waitUntil([&] { return world().executor().launched.contains(slow); }));
        world().store.failNext(1); // that it runs
        const auto call = world().reportStatus({slow, u"running"_s, message, {}});
        QVERIFY(world().waitUntil([&] { return call.isDone(); }));
        QCOMPARE(call.value(), u"running"_s);
        QCOMPARE(world().row(slow).state, JobState::Running);
        QCOMPARE(world().row(slow).message, message.value_or(QString()));
    }

    void aCoordinatorThatSpeaksIsUpWhateverTheExecutorSays()
    {
        world().executor().faults.launchDelay = std::chrono::hours(1);
        const JobId slow = world().triggered();
        QVERIFY(world().waitUntil([&] { return world().executor().launched.contains(slow); }));
        const auto call = world().runStep(slow, u"exit 0"_s);
        QVERIFY(wait(call));
        QCOMPARE(world().row(slow).state, JobState::Running);
    }

    void aPendingJobHasNoStepsYet()
    {
        world().source.isSilent = true;
        const JobId pending = world().triggered();
        QVERIFY(world().runStep(pending, u"exit 0"_s).failedWith(ErrorCode::Conflict));
    }

    void givesTheSourceOfItsCommit()
    {
        Call<QString> call;
        world().engine().sourceBundle(m_job, m_job, this, call.callback());
        QVERIFY(wait(call));
        QCOMPARE(call.value(), u"/bundles/"_s + QString(40, u'c'));
    }

    void whoWaitsWhenTheMasterStopsIsToldToAskAgain()
    {
        const auto call = world().runStep(m_job, u"wait"_s, u"r1"_s);
        QVERIFY(world().waitForStep(m_job, StepNumber(1), StepState::Running));
        world().crash();
        QVERIFY(call.failedWith(ErrorCode::Unavailable));
    }
};

QTEST_GUILESS_MAIN(TestEngineSteps)
#include "tst_enginesteps.moc"
