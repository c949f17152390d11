// SPDX-License-Identifier: GPL-3.0-or-later
#include "shared/model/step.h"

#include "shared/model/stream.h"

#include <QJsonDocument>
#include <QTest>

using namespace danube;
using namespace Qt::StringLiterals;

namespace {

Step fullStep()
{
    Step step;
    step.number = StepNumber(4'000'000'000);
    step.name = u"test"_s;
    step.command = u"make check"_s;
    step.image = u"debian:13"_s;
    step.state = StepState::Finished;
    step.outcome = StepOutcome{OutcomeKind::Signalled, 137, 9, milliseconds(1234), u"out of memory"_s};
    step.startedAt = WallTime(milliseconds(1'769'860'800'000));
    step.finishedAt = WallTime(milliseconds(1'769'860'801'234));
    step.timeout = milliseconds(5000);
    return step;
}

QByteArray textOf(const Step &step)
{
    return QJsonDocument(toJson(step)).toJson(QJsonDocument::Compact);
}

} // namespace

class TestStep : public QObject
{
    Q_OBJECT
private slots:
    void describesOutcomes_data()
    {
        QTest::addColumn<OutcomeKind>("kind");
        QTest::addColumn<QString>("message");
        QTest::addColumn<QString>("text");
        QTest::newRow("exited") << OutcomeKind::Exited << QString() << u"exit code 3"_s;
        QTest::newRow("signalled") << OutcomeKind::Signalled << QString() << u"killed by signal 9"_s;
        QTest::newRow("timeout") << OutcomeKind::Timeout << QString() << u"timed out after 2.5 s"_s;
        QTest::newRow("cancelled") << OutcomeKind::Cancelled << QString() << u"cancelled"_s;
        QTest::newRow("lost") << OutcomeKind::Lost << QString() << u"lost"_s;
        QTest::newRow("lost, why") << OutcomeKind::Lost << u"agent gone"_s << u"lost: agent gone"_s;
    }
    void describesOutcomes()
    {
        QFETCH(OutcomeKind, kind);
        QFETCH(QString, message);
        QFETCH(QString, text);
        QCOMPARE(describe(StepOutcome{kind, 3, 9, milliseconds(2500), message}), text);
    }

    void onlyAnExitWithZeroIsSuccess()
    {
        for (const OutcomeKind kind : {OutcomeKind::Exited, OutcomeKind::Signalled, OutcomeKind::Timeout,
                                       OutcomeKind::Cancelled, OutcomeKind::Lost}) {
            QCOMPARE((StepOutcome{kind, 0, 0, {}, {}}).isSuccess(), kind == OutcomeKind::Exited);
            QVERIFY(!(StepOutcome{kind, 1, 0, {}, {}}).isSuccess());
        }
        QVERIFY(!StepOutcome().isSuccess());
        QCOMPARE(StepOutcome().kind, OutcomeKind::Lost);
        QCOMPARE(StepOutcome().exitCode, -1);
    }

    void knowsOutcomesByName()
    {
        const std::pair<OutcomeKind, QString> names[] = {{OutcomeKind::Exited, u"exited"_s},
                                                         {OutcomeKind::Signalled, u"signalled"_s},
                                                         {OutcomeKind::Timeout, u"timeout"_s},
                                                         {OutcomeKind::Cancelled, u"cancelled"_s},
                                                         {OutcomeKind::Lost, u"lost"_s}};
        for (const auto &[kind, name] : names) {
            QCOMPARE(toText(kind), name);
            QCOMPARE(outcomeKindFromText(name), std::optional(kind));
        }
        QCOMPARE(outcomeKindFromText(u"ok"), std::nullopt);
    }

    void hasItsWireForm()
    {
        QCOMPARE(
            textOf(fullStep()),
            R"({"command":"make check","duration_ms":1234,"exit_code":137,"finished_at":"2026-01-31T12:00:01.234Z",)"
            R"("image":"debian:13","message":"out of memory","name":"test","number":4000000000,"outcome":"signalled",)"
            R"("signal":9,"started_at":"2026-01-31T12:00:00.000Z","state":"finished","timeout_ms":5000})"_ba);
    }

    void leavesOutWhatIsNotThere()
    {
        QCOMPARE(textOf(Step()),
                 R"({"command":"","finished_at":"","name":"","number":0,"started_at":"","state":"intended"})"_ba);
        Step step;
        step.outcome = StepOutcome{OutcomeKind::Exited, 0, 0, {}, {}};
        QVERIFY(!textOf(step).contains("signal") && !textOf(step).contains("message"));
    }

    void neverTellsRequestAndBody()
    {
        Step step = fullStep();
        step.request = RequestId(u"hidden-request"_s);
        step.bodyHash = "hidden-hash";
        QVERIFY(!textOf(step).contains("hidden"));
    }

    void comesBackFromItsWireForm()
    {
        QCOMPARE(stepFromJson(toJson(fullStep())), fullStep());
        QCOMPARE(stepFromJson(toJson(Step())), Step());
        Step running = fullStep();
        running.outcome.reset();
        running.state = StepState::Running;
        QCOMPARE(stepFromJson(toJson(running)), running);
    }

    void missingMembersKeepTheirDefaults()
    {
        QCOMPARE(stepFromJson({}), Step());
        const Step step = stepFromJson({{u"outcome"_s, u"exited"_s}});
        QCOMPARE(step.outcome->exitCode, -1); // an exit without a code is not 0
        QVERIFY(!stepFromJson({{u"outcome"_s, u"unheard-of"_s}}).outcome);
    }

    void namesStreams()
    {
        QCOMPARE(toText(LogStream::Stdout), u"stdout"_s);
        QCOMPARE(toText(LogStream::Stderr), u"stderr"_s);
        QCOMPARE(toText(LogStream::System), u"system"_s);
    }
};

QTEST_APPLESS_MAIN(TestStep)
#include "tst_step.moc"
