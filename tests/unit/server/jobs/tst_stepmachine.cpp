// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/jobs/stepmachine.h"

#include <QTest>

using namespace danube;
using namespace danube::jobs;
using namespace Qt::StringLiterals;
using P = StepPhase;
using E = StepEventKind;
using A = StepAction;

namespace {

constexpr WallTime now{milliseconds(5000)};
const StepOutcome exitThree{.kind = OutcomeKind::Exited, .exitCode = 3, .duration = milliseconds(200), .message = {}};
const StepOutcome cancelled{.kind = OutcomeKind::Cancelled, .message = u"the job ended first"_s};

StepMachine machineIn(P phase)
{
    StepMachine machine;
    machine.phase = phase;
    machine.step.request = RequestId(u"r"_s);
    if (phase == P::Running)
        machine.step.state = StepState::Running;
    if (phase == P::Recording || phase == P::Finished) {
        machine.step.state = StepState::Finished;
        machine.step.outcome = StepOutcome{.kind = OutcomeKind::Exited, .exitCode = 0, .message = {}};
    }
    return machine;
}

struct Expected
{
    P phase;
    QList<A> actions;
};

const std::map<std::pair<P, E>, Expected> table{
    {{P::Claimed, E::IntentDurable}, {P::Starting, {A::Start}}},
    {{P::Claimed, E::IntentFailed}, {P::Refused, {A::Refuse}}},
    {{P::Claimed, E::Ending}, {P::Claimed, {}}},
    {{P::Claimed, E::Closed}, {P::Claimed, {}}},
    {{P::Orphaned, E::Commanded}, {P::Starting, {A::Start}}},
    {{P::Orphaned, E::Started}, {P::Running, {A::PersistRunning}}},
    {{P::Orphaned, E::Finished}, {P::Recording, {A::PersistResult}}},
    {{P::Orphaned, E::Ending}, {P::Recording, {A::PersistResult}}},
    {{P::Orphaned, E::Closed}, {P::Recording, {A::PersistResult}}},
    {{P::Starting, E::Adopted}, {P::Starting, {A::Attach}}},
    {{P::Starting, E::Started}, {P::Running, {A::PersistRunning}}},
    {{P::Starting, E::Finished}, {P::Recording, {A::PersistResult}}},
    {{P::Starting, E::Ending}, {P::Starting, {A::Kill}}},
    {{P::Starting, E::Closed}, {P::Recording, {A::PersistResult}}},
    {{P::Running, E::Adopted}, {P::Running, {A::Attach}}},
    {{P::Running, E::Finished}, {P::Recording, {A::PersistResult}}},
    {{P::Running, E::Ending}, {P::Running, {A::Kill}}},
    {{P::Running, E::Closed}, {P::Recording, {A::PersistResult}}},
    {{P::Recording, E::ResultDurable}, {P::Finished, {A::Answer}}},
};

} // namespace

class TestStepMachine : public QObject
{
    Q_OBJECT
private slots:
    void followsTheTableInEveryPhase_data()
    {
        QTest::addColumn<int>("phase");
        QTest::addColumn<int>("event");
        for (const P phase : allStepPhases) {
            for (const E event : allStepEventKinds)
                QTest::addRow("%d/%d", static_cast<int>(phase), static_cast<int>(event))
                    << static_cast<int>(phase) << static_cast<int>(event);
        }
    }

    void followsTheTableInEveryPhase()
    {
        QFETCH(int, phase);
        QFETCH(int, event);
        const StepMachine before = machineIn(P(phase));
        const auto [after, actions] = next(before, {.kind = E(event), .at = now, .outcome = exitThree});
        const auto found = table.find({P(phase), E(event)});
        if (found == table.end()) {
            QVERIFY(actions.isEmpty());
            QVERIFY(after == before);
            return;
        }
        QCOMPARE(after.phase, found->second.phase);
        QCOMPARE(actions, found->second.actions);
        const bool ended = after.phase == P::Recording && before.phase != P::Recording;
        QCOMPARE(after.step.state == StepState::Finished && after.step.outcome == exitThree, ended);
        QVERIFY(after.step.state == before.step.state || canMove(before.step.state, after.step.state));
    }

    void keepsTimesOfTheStep()
    {
        const StepMachine running =
            next(machineIn(P::Starting), {.kind = E::Started, .at = now, .outcome = {}}).machine;
        QVERIFY(running.step.startedAt == now);
        const auto later = now + seconds(3);
        const Step ended = next(running, {.kind = E::Finished, .at = later, .outcome = exitThree}).machine.step;
        QVERIFY(ended.startedAt == now);
        QVERIFY(ended.finishedAt == later);
        // The start was never told: reckoned from the duration.
        const Step unseen =
            next(machineIn(P::Starting), {.kind = E::Finished, .at = later, .outcome = exitThree}).machine.step;
        QVERIFY(unseen.startedAt == later - milliseconds(200));
    }

    void aStepClaimedWhenTheJobEndsIsNeverStarted()
    {
        const StepMachine told =
            next(machineIn(P::Claimed), {.kind = E::Ending, .at = now, .outcome = cancelled}).machine;
        const auto [after, actions] = next(told, {.kind = E::IntentDurable, .at = now, .outcome = {}});
        QCOMPARE(actions, QList<A>{A::PersistResult});
        QVERIFY(after.step.outcome == cancelled);
    }

    void anOrphanWithoutRequestIdIsOnlyAttachedTo()
    {
        StepMachine machine = machineIn(P::Orphaned);
        machine.step.request = {};
        const auto [after, actions] = next(machine, {.kind = E::Adopted, .at = now, .outcome = {}});
        QCOMPARE(after.phase, P::Starting);
        QCOMPARE(actions, QList<A>{A::Attach});
    }

    void zeroIsNeverTheCodeOfAnythingButAnExit()
    {
        StepOutcome odd{.kind = OutcomeKind::Lost, .exitCode = 0, .message = {}};
        const Step step = next(machineIn(P::Running), {.kind = E::Finished, .at = now, .outcome = odd}).machine.step;
        QCOMPARE(step.outcome->exitCode, -1);
        QVERIFY(!step.outcome->isSuccess());
    }

    void goesOnFromARow_data()
    {
        QTest::addColumn<int>("state");
        QTest::addColumn<int>("phase");
        QTest::addColumn<bool>("unfinished");
        const auto add = [](StepState state, P phase, bool unfinished) {
            QTest::addRow("%d", static_cast<int>(state))
                << static_cast<int>(state) << static_cast<int>(phase) << unfinished;
        };
        add(StepState::Intended, P::Orphaned, true);
        add(StepState::Running, P::Running, true);
        add(StepState::Finished, P::Finished, false);
    }

    void goesOnFromARow()
    {
        QFETCH(int, state);
        QFETCH(int, phase);
        QFETCH(bool, unfinished);
        Step row;
        row.state = StepState(state);
        QCOMPARE(restored(row).phase, P(phase));
        QCOMPARE(isUnfinished(restored(row)), unfinished);
    }

    void anOutcomeKnownIsAnEnd()
    {
        QVERIFY(!isUnfinished(machineIn(P::Recording)));
        QVERIFY(!isUnfinished(machineIn(P::Refused)));
        QVERIFY(isUnfinished(machineIn(P::Claimed)));
        QVERIFY(isUnfinished(machineIn(P::Starting)));
    }
};

QTEST_APPLESS_MAIN(TestStepMachine)
#include "tst_stepmachine.moc"
