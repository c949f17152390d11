// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/support/agent/agentharness.h"

#include <QDir>
#include <QElapsedTimer>
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

link::StepSpec python(const QString &program)
{
    link::StepSpec spec;
    spec.argv = {u"python3"_s, u"-c"_s, program};
    spec.grace = milliseconds(500);
    return spec;
}

} // namespace

/// Steps of the agent's own user that try to change a result: their own or another's.
class TestAgentHostile : public QObject
{
    Q_OBJECT
    std::unique_ptr<AgentProcess> m_agent;
    QMap<quint32, StepView> m_steps;
    std::unique_ptr<LinkSession> m_session;

    void startStep(quint32 number, link::StepSpec spec)
    {
        spec.environment.append({u"AGENT_DIR"_s, m_agent->directory()});
        spec.environment.append({u"AGENT_PID"_s, QString::number(m_agent->pid())});
        QVERIFY(m_session->client().start(StepNumber(number), spec, {{}, 1U << 20}));
    }
    void reconnect()
    {
        m_session = std::make_unique<LinkSession>(m_agent->directory(), testKey, link::KeyHandover::Allowed, m_steps);
    }

    /// Step 1 says its process id and, after more than the limit, that it is still there.
    void expectTheEndWithoutAMaster()
    {
        QVERIFY(m_session->run([this] { return m_steps[1].output[0].endsWith("still here\n"); }, milliseconds(40'000)));
        const auto step = static_cast<pid_t>(m_steps[1].output[0].split('\n').first().toInt());
        QVERIFY(step > 0 && isAlive(step));
        m_session.reset();
        QCOMPARE(m_agent->waitForExit(milliseconds(60'000)), 0);
        QVERIFY(waitUntil([step] { return !isAlive(step); }));
    }

private slots:
    void init()
    {
        m_steps.clear();
        m_agent = std::make_unique<AgentProcess>(QStringLiteral(DANUBE_BIN_DIR "/danube-agent"));
        QVERIFY(m_agent->start());
        reconnect();
        QVERIFY(m_session->waitReady());
    }
    void cleanup()
    {
        m_session.reset();
        m_agent.reset();
    }

    void aForgedRecordChangesNothing()
    {
        // A well-formed record of success under a key the step made up, in every place the agent might look.
        agent::ExitRecord forged;
        forged.step = 1;
        forged.kind = agent::ExitKind::Exited;
        forged.code = 0;
        const Secret ownKey(QByteArray(32, 'x'));
        const agent::HmacKey container({reinterpret_cast<const std::uint8_t *>(ownKey.reveal().constData()), 32});
        const auto bytes = agent::sealExitRecord(forged, agent::stepKey(container, 1));
        QFile file(m_agent->scratch(u"forged"_s));
        QVERIFY(file.open(QIODevice::WriteOnly));
        file.write(reinterpret_cast<const char *>(bytes.data()), static_cast<qint64>(bytes.size()));
        file.close();
        startStep(
            1,
            shell(
                u"cp %1 $AGENT_DIR/steps/1/exit; cp %1 $AGENT_DIR/steps/1/exit.new; cp %1 $AGENT_DIR/segment; exit 5"_s
                    .arg(file.fileName())));
        QVERIFY(m_session->waitExit(1));
        QCOMPARE(m_steps[1].outcome().exitCode, 5);
        QFile record(m_agent->directory() + u"/steps/1/exit"_s);
        const auto verified = [&] {
            record.close();
            return record.open(QIODevice::ReadOnly) &&
                   link::readExitRecordFile(record.readAll(), testKey, StepNumber(1)).has_value();
        };
        QVERIFY(waitUntil(verified));
        record.seek(0);
        QCOMPARE(link::readExitRecordFile(record.readAll(), testKey, StepNumber(1)).value().code, 5);
    }

    void noMemoryOrDescriptorOfTheAgentOpens()
    {
        const QString program = uR"py(
import ctypes, os
libc = ctypes.CDLL(None, use_errno=True)
daemon, shim = int(os.environ["AGENT_PID"]), os.getppid()
for pid in (shim, daemon):
    print("ptrace", libc.ptrace(16, pid, 0, 0), ctypes.get_errno())
    print("seize", libc.ptrace(0x4206, pid, 0, 0), ctypes.get_errno())
    for name in ("mem", "maps", "environ"):
        try:
            with open(f"/proc/{pid}/{name}", "r+b" if name == "mem" else "rb") as f:
                f.read(1)
            print(name, "opened")
        except OSError as e:
            print(name, e.errno)
    for fd in range(3, 40):
        try:
            os.open(f"/proc/{pid}/fd/{fd}", os.O_RDWR)
            print("fd", fd, "opened")
        except OSError:
            pass
    pidfd = os.pidfd_open(pid)
    print("getfd", libc.syscall(438, pidfd, 3, 0))
)py"_s;
        startStep(1, python(program));
        QVERIFY(m_session->waitExit(1));
        QCOMPARE(m_steps[1].output[1], QByteArray());
        QVERIFY2(!m_steps[1].output[0].contains("opened"), m_steps[1].output[0].constData());
        QCOMPARE(m_steps[1].output[0].count("ptrace -1 1\nseize -1 1\nmem 13\nmaps 13\nenviron 13\ngetfd -1\n"), 2);
    }

    void aSpoolFileCannotBeFound()
    {
        startStep(
            1,
            shell(
                u"echo secret; sleep 0.1; find $AGENT_DIR -type f; grep -rs secret $AGENT_DIR /proc/$PPID/fd /proc/$AGENT_PID/fd"_s));
        QVERIFY(m_session->waitExit(1));
        QCOMPARE(m_steps[1].output[0], QByteArray("secret\n"));
    }

    void aFloodOfConnectionsStarvesNobody()
    {
        const QString program = uR"py(
import os, socket, time
os.chdir(os.environ["AGENT_DIR"])
end = time.time() + 2.5
held, count = [], 0
print("go", flush=True)
while time.time() < end:
    s = socket.socket(socket.AF_UNIX)
    s.settimeout(0.5)
    try:
        s.connect("agent.sock")
        s.send(b"\x40\x00\x00\x00\x41" + b"x" * 60)
        held.append(s)
        count += 1
    except OSError:
        pass
    held = held[-200:]
print(count > 100)
)py"_s;
        startStep(1, python(program));
        startStep(2, python(program));
        QVERIFY(m_session->run([this] { return m_steps[1].output[0] == "go\n" && m_steps[2].output[0] == "go\n"; }));
        QElapsedTimer timer;
        timer.start();
        for (int i = 0; i < 5; ++i) {
            reconnect();
            QVERIFY(m_session->waitReady());
        }
        QVERIFY2(timer.elapsed() < 10'000, QByteArray::number(timer.elapsed()).constData());
        for (const quint32 step : {1U, 2U}) {
            m_session->client().resume(StepNumber(step), m_steps[step].point(1U << 20));
            QVERIFY(m_session->waitExit(step));
            QCOMPARE(m_steps[step].output[0], QByteArray("go\nTrue\n"));
        }
    }

    void aKilledSupervisorIsNoSuccess()
    {
        startStep(1, shell(u"setsid sh -c 'echo $$; exec sleep 1000' & sleep 0.2; kill -KILL $PPID; exit 0"_s));
        startStep(2, shell(u"sleep 1; echo fine"_s));
        QVERIFY(m_session->waitExit(1));
        QCOMPARE(m_steps[1].outcome().kind, OutcomeKind::Signalled);
        QVERIFY(!m_steps[1].outcome().isSuccess());
        QCOMPARE(m_steps[1].outcome().message,
                 u"the step's supervisor was killed, so how its command ended is unknown"_s);
        QVERIFY(!isAlive(m_steps[1].output[0].trimmed().toInt()));
        QVERIFY(m_session->waitExit(2));
        QVERIFY(m_steps[2].outcome().isSuccess());
        QCOMPARE(m_steps[2].output[0], QByteArray("fine\n"));
    }

    void aStoppedSupervisorStillTimesOut()
    {
        auto spec = shell(u"while :; do kill -STOP $PPID; done"_s);
        spec.timeout = milliseconds(400);
        spec.grace = milliseconds(100);
        startStep(1, spec);
        QVERIFY(m_session->waitExit(1, milliseconds(20'000)));
        QVERIFY(!m_steps[1].outcome().isSuccess());
        QVERIFY(m_steps[1].outcome().kind == OutcomeKind::Timeout ||
                m_steps[1].outcome().kind == OutcomeKind::Signalled);
    }

    void signalsOfAStepDoNotEndTheAgent()
    {
        startStep(
            1,
            shell(
                u"kill -TERM $AGENT_PID; kill -INT $AGENT_PID; kill -HUP $AGENT_PID; kill -TERM $PPID; sleep 0.2; exit 6"_s));
        QVERIFY(m_session->waitExit(1));
        QCOMPARE(m_steps[1].outcome().kind, OutcomeKind::Exited);
        QCOMPARE(m_steps[1].outcome().exitCode, 6);
        startStep(2, shell(u"exit 0"_s));
        QVERIFY(m_session->waitExit(2));
        QVERIFY(m_steps[2].outcome().isSuccess());
    }

    void aRemovedDirectoryIsPutBack()
    {
        startStep(1, shell(u"rm -rf $AGENT_DIR; head -c 9000000 /dev/zero; sleep 1.5; exit 7"_s));
        QVERIFY(m_session->run([this] { return m_steps[1].output[0].size() == 9'000'000; }));
        QVERIFY(waitUntil([this] { return QFile::exists(m_agent->directory() + u"/agent.sock"_s); }));
        reconnect();
        QVERIFY(m_session->waitReady());
        m_session->client().resume(StepNumber(1), m_steps[1].point(1U << 20));
        QVERIFY(m_session->waitExit(1));
        QCOMPARE(m_steps[1].outcome().exitCode, 7);
        startStep(2, shell(u"exit 0"_s));
        QVERIFY(m_session->waitExit(2));
    }

    void aJobThatNoMasterCanFindEnds()
    {
        startStep(1, shell(u"rm -rf \"$(dirname $AGENT_DIR)\"; echo $$; sleep 6; echo still here; exec sleep 600"_s));
        expectTheEndWithoutAMaster();
        QVERIFY2(m_agent->told().contains("danube-agent: the job's folder is gone and no master is connected: ending"),
                 m_agent->told().constData());
    }

    void aJobWhoseMasterDoesNotComeBackEnds()
    {
        cleanup();
        m_agent = std::make_unique<AgentProcess>(QStringLiteral(DANUBE_BIN_DIR "/danube-agent"), QStringList(),
                                                 QStringList{u"--orphan-limit"_s, u"1"_s});
        QVERIFY(m_agent->start());
        reconnect();
        QVERIFY(m_session->waitReady());
        startStep(1, shell(u"echo $$; sleep 2; echo still here; exec sleep 600"_s));
        expectTheEndWithoutAMaster();
        QVERIFY2(m_agent->told().contains("danube-agent: no master came in time: ending with all steps"),
                 m_agent->told().constData());
    }

    void aReplacedSocketIsPutBack()
    {
        // The impostor claims to be fresh, to be handed the key.
        const QString program = uR"py(
import os, socket, threading
os.chdir(os.environ["AGENT_DIR"])
os.unlink("agent.sock")
s = socket.socket(socket.AF_UNIX)
s.bind("agent.sock")
s.listen(5)
print("up", flush=True)
c, _ = s.accept()
c.send(b"\x24\x00\x00\x00\x01\x01\x00" + b"b" * 16 + b"n" * 16 + b"\x01")
print(len(c.recv(1000)), flush=True)
)py"_s;
        startStep(1, python(program));
        QVERIFY(m_session->run([this] { return m_steps[1].output[0] == "up\n"; }));
        LinkSession tricked(m_agent->directory(), testKey, link::KeyHandover::Forbidden, m_steps);
        tricked.run([&] { return tricked.broken().has_value(); });
        QVERIFY(tricked.broken().has_value());
        QCOMPARE(tricked.broken()->code, ErrorCode::Unauthenticated);
        tricked.close();
        QVERIFY(m_session->waitExit(1));
        QCOMPARE(m_steps[1].output[0], QByteArray("up\n0\n"));
        const auto isBack = [this] {
            LinkSession session(m_agent->directory(), testKey, link::KeyHandover::Forbidden, m_steps);
            return session.run([&] { return session.ready().has_value(); }, milliseconds(200));
        };
        QVERIFY(waitUntil(isBack));
    }

    void claimsMadeByAStepDoNotStopOthers()
    {
        startStep(1, shell(u"mkdir $AGENT_DIR/steps/2; ln -s / $AGENT_DIR/steps/3; ulimit -c 0"_s));
        QVERIFY(m_session->waitExit(1));
        startStep(2, shell(u"echo two"_s));
        QVERIFY(m_session->waitExit(2));
        QCOMPARE(m_steps[2].output[0], QByteArray("two\n"));
    }

    void aStrangerOnThePipeDoesNotKeepTheStepOpen()
    {
        startStep(1, shell(u"echo $$; sleep 1; exit 3"_s));
        QVERIFY(m_session->run([this] { return m_steps[1].output[0].endsWith('\n'); }));
        startStep(2, shell(u"yes >/proc/%1/fd/1"_s.arg(QString::fromLatin1(m_steps[1].output[0].trimmed()))));
        QVERIFY(m_session->waitExit(1));
        QCOMPARE(m_steps[1].outcome().exitCode, 3);
        QVERIFY(m_session->waitExit(2));
        QVERIFY(!m_steps[2].outcome().isSuccess());
    }

    void aRefusingDiskBlocksTheStepAndLosesNothing()
    {
        // The step lowers the agent's own limit of file sizes for a while: the agent's writes fail half-way, as on a
        // full disk.
        const QString program = uR"py(
import os, resource, sys, threading, time
agent = int(os.environ["AGENT_PID"])
hard = resource.prlimit(agent, resource.RLIMIT_FSIZE)[1]
sys.stdout.write("before\n")
sys.stdout.flush()
resource.prlimit(agent, resource.RLIMIT_FSIZE, (5000, hard))
threading.Timer(0.7, lambda: resource.prlimit(agent, resource.RLIMIT_FSIZE, (hard, hard))).start()
sys.stdout.write("".join("line %d\n" % i for i in range(200000)))
)py"_s;
        startStep(1, python(program));
        QVERIFY(m_session->waitExit(1));
        QVERIFY(m_steps[1].outcome().isSuccess());
        QVERIFY(!m_steps[1].failures.isEmpty());
        QCOMPARE(m_steps[1].failures.first().code, link::FailureCode::SpoolBlocked);
        QByteArray expected = "before\n";
        for (int i = 0; i < 200'000; ++i)
            expected += "line " + QByteArray::number(i) + '\n';
        QVERIFY(m_steps[1].output[0] == expected);
    }

    void processOneShrugsSignalsOff()
    {
        m_session.reset();
        m_agent = std::make_unique<AgentProcess>(
            QStringLiteral(DANUBE_BIN_DIR "/danube-agent"),
            QStringList{u"unshare"_s, u"--pid"_s, u"--fork"_s, u"--kill-child"_s, u"--mount-proc"_s});
        if (!m_agent->start())
            QSKIP("this machine refuses PID namespaces");
        reconnect();
        QVERIFY(m_session->waitReady());
        startStep(
            1,
            shell(
                u"kill -KILL 1; kill -TERM 1; kill -STOP 1; setsid sleep 1000 & cat /proc/1/comm; sleep 0.2; kill -KILL $PPID; sleep 9"_s));
        QVERIFY(m_session->waitExit(1));
        QCOMPARE(m_steps[1].outcome().kind, OutcomeKind::Signalled);
        QCOMPARE(m_steps[1].output[0], QByteArray("danube-agent\n"));
        startStep(2, shell(u"pgrep sleep; ps -o stat= | grep -c Z; exit 4"_s));
        QVERIFY(m_session->waitExit(2));
        QCOMPARE(m_steps[2].output[0], QByteArray("0\n"));
        QCOMPARE(m_steps[2].outcome().exitCode, 4);
    }

    void aSecondAgentIsRefused()
    {
        startStep(1, shell(u"%1 daemon --dir $AGENT_DIR"_s.arg(QStringLiteral(DANUBE_BIN_DIR "/danube-agent"))));
        QVERIFY(m_session->waitExit(1));
        QCOMPARE(m_steps[1].outcome().exitCode, 1);
        QVERIFY(m_steps[1].output[1].contains("another agent uses it"));
    }
};

QTEST_GUILESS_MAIN(TestAgentHostile)
#include "tst_agenthostile.moc"
