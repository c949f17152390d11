// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/jobs/jobmachine.h"

#include <QTest>

#include <random>

using namespace danube;
using namespace danube::jobs;
using namespace Qt::StringLiterals;
using P = Phase;
using E = JobEventKind;
using A = JobAction;
using S = JobState;

namespace {

constexpr WallTime now{milliseconds(1'000'000)};
const StepOutcome exitZero{.kind = OutcomeKind::Exited, .exitCode = 0, .message = {}};
const StepOutcome exitThree{.kind = OutcomeKind::Exited, .exitCode = 3, .message = {}};

S stateAt(P phase)
{
    if (phase <= P::Resolving)
        return S::Pending;
    if (phase <= P::Starting)
        return S::Scheduling;
    return phase < P::Recording ? S::Running : S::Failure;
}

// A machine as it stands in a phase after the usual way there.
JobMachine machineIn(P phase)
{
    JobMachine machine;
    machine.job.id = JobId(u"j"_s);
    machine.job.state = stateAt(phase);
    machine.phase = phase;
    machine.maxDuration = seconds(60);
    machine.attached = phase >= P::Starting;
    machine.persist = 7;
    machine.tries = 1;
    if (phase >= P::Deciding)
        machine.job.verdict = S::Failure;
    return machine;
}

JobEvent eventOf(E kind)
{
    JobEvent event{.kind = kind,
                   .at = now,
                   .text = u"why"_s,
                   .commit = u"c0ffee"_s,
                   .branch = u"main"_s,
                   .persist = 7,
                   .outcome = {},
                   .steps = {}};
    if (kind == E::CoordinatorExited)
        event.outcome = exitZero;
    return event;
}

struct Expected
{
    P phase;
    QList<A> actions;
    S state;
    std::optional<S> verdict;
};

using Table = std::map<std::pair<P, E>, Expected>;

void addDecision(Table &table, P from, E event, S verdict, S state)
{
    table[{from, event}] = {P::Deciding, {A::Persist}, state, verdict};
}

void addStartRows(Table &table)
{
    table[{P::Queued, E::Admitted}] = {P::Preparing, {A::StartSchedulingTimer, A::OpenLog}, S::Pending, {}};
    table[{P::Preparing, E::LogOpened}] = {P::Resolving, {A::ResolveSource}, S::Pending, {}};
    table[{P::Resolving, E::SourceResolved}] = {P::Scheduling, {A::Persist}, S::Scheduling, {}};
    table[{P::Scheduling, E::Persisted}] = {P::Starting, {A::Launch, A::StartDeadlineTimer}, S::Scheduling, {}};
    table[{P::Starting, E::Waiting}] = {P::Starting, {A::StartSchedulingTimer, A::Persist}, S::Scheduling, {}};
    table[{P::Starting, E::Started}] = {P::Running, {A::Persist}, S::Running, {}};
    addDecision(table, P::Queued, E::Refused, S::Failure, S::Pending);
    addDecision(table, P::Preparing, E::LogFailed, S::Failure, S::Pending);
    addDecision(table, P::Preparing, E::DeadlinePassed, S::Timeout, S::Pending); // of one that ran before
    addDecision(table, P::Resolving, E::SourceFailed, S::Failure, S::Pending);
    for (P phase : {P::Preparing, P::Resolving, P::Scheduling, P::Starting})
        addDecision(table, phase, E::SchedulingTimedOut, S::Failure, stateAt(phase));
    for (P phase : {P::Queued, P::Preparing, P::Resolving, P::Scheduling, P::Starting, P::Running})
        addDecision(table, phase, E::CancelRequested, S::Cancelled, stateAt(phase));
}

void addRunRows(Table &table)
{
    for (P phase : {P::Starting, P::Running}) {
        addDecision(table, phase, E::CoordinatorExited, S::Success, S::Running);
        addDecision(table, phase, E::JobLost, S::Failure, stateAt(phase));
        addDecision(table, phase, E::DeadlinePassed, S::Timeout, stateAt(phase));
        addDecision(table, phase, E::Violated, S::Failure, stateAt(phase));
    }
}

void addEndRows(Table &table)
{
    const auto add = [&table](P from, E event, P to, const QList<A> &actions, S state = S::Running) {
        table[{from, event}] = {to, actions, state, S::Failure};
    };
    const QList<A> release{A::Release, A::StartReleaseTimer};
    add(P::Deciding, E::Persisted, P::Stopping, {A::StartStopTimer, A::KillSteps});
    add(P::Stopping, E::StepsEnded, P::Releasing, release);
    add(P::Stopping, E::StopTimedOut, P::Releasing, release);
    add(P::Stopping, E::JobLost, P::Releasing, release);
    add(P::Releasing, E::Released, P::ClosingSteps, {A::CloseSteps});
    add(P::Releasing, E::ReleaseTimedOut, P::Releasing, release);
    add(P::ClosingSteps, E::StepsClosed, P::Sealing, {A::SealLog, A::StartSealTimer});
    add(P::Sealing, E::Sealed, P::Recording, {A::Persist}, S::Failure);
    add(P::Sealing, E::SealTimedOut, P::Sealing, {A::SealLog, A::StartSealTimer});
    add(P::Recording, E::Persisted, P::Ended, {A::Finish}, S::Failure);
}

Table table()
{
    Table result;
    addStartRows(result);
    addRunRows(result);
    addEndRows(result);
    return result;
}

// Feeds events and keeps the rest of the world's books: what was launched, released, decided.
class Run
{
public:
    JobMachine machine = machineIn(P::Queued);
    bool launched = false;
    bool released = false;
    bool exitedWellWithAllSteps = false;
    QList<S> verdicts;
    QList<S> finals;

