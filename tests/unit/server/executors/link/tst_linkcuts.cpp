// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/support/agent/agentharness.h"

#include <QProcess>
#include <QRandomGenerator>
#include <QTest>

using namespace danube;
using namespace danube::tests;
using namespace Qt::StringLiterals;

namespace {

const Secret testKey(QByteArray(32, 'k'));

// 40 000 numbered lines on stdout and 20 000 on stderr, with bytes that text tools would spoil.
const QString program = uR"py(
import sys
for i in range(20000):
    sys.stdout.buffer.write(b"out %d\r\x1b[0m\x00\xff\n" % (2 * i))
    sys.stdout.buffer.write(b"out %d\n" % (2 * i + 1))
    sys.stderr.buffer.write(b"err %d\n" % i)
    if i % 7 == 0:
        sys.stdout.flush()
sys.exit(9)
)py"_s;

} // namespace

/// Links that break: the bytes and the outcome stay the same.
class TestLinkCuts : public QObject
{
    Q_OBJECT
    std::unique_ptr<AgentProcess> m_agent;
    QMap<quint32, StepView> m_steps;

    std::unique_ptr<LinkSession> connect(link::KeyHandover handover = link::KeyHandover::Forbidden)
    {
        auto session = std::make_unique<LinkSession>(m_agent->directory(), testKey, handover, m_steps);
        session->waitReady();
        return session;
    }

private slots:
    void init()
    {
        m_steps.clear();
        m_agent = std::make_unique<AgentProcess>(QStringLiteral(DANUBE_BIN_DIR "/danube-agent"));
        QVERIFY(m_agent->start());
    }
    void cleanup() { m_agent.reset(); }

