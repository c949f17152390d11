// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/support/agent/agentharness.h"

#include <QTest>

#include <csignal>

using namespace danube;
using namespace danube::tests;
using namespace Qt::StringLiterals;

namespace {

const Secret testKey(QByteArray(32, 'k'));

bool isAlive(pid_t process)
{
    return ::kill(process, 0) == 0;
}

} // namespace

/// A real agent, through a real link: how steps start and end.
class TestAgentSteps : public QObject
{
    Q_OBJECT
    std::unique_ptr<AgentProcess> m_agent;
    QMap<quint32, StepView> m_steps;
    std::unique_ptr<LinkSession> m_session;

    void startStep(quint32 number, const link::StepSpec &spec, quint64 window = 1U << 20)
    {
        QVERIFY(m_session->client().start(StepNumber(number), spec, {{}, window}));
    }

private slots:
    void init()
    {
        m_steps.clear();
        m_agent = std::make_unique<AgentProcess>(QStringLiteral(DANUBE_BIN_DIR "/danube-agent"));
        QVERIFY(m_agent->start());
        m_session = std::make_unique<LinkSession>(m_agent->directory(), testKey, link::KeyHandover::Allowed, m_steps);
        QVERIFY(m_session->waitReady());
    }
    void cleanup()
    {
        m_session.reset();
        m_agent.reset();
    }

    void reportsHowTheCommandEnds_data()
    {
        QTest::addColumn<QString>("script");
        QTest::addColumn<OutcomeKind>("kind");
        QTest::addColumn<int>("code");
        QTest::addColumn<int>("signal");
        QTest::newRow("success") << u"exit 0"_s << OutcomeKind::Exited << 0 << 0;
        QTest::newRow("failure") << u"exit 3"_s << OutcomeKind::Exited << 3 << 0;
        QTest::newRow("largest code") << u"exit 255"_s << OutcomeKind::Exited << 255 << 0;
        QTest::newRow("killed") << u"kill -KILL $$"_s << OutcomeKind::Signalled << 137 << 9;
        QTest::newRow("terminated") << u"kill -TERM $$"_s << OutcomeKind::Signalled << 143 << 15;
        QTest::newRow("not found") << u"exec /no/such/program"_s << OutcomeKind::Exited << 127 << 0;
    }
    void reportsHowTheCommandEnds()
    {
        QFETCH(QString, script);
        startStep(1, shell(script));
        QVERIFY(m_session->waitExit(1));
        QVERIFY(m_steps[1].started && m_steps[1].started->pid > 0);
        const StepOutcome outcome = m_steps[1].outcome();
        QTEST(outcome.kind, "kind");
        QTEST(outcome.exitCode, "code");
        QTEST(outcome.signal, "signal");
    }

    void reportsWhatCannotBeRun_data()
    {
        QTest::addColumn<QString>("program");
        QTest::addColumn<QString>("directory");
        QTest::addColumn<int>("code");
        QTest::addColumn<QString>("text");
        QTest::newRow("missing") << u"no-such-program"_s << u""_s << 127 << u"cannot run 'no-such-program'"_s;
        QTest::newRow("not executable") << u"/etc/passwd"_s << u""_s << 126 << u"cannot run '/etc/passwd'"_s;
        QTest::newRow("long name") << QString(300, u'x') << u""_s << 126
                                   << u"cannot run a program with a name of 300 bytes: File name too long"_s;
        QTest::newRow("no directory") << u"true"_s << u"/no/such/place"_s << 126
                                      << u"cannot enter directory '/no/such/place'"_s;
    }
    void reportsWhatCannotBeRun()
    {
        QFETCH(QString, program);
        QFETCH(QString, directory);
        QFETCH(int, code);
        QFETCH(QString, text);
        link::StepSpec spec;
        spec.argv = {program};
        spec.workingDirectory = directory;
        startStep(1, spec);
        QVERIFY(m_session->waitExit(1));
        QCOMPARE(m_steps[1].outcome().kind, OutcomeKind::Exited);
        QCOMPARE(m_steps[1].outcome().exitCode, code);
        QVERIFY(m_steps[1].outcome().message.startsWith(text));
        QVERIFY(m_steps[1].output[1].startsWith("danube: " + text.toUtf8()));
        QCOMPARE(m_steps[1].started->pid, 0);
    }

    void givesEnvironmentDirectoryAndNothingElse()
    {
        auto spec = shell(u"echo $A; echo \"$HOME_SET\"; pwd; ls /proc/self/fd | wc -l; cat; ulimit -n; umask"_s);
        spec.environment = {{u"A"_s, u"1"_s}, {u"A"_s, u"two words"_s}, {u"PATH"_s, u"/usr/bin:/bin"_s}};
        spec.inheritEnvironment = false;
        spec.workingDirectory = u"/usr"_s;
        spec.limits = {{link::LimitKind::OpenFiles, 77, 77}};
        startStep(1, spec);
        QVERIFY(m_session->waitExit(1));
        // `ls` sees 0, 1, 2 and the directory it reads.
        QCOMPARE(m_steps[1].output[0], QByteArray("two words\n\n/usr\n4\n77\n0022\n"));
    }