    void feed(const JobEvent &event)
    {
        const JobMachine before = machine;
        const auto [after, actions] = next(machine, event);
        machine = after;
        launched |= actions.contains(A::Launch);
        released |= actions.contains(A::Release);
        if (after.job.verdict && after.job.verdict != before.job.verdict)
            verdicts.append(*after.job.verdict);
        if (isFinal(after.job.state) && after.job.state != before.job.state)
            finals.append(after.job.state);
        if (event.kind == E::CoordinatorExited && event.outcome->isSuccess() && event.steps.unfinished == 0 &&
            !before.job.verdict)
            exitedWellWithAllSteps = true;
        legal &= after.job.state == before.job.state || canMove(before.job.state, after.job.state) ||
                 (before.job.state == S::Scheduling && after.job.verdict && after.phase == P::Deciding);
    }
    bool legal = true;
};

JobEvent randomEvent(std::mt19937 &random, const JobMachine &machine)
{
    const auto pick = [&random](int bound) { return std::uniform_int_distribution(0, bound - 1)(random); };
    E kind = allJobEventKinds[pick(std::size(allJobEventKinds))];
    // Mostly the usual way on, or the walk would hardly ever get beyond the first phases.
    static const std::map<P, E> usual{{P::Queued, E::Admitted},          {P::Preparing, E::LogOpened},
                                      {P::Resolving, E::SourceResolved}, {P::Scheduling, E::Persisted},
                                      {P::Starting, E::Started},         {P::Deciding, E::Persisted}};
    if (const auto found = usual.find(machine.phase); found != usual.end() && pick(4) != 0)
        kind = found->second;
    JobEvent event = eventOf(kind);
    event.persist = pick(3) == 0 ? machine.persist - 1 : machine.persist;
    if (event.kind == E::CoordinatorExited) {
        event.outcome = pick(2) == 0 ? exitZero : exitThree;
        event.steps.unfinished = pick(2);
    }
    return event;
}

} // namespace

class TestJobMachine : public QObject
{
    Q_OBJECT
private slots:
    void followsTheTableInEveryPhase_data()
    {
        QTest::addColumn<int>("phase");
        QTest::addColumn<int>("event");
        for (const P phase : allPhases) {
            for (const E event : allJobEventKinds)
                QTest::addRow("%d/%d", static_cast<int>(phase), static_cast<int>(event))
                    << static_cast<int>(phase) << static_cast<int>(event);
        }
    }

