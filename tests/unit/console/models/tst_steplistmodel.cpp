// SPDX-License-Identifier: GPL-3.0-or-later
#include "console/models/steplistmodel.h"
#include "tests/support/fakeclock.h"

#include <QAbstractItemModelTester>
#include <QSignalSpy>
#include <QTest>

using namespace danube;
using namespace danube::console;
using namespace Qt::StringLiterals;

class TestStepListModel : public QObject
{
    Q_OBJECT
    tests::FakeClock m_clock;
    static Step step(uint32_t number, StepState state = StepState::Running)
    {
        Step step;
        step.number = StepNumber(number);
        step.name = u"step %1"_s.arg(number);
        step.state = state;
        return step;
    }
    static Step ended(uint32_t number, OutcomeKind kind, int code, milliseconds duration)
    {
        Step result = step(number, StepState::Finished);
        result.outcome = StepOutcome{.kind = kind, .exitCode = code, .signal = 0, .duration = duration, .message = {}};
        return result;
    }

private slots:
    void ordersByNumberAndTellsOnlyChanges()
    {
        StepListModel model(m_clock);
        QAbstractItemModelTester tester(&model, QAbstractItemModelTester::FailureReportingMode::QtTest);
        QSignalSpy changed(&model, &QAbstractItemModel::dataChanged);
        QSignalSpy reset(&model, &QAbstractItemModel::modelReset);
        model.update(step(2));
        model.update(step(1));
        model.replaceAll({step(1), step(2), step(3)});
        QCOMPARE(changed.size(), 0);
        model.update(ended(2, OutcomeKind::Exited, 0, seconds(12)));
        QCOMPARE(changed.size(), 1);
        model.replaceAll({step(3), step(4)});
        QCOMPARE(model.rowCount(), 2);
        QCOMPARE(model.indexOf(StepNumber(4)).row(), 1);
        QVERIFY(!model.indexOf(StepNumber(1)).isValid());
        QCOMPARE(reset.size(), 0);
    }
    void saysHowAStepEnded_data()
    {
        QTest::addColumn<int>("kind");
        QTest::addColumn<int>("code");
        QTest::addColumn<QString>("word");
        QTest::addColumn<QString>("detail");
        QTest::newRow("success") << int(OutcomeKind::Exited) << 0 << u"Succeeded"_s << u"12 s"_s;
        QTest::newRow("failure") << int(OutcomeKind::Exited) << 3 << u"Failed"_s << u"exit code 3 after 12 s"_s;
        QTest::newRow("timeout") << int(OutcomeKind::Timeout) << -1 << u"Timed out"_s << u"after 12 s"_s;
        QTest::newRow("cancelled") << int(OutcomeKind::Cancelled) << -1 << u"Cancelled"_s << u"12 s"_s;
    }
    void saysHowAStepEnded()
    {
        QFETCH(int, kind);
        QFETCH(int, code);
        QFETCH(QString, word);
        QFETCH(QString, detail);
        StepListModel model(m_clock);
        model.update(ended(1, OutcomeKind(kind), code, seconds(12)));
        QCOMPARE(model.index(0).data(StepListModel::StateWordRole).toString(), word);
        QCOMPARE(model.index(0).data(StepListModel::DetailRole).toString(), detail);
    }
};

QTEST_GUILESS_MAIN(TestStepListModel)
#include "tst_steplistmodel.moc"