    void keepsBothStreamsApart()
    {
        startStep(1, shell(u"printf 'a\\000b\\r\\033[1m\\377'; printf error >&2; printf c"_s));
        QVERIFY(m_session->waitExit(1));
        QCOMPARE(m_steps[1].output[0], QByteArray("a\0b\r\033[1m\377c", 10));
        QCOMPARE(m_steps[1].output[1], QByteArray("error"));
        QCOMPARE(m_steps[1].exit->bytes[0], 10U);
    }

    void killsAtTheTimeout_data()
    {
        QTest::addColumn<QString>("script");
        QTest::newRow("obedient") << u"sleep 100"_s;
        QTest::newRow("ignores TERM") << u"trap '' TERM; while :; do sleep 1; done"_s;
        QTest::newRow("exits 0 on TERM") << u"trap 'exit 0' TERM; while :; do sleep 0.1; done"_s;
        QTest::newRow("stopped") << u"kill -STOP $$"_s;
    }
    void killsAtTheTimeout()
    {
        QFETCH(QString, script);
        auto spec = shell(u"echo $$; "_s + script);
        spec.timeout = milliseconds(300);
        spec.grace = milliseconds(300);
        startStep(1, spec);
        QVERIFY(m_session->waitExit(1, milliseconds(5000)));
        QCOMPARE(m_steps[1].outcome().kind, OutcomeKind::Timeout);
        QVERIFY(!m_steps[1].outcome().isSuccess());
        QVERIFY(m_steps[1].outcome().duration >= milliseconds(300));
        QVERIFY(!isAlive(m_steps[1].output[0].trimmed().toInt()));
    }

    void killsTheWholeTree()
    {
        // One that left the session, one double-forked daemon, one that ignores TERM.
        startStep(1, shell(u"setsid sh -c 'echo $$; exec sleep 1000' & (setsid sh -c 'trap \"\" TERM; echo $$; sleep "
                           u"1000; sleep 1000' &) ; "
                           "(sleep 1000 & echo $!) ; echo $$; sleep 1000"_s));
        QVERIFY(m_session->run([this] { return m_steps[1].output[0].count('\n') == 4; }));
        m_session->client().kill(StepNumber(1), link::KillCause::Cancelled, milliseconds(200));
        QVERIFY(m_session->waitExit(1, milliseconds(5000)));
        QCOMPARE(m_steps[1].outcome().kind, OutcomeKind::Cancelled);
        for (const QByteArray &line : m_steps[1].output[0].trimmed().split('\n'))
            QVERIFY2(!isAlive(line.toInt()), line.constData());
    }

    void endsAForkBomb()
    {
        const auto spec =
            shell(u"f() { for i in 1 2 3; do sh -c 'while :; do sleep 0.01 & sleep 0.01 & wait; done' & done; }; "
                  "f; f; f; wait"_s);
        startStep(1, spec);
        QVERIFY(m_session->run([this] { return m_steps[1].started.has_value(); }));
        m_session->client().kill(StepNumber(1), link::KillCause::Cancelled, milliseconds(0));
        QVERIFY(m_session->waitExit(1));
        QCOMPARE(m_steps[1].outcome().kind, OutcomeKind::Cancelled);
        QCOMPARE(m_steps[1].exit->message, std::string());
    }

    void endsCleanWithBackgroundProcesses_data()
    {
        QTest::addColumn<QString>("script");
        QTest::addColumn<int>("atLeastMs");
        QTest::newRow("holding the pipes") << u"sleep 1000 & echo $!; exit 4"_s << 1900;
        QTest::newRow("closed pipes") << u"sleep 1000 >/dev/null 2>&1 & echo $!; exit 4"_s << 0;
        QTest::newRow("escaped") << u"setsid sleep 1000 & echo $!; exit 4"_s << 1900;
    }
    void endsCleanWithBackgroundProcesses()
    {
        QFETCH(QString, script);
        QFETCH(int, atLeastMs);
        QElapsedTimer timer;
        timer.start();
        startStep(1, shell(script));
        QVERIFY(m_session->waitExit(1, milliseconds(6000)));
        QCOMPARE(m_steps[1].outcome().exitCode, 4);
        QVERIFY(timer.elapsed() >= atLeastMs && timer.elapsed() < atLeastMs + 2500);
        QVERIFY(!isAlive(m_steps[1].output[0].trimmed().toInt()));
        QVERIFY(m_steps[1].outcome().duration < milliseconds(1500));
    }

    void waitsForBackgroundOutput()
    {
        startStep(1, shell(u"(sleep 0.5; echo late) & exit 0"_s));
        QVERIFY(m_session->waitExit(1));
        QCOMPARE(m_steps[1].output[0], QByteArray("late\n"));
        QVERIFY(m_steps[1].outcome().isSuccess());
    }