    void followsTheTableInEveryPhase()
    {
        QFETCH(int, phase);
        QFETCH(int, event);
        const JobMachine before = machineIn(P(phase));
        const auto [after, actions] = next(before, eventOf(E(event)));
        static const Table rows = table();
        const auto found = rows.find({P(phase), E(event)});
        if (found == rows.end()) {
            JobMachine same = after;
            same.lost = before.lost; // being lost is remembered wherever it may matter
            QCOMPARE(actions, QList<A>());
            QVERIFY(same == before);
            return;
        }
        QCOMPARE(after.phase, found->second.phase);
        QCOMPARE(actions, found->second.actions);
        QCOMPARE(after.job.state, found->second.state);
        QVERIFY(after.job.verdict == found->second.verdict);
        QCOMPARE(after.persist, before.persist + (actions.contains(A::Persist) ? 1 : 0) +
                                    (P(phase) == P::Starting && E(event) == E::CoordinatorExited ? 1 : 0));
    }

    void fillsTheRowOnTheWay()
    {
        Run run;
        run.feed(eventOf(E::Admitted));
        run.feed(eventOf(E::LogOpened));
        run.feed(eventOf(E::SourceResolved));
        QCOMPARE(run.machine.job.commit, u"c0ffee"_s);
        QCOMPARE(run.machine.job.branch, u"main"_s);
        QVERIFY(run.machine.job.deadline == now + seconds(60));
        JobEvent persisted = eventOf(E::Persisted);
        persisted.persist = run.machine.persist;
        run.feed(persisted);
        run.feed(eventOf(E::Started));
        QVERIFY(run.machine.job.startedAt == now);
        QVERIFY(run.machine.job.finishedAt == WallTime{});
    }

    void anOldWriteIsNoProofOfTheLatest_data()
    {
        QTest::addColumn<int>("phase");
        for (const P phase : {P::Scheduling, P::Deciding, P::Recording})
            QTest::addRow("%d", static_cast<int>(phase)) << static_cast<int>(phase);
    }

    void anOldWriteIsNoProofOfTheLatest()
    {
        QFETCH(int, phase);
        JobEvent event = eventOf(E::Persisted);
        event.persist = 6;
        const auto [after, actions] = next(machineIn(P(phase)), event);
        QCOMPARE(after.phase, P(phase));
        QVERIFY(actions.isEmpty());
    }

    void recordsTheVerdictAsFinalState()
    {
        JobMachine machine = machineIn(P::Sealing);
        machine.job.verdict = S::Timeout;
        const auto after = next(machine, eventOf(E::Sealed)).machine;
        QCOMPARE(after.job.state, S::Timeout);
        QVERIFY(after.job.finishedAt == now);
    }

    void givesUpReleaseAndSealAfterSomeTries()
    {
        JobMachine machine = machineIn(P::Releasing);
        machine.tries = JobMachine::maxTries;
        QCOMPARE(next(machine, eventOf(E::ReleaseTimedOut)).actions, QList<A>{A::CloseSteps});
        machine = machineIn(P::Sealing);
        machine.tries = JobMachine::maxTries;
        QCOMPARE(next(machine, eventOf(E::SealTimedOut)).machine.phase, P::Recording);
        machine.tries = JobMachine::maxTries - 1;
        QCOMPARE(next(machine, eventOf(E::SealTimedOut)).machine.tries, JobMachine::maxTries);
    }

    void aJobWithoutContainersIsNotReleased()
    {
        JobMachine machine = machineIn(P::Deciding);
        machine.attached = false;
        machine.job.state = S::Pending;
        QCOMPARE(next(machine, eventOf(E::Persisted)).actions, QList<A>{A::CloseSteps});
        machine.job.state = S::Scheduling; // a former master may have launched it
        QCOMPARE(next(machine, eventOf(E::Persisted)).machine.phase, P::Releasing);
    }

