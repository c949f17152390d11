// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/jobs/verdict.h"

#include <QTest>

using namespace danube;
using namespace danube::jobs;
using namespace Qt::StringLiterals;

namespace {

Step step(const QString &name, std::optional<StepOutcome> outcome)
{
    Step row;
    row.name = name;
    row.outcome = std::move(outcome);
    return row;
}

StepOutcome exited(int code)
{
    return {.kind = OutcomeKind::Exited, .exitCode = code, .message = {}};
}

} // namespace

class TestVerdict : public QObject
{
    Q_OBJECT
private slots:
    void judgesTheCoordinatorsExit_data()
    {
        QTest::addColumn<StepOutcome>("coordinator");
        QTest::addColumn<QList<Step>>("steps");
        QTest::addColumn<JobState>("state");
        QTest::addColumn<QString>("reason");
        const Step good = step(u"build"_s, exited(0));
        const Step bad = step(u"test"_s, exited(2));
        const Step worse = step(u"deploy"_s, exited(3));
        const Step open = step(u"wait"_s, std::nullopt);
        const StepOutcome killed{.kind = OutcomeKind::Signalled, .exitCode = 137, .signal = 9, .message = {}};
        const StepOutcome lost{.kind = OutcomeKind::Lost, .message = u"the agent is dead"_s};
        const StepOutcome spoke{.kind = OutcomeKind::Exited, .exitCode = 1, .message = u"no danubefile.py"_s};
        QTest::newRow("no steps") << exited(0) << QList<Step>{} << JobState::Success << QString();
        QTest::newRow("all well") << exited(0) << QList{good, good} << JobState::Success << QString();
        QTest::newRow("forgiven step") << exited(0) << QList{good, bad} << JobState::Success << QString();
        QTest::newRow("left one running") << exited(0) << QList{good, open, bad} << JobState::Failure
                                          << u"the pipeline script ended while step 'wait' was still running"_s;
        QTest::newRow("names the last failed step") << exited(1) << QList{good, bad, worse, open} << JobState::Failure
                                                    << u"step 'deploy' failed: exit code 3"_s;
        QTest::newRow("script's own failure")
            << exited(4) << QList{good} << JobState::Failure << u"the pipeline script failed: exit code 4"_s;
        QTest::newRow("script's own words") << spoke << QList<Step>{} << JobState::Failure
                                            << u"the pipeline script failed: exit code 1: no danubefile.py"_s;
        QTest::newRow("signalled") << killed << QList{good, bad} << JobState::Failure
                                   << u"the coordinator ended: killed by signal 9"_s;
        QTest::newRow("lost") << lost << QList{good} << JobState::Failure
                              << u"the coordinator ended: lost: the agent is dead"_s;
    }

    void judgesTheCoordinatorsExit()
    {
        QFETCH(StepOutcome, coordinator);
        QFETCH(QList<Step>, steps);
        const Verdict verdict = verdictOfExit(coordinator, summarize(steps));
        QTEST(verdict.state, "state");
        QTEST(verdict.reason, "reason");
    }

    void countsUnfinishedSteps()
    {
        const auto summary =
            summarize({step(u"a"_s, std::nullopt), step(u"b"_s, exited(0)), step(u"c"_s, std::nullopt)});
        QCOMPARE(summary.unfinished, 2);
        QCOMPARE(summary.firstUnfinished, u"a"_s);
        QVERIFY(summary.lastFailed.isEmpty());
    }

    void givesUnfinishedStepsAnHonestOutcome()
    {
        QCOMPARE(outcomeOfUnfinished(JobState::Cancelled, false, u"x"_s).kind, OutcomeKind::Cancelled);
        QCOMPARE(outcomeOfUnfinished(JobState::Failure, false, u"x"_s).kind, OutcomeKind::Cancelled);
        QCOMPARE(outcomeOfUnfinished(JobState::Timeout, false, u"x"_s).kind, OutcomeKind::Timeout);
        const StepOutcome lost = outcomeOfUnfinished(JobState::Failure, true, u"container gone"_s);
        QCOMPARE(describe(lost), u"lost: container gone"_s);
        for (const JobState state : allJobStates)
            QVERIFY(!outcomeOfUnfinished(state, false, {}).isSuccess());
    }
};

QTEST_APPLESS_MAIN(TestVerdict)
#include "tst_verdict.moc"