    void startsOnlyOnce()
    {
        const QString mark = m_agent->scratch(u"mark"_s);
        const auto spec = shell(u"echo run >>"_s + mark + u"; sleep 0.3"_s);
        for (int i = 0; i < 20; ++i)
            startStep(1, spec);
        QVERIFY(m_session->waitExit(1));
        startStep(1, spec);
        startStep(1, shell(u"exit 0"_s));
        QVERIFY(m_session->run([this] { return !m_steps[1].failures.isEmpty(); }));
        QCOMPARE(m_steps[1].failures.first().code, link::FailureCode::SpecMismatch);
        QFile file(mark);
        QVERIFY(file.open(QIODevice::ReadOnly));
        QCOMPARE(file.readAll(), QByteArray("run\n"));
    }

    void runsFourAtOnceWithOneBlocked()
    {
        m_session->setAutomatic(true);
        startStep(1, shell(u"head -c 3000000 /dev/zero"_s), 0);
        for (quint32 step = 2; step <= 4; ++step)
            startStep(step, shell(u"head -c 3000000 /dev/zero | tr '\\0' %1"_s.arg(step)));
        for (quint32 step = 2; step <= 4; ++step) {
            QVERIFY(m_session->waitExit(step));
            QCOMPARE(m_steps[step].output[0], QByteArray(3'000'000, static_cast<char>('0' + step)));
        }
        QVERIFY(m_steps[1].output[0].isEmpty());
        QVERIFY(!m_steps[1].exit);
        m_session->client().credit(StepNumber(1), 1U << 20);
        QVERIFY(m_session->waitExit(1));
        QCOMPARE(m_steps[1].output[0].size(), 3'000'000);
    }

    void blocksTheStepWhileTheSpoolIsFull()
    {
        m_session->setAutomatic(false);
        const QString mark = m_agent->scratch(u"mark"_s);
        auto spec = shell(u"head -c 8000000 /dev/zero; touch "_s + mark);
        spec.spool = 2_MiB;
        startStep(1, spec, UINT64_MAX);
        QVERIFY(m_session->run([this] { return m_steps[1].output[0].size() > 1'500'000; }));
        QVERIFY(!m_session->run([&] { return QFile::exists(mark); }, milliseconds(400)));
        QVERIFY(m_steps[1].output[0].size() < 3'000'000);
        m_session->setAutomatic(true);
        m_session->client().acknowledge(StepNumber(1), m_steps[1].point(0).offsets);
        QVERIFY(m_session->waitExit(1));
        QCOMPARE(m_steps[1].output[0], QByteArray(8'000'000, '\0'));
        QVERIFY(QFile::exists(mark));
    }

    void forgetsOnlyEndedSteps()
    {
        startStep(1, shell(u"sleep 0.3"_s));
        m_session->client().forget(StepNumber(1));
        QVERIFY(m_session->waitExit(1));
        const QString record = m_agent->directory() + u"/steps/1/exit"_s;
        QVERIFY(waitUntil([&] { return QFile::exists(record); }));
        m_session->client().forget(StepNumber(1));
        QVERIFY(m_session->run([&] { return !QFile::exists(record); }));
        startStep(1, shell(u"exit 0"_s));
        QVERIFY(m_session->run([this] { return !m_steps[1].failures.isEmpty(); }));
        QCOMPARE(m_steps[1].failures.first().code, link::FailureCode::Forgotten);
    }

    void answersPing()
    {
        m_session->client().ping(7);
        QVERIFY(m_session->run([this] { return m_session->pongs() == 1; }));
    }

    void shutsDownAndKillsEverything()
    {
        startStep(1, shell(u"trap '' TERM; echo $$; while :; do sleep 1; done"_s));
        QVERIFY(m_session->run([this] { return m_steps[1].output[0].endsWith('\n'); }));
        m_session->client().shutdown(milliseconds(100));
        QVERIFY(m_session->waitExit(1));
        QCOMPARE(m_steps[1].outcome().kind, OutcomeKind::Cancelled);
        QCOMPARE(m_agent->waitForExit(milliseconds(5000)), 0);
        QVERIFY(!isAlive(m_steps[1].output[0].trimmed().toInt()));
    }

    void takesItsStepsAlongWhenKilled()
    {
        startStep(1, shell(u"setsid sh -c 'echo $$; exec sleep 1000' & echo $$; sleep 1000"_s));
        QVERIFY(m_session->run([this] { return m_steps[1].output[0].count('\n') == 2; }));
        m_agent->kill();
        for (const QByteArray &line : m_steps[1].output[0].trimmed().split('\n'))
            QVERIFY2(waitUntil([&] { return !isAlive(line.toInt()); }), line.constData());
    }
};

QTEST_GUILESS_MAIN(TestAgentSteps)
#include "tst_agentsteps.moc"