    void saysWhatItWaitsForUntilItStarts()
    {
        const auto [waiting, first] = next(machineIn(P::Starting), eventOf(E::Waiting));
        QCOMPARE(waiting.job.reason, u"why"_s);
        // Told again, it only shows that the executor is at work.
        QCOMPARE(next(waiting, eventOf(E::Waiting)).actions, QList<A>{A::StartSchedulingTimer});
        QCOMPARE(next(waiting, eventOf(E::SchedulingTimedOut)).machine.job.reason, u"why: why"_s);
        QCOMPARE(next(waiting, eventOf(E::Started)).machine.job.reason, QString());
    }

    void aLostJobIsNotWaitedFor()
    {
        JobMachine machine = machineIn(P::Running);
        machine = next(machine, eventOf(E::JobLost)).machine;
        QVERIFY(machine.lost);
        QCOMPARE(machine.job.reason, u"why"_s);
        JobEvent persisted = eventOf(E::Persisted);
        persisted.persist = machine.persist;
        QCOMPARE(next(machine, persisted).machine.phase, P::Releasing);

        const JobMachine deciding = next(machineIn(P::Deciding), eventOf(E::JobLost)).machine;
        QCOMPARE(next(deciding, eventOf(E::Persisted)).machine.phase, P::Releasing);
    }

    void namesWhoCancelledAndWhatTimedOut()
    {
        const Job cancelled = next(machineIn(P::Running), eventOf(E::CancelRequested)).machine.job;
        QCOMPARE(cancelled.reason, u"cancelled by why"_s);
        QVERIFY(cancelled.cancelRequested);
        const Job late = next(machineIn(P::Running), eventOf(E::DeadlinePassed)).machine.job;
        QCOMPARE(late.reason, u"the job took longer than 60 s"_s);
        QVERIFY(!late.cancelRequested);
    }

    void aFailedExitIsAFailure()
    {
        JobEvent event = eventOf(E::CoordinatorExited);
        event.outcome = exitThree;
        QVERIFY(next(machineIn(P::Running), event).machine.job.verdict == S::Failure);
        event.outcome.reset(); // nobody knows: never a success
        QVERIFY(next(machineIn(P::Running), event).machine.job.verdict == S::Failure);
    }

    // A new master that is slow, or cannot open the log for a moment, ends no job that runs well without it.
    void whatRunsIsPreparedUntilItsDeadline()
    {
        Job row;
        row.state = S::Running;
        const auto [preparing, actions] = next(restored(row, seconds(60)), eventOf(E::Admitted));
        QCOMPARE(actions, (QList<A>{A::StartDeadlineTimer, A::OpenLog}));
        const auto [failed, again] = next(preparing, eventOf(E::LogFailed));
        QCOMPARE(again, QList<A>{A::OpenLogLater});
        QVERIFY(failed == preparing);
        const auto [slow, nothing] = next(preparing, eventOf(E::SchedulingTimedOut));
        QCOMPARE(nothing, QList<A>());
        QVERIFY(slow == preparing);
        const auto late = next(preparing, eventOf(E::DeadlinePassed));
        QVERIFY(late.machine.job.verdict == S::Timeout);
        QCOMPARE(late.actions, QList<A>{A::Persist});
    }

    void goesOnFromARow_data()
    {
        QTest::addColumn<JobState>("state");
        QTest::addColumn<int>("verdict"); // -1 = none
        QTest::addColumn<bool>("cancelRequested");
        QTest::addColumn<int>("phase");
        QTest::addColumn<bool>("launches");
        const int none = -1;
        QTest::newRow("pending") << S::Pending << none << false << static_cast<int>(P::Resolving) << false;
        QTest::newRow("scheduling") << S::Scheduling << none << false << static_cast<int>(P::Starting) << true;
        QTest::newRow("running") << S::Running << none << false << static_cast<int>(P::Running) << true;
        const int failure = static_cast<int>(S::Failure);
        QTest::newRow("pending, decided")
            << S::Pending << failure << false << static_cast<int>(P::ClosingSteps) << false;
        QTest::newRow("scheduling, decided")
            << S::Scheduling << failure << false << static_cast<int>(P::Releasing) << false;
        QTest::newRow("running, decided") << S::Running << failure << false << static_cast<int>(P::Releasing) << false;
        QTest::newRow("running, cancel asked") << S::Running << none << true << static_cast<int>(P::Releasing) << false;
    }

