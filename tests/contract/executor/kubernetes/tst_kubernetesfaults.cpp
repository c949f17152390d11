// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/contract/executor/kubernetes/kubernetescase.h"

using namespace danube;
using namespace danube::tests;
using namespace Qt::StringLiterals;

/// What only pods can suffer: each ends typed, with a sentence, and never as a success.
class TestKubernetesFaults : public KubernetesCase
{
    Q_OBJECT
private slots:
    void losesTheJobWithAReason_data();
    void losesTheJobWithAReason();
    void goesOnAfterTheNodeIsBack();
    void neverStartsWhatWasCancelledMeanwhile();
    void bringsMoreCommandsThanOneWriteTakes();
    void losesWhatStaysUnreachable();
    void survivesWhatHappensToTheExec_data();
    void survivesWhatHappensToTheExec();
    void watchesOnceForAllJobs();
};

void TestKubernetesFaults::losesTheJobWithAReason_data()
{
    QTest::addColumn<QString>("action");
    QTest::addColumn<QString>("container");
    QTest::addColumn<QString>("words");
    QTest::newRow("evicted") << u"evict"_s << QString() << u"the pod was evicted: The node was low on resource"_s;
    QTest::newRow("out of memory") << u"oom"_s << u"worker"_s << u"container worker ran out of memory"_s;
    QTest::newRow("coordinator out of memory")
        << u"oom"_s << u"coordinator"_s << u"container coordinator ran out of memory"_s;
    QTest::newRow("agent killed") << u"kill"_s << u"worker"_s << u"agent of container worker ended with code 137"_s;
    QTest::newRow("deleted") << u"delete"_s << QString() << u"the pod was deleted"_s;
    QTest::newRow("deleted without grace") << u"force"_s << QString() << u"the pod was deleted"_s;
}

void TestKubernetesFaults::losesTheJobWithAReason()
{
    QFETCH(QString, action);
    QFETCH(QString, container);
    QFETCH(QString, words);
    QVERIFY(launchAndWait());
    startStep(1, u"echo begun; sleep 300"_s);
    QVERIFY(waitUntil([this] { return output(1) == "begun\n"; }));
    if (action == "delete"_L1 || action == "force"_L1)
        m_cluster->remove(kube::resources::pods, jobsNamespace, kubernetes::podNameOf(m_job),
                          seconds(action == "force"_L1 ? 0 : 1));
    else
        m_cluster->act(action, here(container));
    QVERIFY(waitUntil([this] { return m_said->lost.contains(m_job); }));
    QVERIFY2(m_said->lost[m_job].contains(words), qPrintable(m_said->lost[m_job]));
    const auto outcome = m_said->outcome(m_job, 1); // an agent that was asked to end tells the truth: cancelled
    QVERIFY(!outcome || !outcome->isSuccess());
}

// Unreachable is not gone.
void TestKubernetesFaults::goesOnAfterTheNodeIsBack()
{
    QVERIFY(launchAndWait());
    startStep(1, u"echo one; sleep 1; echo two; exit 5"_s);
    QVERIFY(waitUntil([this] { return m_said->hasStarted(m_job, 1); }));
    m_cluster->act(u"node-lost"_s);
    QTest::qWait(1500); // the step ends meanwhile, seen by nobody
    QVERIFY(!m_said->outcome(m_job, 1) && !m_said->lost.contains(m_job));
    m_cluster->act(u"node-back"_s);
    QCOMPARE(outcomeOf(1).value_or(StepOutcome()).exitCode, 5);
    QCOMPARE(output(1), QByteArray("one\ntwo\n"));
}

void TestKubernetesFaults::neverStartsWhatWasCancelledMeanwhile()
{
    QVERIFY(launchAndWait());
    startStep(1, u"true"_s);
    QCOMPARE(outcomeOf(1).value_or(StepOutcome()).exitCode, 0);
    m_cluster->act(u"node-lost"_s);
    QVERIFY(waitUntil([this] { return m_cluster->counts()["open"_L1]["exec"_L1].toInt() == 0; }));
    startStep(2, u"trap '' TERM; touch /workspace/mark; sleep 300"_s);
    m_executor->killStep(m_job, StepNumber(2), jobs::KillReason::Cancelled);
    m_cluster->act(u"node-back"_s);
    const StepOutcome outcome = outcomeOf(2).value_or(StepOutcome());
    QCOMPARE(outcome.kind, OutcomeKind::Cancelled);
    QCOMPARE(outcome.message, u"it was not started yet"_s);
    startStep(3, u"test ! -e /workspace/mark"_s);
    QCOMPARE(outcomeOf(3).value_or(StepOutcome()).exitCode, 0);
}