    void everyByteArrivesOnceOverFiftyCuts()
    {
        QRandomGenerator random(20260731);
        link::StepSpec spec;
        spec.argv = {u"python3"_s, u"-c"_s, program};
        auto session = connect(link::KeyHandover::Allowed);
        QVERIFY(session->client().start(StepNumber(1), spec, {{}, 64U << 10}));
        session->setAutomatic(true, 64U << 10);
        for (int cut = 0; cut < 50; ++cut) {
            session->cutAfter(random.bounded(2'000, 25'000));
            session->run([&] { return session->isClosed(); }, milliseconds(2000));
            QVERIFY2(!session->broken(), session->broken() ? qPrintable(session->broken()->message) : "");
            session = connect();
            QVERIFY(session->ready());
            session->setAutomatic(true, 64U << 10);
            // Some of what arrived counts as not durable, as after a crash of the master.
            StepView &view = m_steps[1];
            for (QByteArray &bytes : view.output) {
                const auto acknowledged = session->ready()->steps.first().acknowledged;
                const auto kept = &bytes == &view.output[0] ? acknowledged.standardOutput : acknowledged.standardError;
                bytes.truncate(random.bounded(static_cast<int>(kept), static_cast<int>(bytes.size()) + 1));
            }
            session->client().resume(StepNumber(1), view.point(64U << 10));
        }
        QVERIFY(session->waitExit(1, milliseconds(20'000)));
        QByteArray expected[2];
        for (int i = 0; i < 20000; ++i) {
            expected[0] += "out " + QByteArray::number(2 * i) + QByteArray("\r\x1b[0m\0\xff\n", 8) + "out " +
                           QByteArray::number(2 * i + 1) + '\n';
            expected[1] += "err " + QByteArray::number(i) + '\n';
        }
        QVERIFY(m_steps[1].output[0] == expected[0]);
        QVERIFY(m_steps[1].output[1] == expected[1]);
        QCOMPARE(m_steps[1].outcome().exitCode, 9);
    }

    void theNewestLinkTakesTheLease()
    {
        auto first = connect(link::KeyHandover::Allowed);
        QVERIFY(first->ready());
        auto second = connect();
        QVERIFY(second->ready());
        QVERIFY(!first->run([] { return false; }, milliseconds(1000)));
        QVERIFY(first->isClosed());
        second->client().ping();
        QVERIFY(second->run([&] { return second->pongs() == 1; }));
    }

    void aLinkWithoutTheKeyDisturbsNobody()
    {
        auto first = connect(link::KeyHandover::Allowed);
        QMap<quint32, StepView> others;
        LinkSession intruder(m_agent->directory(), Secret(QByteArray(32, 'x')), link::KeyHandover::Forbidden, others);
        intruder.run([&] { return intruder.isClosed(); }, milliseconds(2000));
        QVERIFY(intruder.isClosed());
        QVERIFY(!intruder.ready());
        first->client().ping();
        QVERIFY(first->run([&] { return first->pongs() == 1; }));
    }

    void aStepEndsWithoutAnyLink()
    {
        auto session = connect(link::KeyHandover::Allowed);
        auto spec = shell(u"echo $$; sleep 0.3; echo done; sleep 100"_s);
        spec.timeout = milliseconds(600);
        spec.grace = milliseconds(100);
        QVERIFY(session->client().start(StepNumber(1), spec, {}));
        QVERIFY(session->run([this] { return m_steps[1].started.has_value(); }));
        session.reset();
        // The record is on disk before any master asks: what a new one reads when the agent is dead, too.
        const auto fromDisk = [this] {
            QFile file(m_agent->directory() + u"/steps/1/exit"_s);
            return file.open(QIODevice::ReadOnly) ? link::readExitRecordFile(file.readAll(), testKey, StepNumber(1))
                                                  : fail(ErrorCode::NotFound, {});
        };
        QVERIFY(waitUntil([&] { return fromDisk().has_value(); }));
        QCOMPARE(link::toOutcome(*fromDisk()).kind, OutcomeKind::Timeout);
        session = connect();
        QCOMPARE(session->ready()->steps.first().state, link::KnownState::Exited);
        session->client().resume(StepNumber(1), {{}, 1U << 20});
        QVERIFY(session->waitExit(1));
        QVERIFY(m_steps[1].output[0].endsWith("\ndone\n"));
        QCOMPARE(*m_steps[1].exit, *fromDisk());
    }

    void anAgentThatWasReplacedKnowsNothingAndRunsNothingTwice()
    {
        auto session = connect(link::KeyHandover::Allowed);
        QVERIFY(session->client().start(StepNumber(1), shell(u"sleep 100"_s), {}));
        QVERIFY(session->run([this] { return m_steps[1].started.has_value(); }));
        m_agent->kill();
        QFile::remove(m_agent->directory() + u"/agent.sock"_s);
        QVERIFY(m_agent->start());
        auto refused = connect();
        QVERIFY(!refused->ready());
        QCOMPARE(refused->broken()->code, ErrorCode::Unauthenticated);
        // Even with the key handed over again, the claim on disk stands.
        session = connect(link::KeyHandover::Allowed);
        QVERIFY(session->client().start(StepNumber(1), shell(u"sleep 100"_s), {}));
        QVERIFY(session->run([this] { return !m_steps[1].failures.isEmpty(); }));
        QCOMPARE(m_steps[1].failures.first().code, link::FailureCode::ClaimedEarlier);
    }

    void offsetsThatWereAcknowledgedAreGone()
    {
        auto session = connect(link::KeyHandover::Allowed);
        auto spec = shell(u"head -c 6000000 /dev/zero"_s);
        spec.spool = 2_MiB;
        QVERIFY(session->client().start(StepNumber(1), spec, {{}, 1U << 20}));
        QVERIFY(session->waitExit(1));
        session->client().resume(StepNumber(1), {{}, 1U << 20});
        session->client().resume(StepNumber(1), {{7'000'000, 0}, 1U << 20});
        session->client().resume(StepNumber(2), {});
        QVERIFY(session->run([this] { return m_steps[1].failures.size() == 2 && m_steps[2].failures.size() == 1; }));
        QCOMPARE(m_steps[1].failures.first().code, link::FailureCode::BytesGone);
        QCOMPARE(m_steps[1].failures.last().code, link::FailureCode::BytesGone);
        QCOMPARE(m_steps[2].failures.first().code, link::FailureCode::UnknownStep);
        m_steps[1].exit.reset();
        session->client().resume(StepNumber(1), m_steps[1].point(0));
        QVERIFY(session->waitExit(1));
    }

    void thePumpJoinsStdinAndStdout()
    {
        QProcess pump;
        pump.start(QStringLiteral(DANUBE_BIN_DIR "/danube-agent"), {u"link"_s, u"--dir"_s, m_agent->directory()});
        QVERIFY(pump.waitForStarted());
        link::LinkClient client(testKey, link::KeyHandover::Allowed);
        QList<link::LinkEvent> events;
        const auto exchange = [&] {
            pump.write(client.takeOutput());
            pump.waitForReadyRead(50);
            events += client.feed(pump.readAllStandardOutput());
        };
        QVERIFY(waitUntil([&] {
            exchange();
            return client.isUp();
        }));
        QVERIFY(client.start(StepNumber(1), shell(u"head -c 1000000 /dev/zero; exit 2"_s), {{}, 2'000'000}));
        const auto exited = [&] {
            return std::ranges::any_of(
                events, [](const auto &event) { return std::holds_alternative<link::StepExited>(event); });
        };
        QVERIFY(waitUntil([&] {
            exchange();
            return exited();
        }));
        pump.closeWriteChannel();
        QVERIFY(pump.waitForFinished(3000));
        QCOMPARE(pump.exitCode(), 0);
    }

    void badUsageIsOneSentence_data()
    {
        QTest::addColumn<QStringList>("arguments");
        QTest::addColumn<int>("code");
        QTest::newRow("nothing") << QStringList() << 2;
        QTest::newRow("unknown mode") << QStringList{u"fly"_s} << 2;
        QTest::newRow("no directory") << QStringList{u"daemon"_s} << 2;
        QTest::newRow("more") << QStringList{u"link"_s, u"--dir"_s, u"/x"_s, u"y"_s} << 2;
        QTest::newRow("directory of nobody") << QStringList{u"daemon"_s, u"--dir"_s, u"/no/such/place/at/all"_s} << 1;
    }
    void badUsageIsOneSentence()
    {
        QFETCH(QStringList, arguments);
        QFETCH(int, code);
        QProcess process;
        process.start(QStringLiteral(DANUBE_BIN_DIR "/danube-agent"), arguments);
        QVERIFY(process.waitForFinished(5000));
        QCOMPARE(process.exitCode(), code);
        const QByteArray text = process.readAllStandardError();
        QVERIFY(text.startsWith("danube-agent: ") && text.count('\n') == 1);
    }

    void installsItself()
    {
        QProcess process;
        const QString target = m_agent->scratch(u"copy"_s);
        process.start(QStringLiteral(DANUBE_BIN_DIR "/danube-agent"), {u"install"_s, target});
        QVERIFY(process.waitForFinished(5000));
        QCOMPARE(process.exitCode(), 0);
        process.start(target, {u"--version"_s});
        QVERIFY(process.waitForFinished(5000));
        QVERIFY(process.readAllStandardOutput().startsWith("danube-agent "));
    }
};

QTEST_GUILESS_MAIN(TestLinkCuts)
#include "tst_linkcuts.moc"