    void goesOnFromARow()
    {
        QFETCH(JobState, state);
        QFETCH(int, verdict);
        QFETCH(bool, cancelRequested);
        QFETCH(int, phase);
        QFETCH(bool, launches);
        Job row;
        row.state = state;
        row.cancelRequested = cancelRequested;
        if (verdict >= 0)
            row.verdict = S(verdict);
        JobMachine machine = restored(row, seconds(60));
        machine = next(machine, eventOf(E::Admitted)).machine;
        QCOMPARE(machine.phase, P::Preparing);
        const auto [opened, actions] = next(machine, eventOf(E::LogOpened));
        QCOMPARE(opened.phase, P(phase));
        QCOMPARE(actions.contains(A::Launch), launches);
        if (!opened.job.verdict)
            return;
        // A decided job ends as decided, also when its log cannot be opened.
        const auto failed = next(machine, eventOf(E::LogFailed)).machine;
        QCOMPARE(failed.phase, opened.phase);
        QVERIFY(failed.job.verdict == opened.job.verdict);
        QVERIFY(next(machine, eventOf(E::CancelRequested)).machine == machine);
    }

    void aViolationToldWhileARunningJobIsAdoptedEndsIt()
    {
        Job row;
        row.state = S::Running;
        const JobMachine adopted = next(restored(row, seconds(60)), eventOf(E::Admitted)).machine;
        QCOMPARE(adopted.phase, P::Preparing);
        const JobMachine ended = next(adopted, eventOf(E::Violated)).machine;
        QCOMPARE(ended.phase, P::Deciding);
        QVERIFY(ended.job.verdict == S::Failure);
        row.verdict = S::Success; // decided before
        const JobMachine decided = next(restored(row, seconds(60)), eventOf(E::Admitted)).machine;
        QVERIFY(next(decided, eventOf(E::Violated)).machine == decided);
    }

    void aFinalRowIsLeftAlone()
    {
        Job row;
        row.state = S::Success;
        const JobMachine machine = restored(row, seconds(1));
        QCOMPARE(machine.phase, P::Ended);
        QVERIFY(next(machine, eventOf(E::Admitted)).actions.isEmpty());
    }

    void keepsItsPromisesUnderAnyOrderOfEvents()
    {
        QSet<S> reached;
        for (unsigned seed = 0; seed < 3000; ++seed) {
            std::mt19937 random(seed);
            Run run;
            for (int i = 0; i < 300 && run.machine.phase != P::Ended; ++i)
                run.feed(randomEvent(random, run.machine));
            const QByteArray where = "seed " + QByteArray::number(seed);
            QVERIFY2(run.legal, where);
            QVERIFY2(run.verdicts.size() <= 1 && run.finals.size() <= 1, where);
            QVERIFY2(run.finals.isEmpty() || run.finals == run.verdicts, where);
            QVERIFY2(!run.verdicts.contains(S::Success) || run.exitedWellWithAllSteps, where);
            if (run.machine.phase != P::Ended)
                continue;
            QVERIFY2(run.finals.size() == 1, where);
            QVERIFY2(!run.launched || run.released, where);
            reached.insert(run.machine.job.state);
        }
        QCOMPARE(reached, (QSet<S>{S::Success, S::Failure, S::Timeout, S::Cancelled})); // the walk is wide enough
    }
};

QTEST_APPLESS_MAIN(TestJobMachine)
#include "tst_jobmachine.moc"