// Steps that were asked for while nobody could be reached are all started at once afterwards.
void TestKubernetesFaults::bringsMoreCommandsThanOneWriteTakes()
{
    QVERIFY(launchAndWait());
    m_cluster->act(u"node-lost"_s);
    QVERIFY(waitUntil([this] { return m_cluster->counts()["open"_L1]["exec"_L1].toInt() == 0; }));
    constexpr uint32_t steps = 40;
    for (uint32_t number = 1; number <= steps; ++number) {
        jobs::StepLaunch step;
        step.number = StepNumber(number);
        step.argv = {u"/bin/sh"_s, u"-c"_s, u"exit %1"_s.arg(number)};
        for (int part = 0; part < 8; ++part)
            step.environment.append({u"PART%1"_s.arg(part), QString(100'000, u'x')});
        m_executor->startStep(m_job, step);
    }
    m_cluster->act(u"node-back"_s);
    for (uint32_t number = 1; number <= steps; ++number)
        QCOMPARE(outcomeOf(number).value_or(StepOutcome()).exitCode, static_cast<int>(number));
}

// Unless the operator sets a limit.
void TestKubernetesFaults::losesWhatStaysUnreachable()
{
    closeExecutor();
    m_backing->settings.unreachableLimit = milliseconds(1000);
    openExecutor();
    QVERIFY(launchAndWait());
    m_cluster->act(u"node-lost"_s);
    QVERIFY(waitUntil([this] { return m_said->lost.contains(m_job); }));
    m_cluster->act(u"node-back"_s);
    // At least the one second of the configuration; a busy machine looks a little later.
    static const QRegularExpression sentence(u" could not be reached for [1-9][0-9]* s: "_s);
    QVERIFY2(m_said->lost[m_job].contains(sentence), qPrintable(m_said->lost[m_job]));
}

void TestKubernetesFaults::survivesWhatHappensToTheExec_data()
{
    QTest::addColumn<QJsonObject>("fault");
    const auto row = [](const char *name, const QString &kind, QJsonObject more = {}) {
        more.insert(u"fault"_s, kind);
        QTest::newRow(name) << more;
    };
    const QJsonArray anywhere{10, 200'000};
    row("cut", u"exec-cut"_s, {{u"bytes"_s, anywhere}, {u"count"_s, 4}});
    row("reset", u"exec-cut"_s, {{u"bytes"_s, anywhere}, {u"count"_s, 4}, {u"rst"_s, true}});
    row("false success", u"exec-false-success"_s, {{u"bytes"_s, anywhere}, {u"count"_s, 4}});
    row("polite close", u"exec-polite-close"_s, {{u"bytes"_s, anywhere}, {u"count"_s, 4}});
    row("stall", u"exec-stall"_s, {{u"bytes"_s, anywhere}, {u"for_ms"_s, 500}, {u"count"_s, 2}});
    row("refused", u"exec-refuse"_s, {{u"code"_s, 500}, {u"text"_s, u"container not found"_s}, {u"count"_s, 3}});
    row("forbidden", u"exec-refuse"_s,
        {{u"code"_s, 403}, {u"message"_s, u"no"_s}, {u"reason"_s, u"Forbidden"_s}, {u"count"_s, 2}});
    row("kubelet restarted", u"kubelet-restart"_s);
    row("runtime restarted", u"runtime-restart"_s);
    row("API server restarted", u"restart"_s);
}

void TestKubernetesFaults::survivesWhatHappensToTheExec()
{
    QFETCH(QJsonObject, fault);
    const QString kind = fault["fault"_L1].toString();
    const bool isFault = kind.startsWith("exec-"_L1);
    if (isFault)
        m_cluster->fault(fault);
    QVERIFY(launchAndWait());
    startStep(1, u"seq 1 60000; sleep 0.3; seq 60001 90000; exit 7"_s);
    QVERIFY(waitUntil([this] { return m_said->hasStarted(m_job, 1); }));
    if (kind == "restart"_L1)
        m_cluster->post(u"/standin/restart"_s, {{u"down_ms"_s, 500}});
    else if (!isFault)
        m_cluster->act(kind);
    const auto outcome = outcomeOf(1);
    QVERIFY(outcome);
    QCOMPARE(outcome->kind, OutcomeKind::Exited);
    QCOMPARE(outcome->exitCode, 7);
    QByteArray expected;
    for (int i = 1; i <= 90'000; ++i)
        expected += QByteArray::number(i) + '\n';
    QVERIFY(output(1) == expected);
    QCOMPARE(m_backing->coordinatorStarts(m_job), 1);
    QVERIFY(!m_said->lost.contains(m_job));
}

void TestKubernetesFaults::watchesOnceForAllJobs()
{
    QVERIFY(launchAndWait());
    m_cluster->post(u"/standin/counts/reset"_s, {});
    startStep(1, u"exit 3"_s);
    QCOMPARE(outcomeOf(1).value_or(StepOutcome()).exitCode, 3);
    QTest::qWait(500);
    const QJsonObject counts = m_cluster->counts();
    QCOMPARE(counts["open"_L1]["watch pods"_L1].toInt(), 1);
    QCOMPARE(counts["open"_L1]["exec"_L1].toInt(), 2); // one per container
    QCOMPARE(counts["requests"_L1].toObject().value("get pods"_L1).toInt(), 0);
    QCOMPARE(counts["requests"_L1].toObject().value("list pods"_L1).toInt(), 0);
}

QTEST_GUILESS_MAIN(TestKubernetesFaults)
#include "tst_kubernetesfaults.moc"
