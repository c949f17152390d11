// SPDX-License-Identifier: GPL-3.0-or-later
#include "shared/model/lifecycle.h"

#include <QTest>

using namespace danube;
using namespace Qt::StringLiterals;

class TestLifecycle : public QObject
{
    Q_OBJECT
private slots:
    void allowsExactlyTheTable_data()
    {
        QTest::addColumn<JobState>("from");
        QTest::addColumn<QStringList>("to");
        QTest::newRow("pending") << JobState::Pending << u"scheduling failure timeout cancelled"_s.split(u' ');
        QTest::newRow("scheduling") << JobState::Scheduling << u"running failure timeout cancelled"_s.split(u' ');
        QTest::newRow("running") << JobState::Running << u"success failure timeout cancelled"_s.split(u' ');
        QTest::newRow("success") << JobState::Success << QStringList();
        QTest::newRow("failure") << JobState::Failure << QStringList();
        QTest::newRow("timeout") << JobState::Timeout << QStringList();
        QTest::newRow("cancelled") << JobState::Cancelled << QStringList();
    }
    void allowsExactlyTheTable()
    {
        QFETCH(JobState, from);
        QFETCH(QStringList, to);
        QStringList allowed;
        for (const JobState state : allJobStates) {
            if (canMove(from, state))
                allowed.append(toText(state));
        }
        QCOMPARE(allowed, to);
        QCOMPARE(isFinal(from), to.isEmpty());
    }

    void knowsAllStatesByName()
    {
        QStringList names;
        for (const JobState state : allJobStates) {
            names.append(toText(state));
            QCOMPARE(jobStateFromText(names.last()), std::optional(state));
        }
        QCOMPARE(names, u"pending scheduling running success failure timeout cancelled"_s.split(u' '));
        QCOMPARE(jobStateFromText(u"Running"), std::nullopt);
        QCOMPARE(jobStateFromText(u""), std::nullopt);
        QCOMPARE(jobStateFromText(u"run"), std::nullopt);
    }

    void stepsOnlyGoForward()
    {
        constexpr StepState states[] = {StepState::Intended, StepState::Running, StepState::Finished};
        for (const StepState from : states) {
            for (const StepState to : states)
                QCOMPARE(canMove(from, to), from < to);
        }
    }

    void knowsStepStatesByName()
    {
        QCOMPARE(toText(StepState::Intended), u"intended"_s);
        QCOMPARE(toText(StepState::Running), u"running"_s);
        QCOMPARE(toText(StepState::Finished), u"finished"_s);
        for (const StepState state : {StepState::Intended, StepState::Running, StepState::Finished})
            QCOMPARE(stepStateFromText(toText(state)), std::optional(state));
        QCOMPARE(stepStateFromText(u"done"), std::nullopt);
    }
};

QTEST_APPLESS_MAIN(TestLifecycle)
#include "tst_lifecycle.moc"
