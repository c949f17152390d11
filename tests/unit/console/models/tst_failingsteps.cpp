// SPDX-License-Identifier: GPL-3.0-or-later
#include "console/models/failingsteps.h"

#include <QTest>

using namespace danube;
using namespace danube::console;
using namespace Qt::StringLiterals;

class TestFailingSteps : public QObject
{
    Q_OBJECT
    static Step step(const QString &name, OutcomeKind kind, int exitCode)
    {
        Step step;
        step.name = name;
        step.state = StepState::Finished;
        step.outcome =
            StepOutcome{.kind = kind, .exitCode = exitCode, .signal = 0, .duration = seconds(1), .message = {}};
        return step;
    }
    static FailedJob job(int number, const QList<Step> &steps)
    {
        return {JobId(u"job%1"_s.arg(number)), number, steps};
    }

private slots:
    void countsJobsNotFailures()
    {
        const Step test = step(u"test"_s, OutcomeKind::Exited, 3);
        const QList<FailingStep> steps =
            failingSteps({job(7, {step(u"build"_s, OutcomeKind::Exited, 0), test, test}), job(9, {test}),
                          job(8, {step(u"build"_s, OutcomeKind::Exited, 2)})});
        QCOMPARE(steps.size(), 2);
        QCOMPARE(steps[0].name, u"test"_s);
        QCOMPARE(steps[0].jobs, 2);
        QCOMPARE(steps[0].lastNumber, 9);
        QCOMPARE(steps[0].lastJob, JobId(u"job9"_s));
        QCOMPARE(steps[1].name, u"build"_s);
        QCOMPARE(steps[1].jobs, 1);
    }
    void theOutcomeIsOfTheNewestWhateverTheOrder()
    {
        const FailedJob old = job(1, {step(u"test"_s, OutcomeKind::Exited, 1)});
        const FailedJob recent = job(2, {step(u"test"_s, OutcomeKind::Timeout, -1)});
        for (const QList<FailedJob> &jobs : {QList{old, recent}, QList{recent, old}}) {
            const QList<FailingStep> steps = failingSteps(jobs);
            QCOMPARE(steps.size(), 1);
            QCOMPARE(steps[0].lastNumber, 2);
            QCOMPARE(steps[0].lastOutcome.kind, OutcomeKind::Timeout);
        }
    }
    void whatWasCancelledIsAConsequence()
    {
        Step running;
        running.name = u"running"_s;
        QVERIFY(failingSteps({job(1, {step(u"other"_s, OutcomeKind::Cancelled, -1), running})}).isEmpty());
        QCOMPARE(failingSteps({job(1, {step(u"other"_s, OutcomeKind::Lost, -1)})}).size(), 1);
    }
    void mostFirstThenNewest()
    {
        const auto failed = [](const QString &name) { return step(name, OutcomeKind::Exited, 1); };
        const QList<FailingStep> steps =
            failingSteps({job(1, {failed(u"a"_s), failed(u"b"_s)}), job(2, {failed(u"c"_s)}), job(3, {failed(u"b"_s)}),
                          job(4, {failed(u"d"_s), failed(u"e"_s)})});
        QStringList names;
        for (const FailingStep &one : steps)
            names.append(one.name);
        QCOMPARE(names, (QStringList{u"b"_s, u"d"_s, u"e"_s, u"c"_s, u"a"_s}));
    }
};

QTEST_GUILESS_MAIN(TestFailingSteps)
#include "tst_failingsteps.moc"
