// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/support/agent/agentharness.h"

#include <QDir>
#include <QFile>
#include <QSysInfo>
#include <QTest>
#include <QVersionNumber>

#include <fcntl.h>
#include <sys/file.h>
#include <sys/resource.h>
#include <unistd.h>

using namespace danube;
using namespace danube::tests;
using namespace Qt::StringLiterals;

namespace {

const Secret testKey(QByteArray(32, 'k'));

/// CPU time of a process so far, in clock ticks.
qint64 ticksOf(pid_t process)
{
    QFile file(u"/proc/%1/stat"_s.arg(process));
    if (!file.open(QIODevice::ReadOnly))
        return -1;
    const QList<QByteArray> fields = file.readAll().split(')').last().simplified().split(' ');
    return fields.value(11).toLongLong() + fields.value(12).toLongLong();
}

} // namespace

/// What the kernel has no more of, or gives out again.
class TestAgentLimits : public QObject
{
    Q_OBJECT
    std::unique_ptr<AgentProcess> m_agent;
    QMap<quint32, StepView> m_steps;
    std::unique_ptr<LinkSession> m_session;

    bool startAgent(const QStringList &wrapper = {})
    {
        m_agent = std::make_unique<AgentProcess>(QStringLiteral(DANUBE_BIN_DIR "/danube-agent"), wrapper);
        return m_agent->start();
    }
    bool connect()
    {
        m_session = std::make_unique<LinkSession>(m_agent->directory(), testKey, link::KeyHandover::Allowed, m_steps);
        return m_session->waitReady();
    }

private slots:
    void init() { m_steps.clear(); }
    void cleanup()
    {
        m_session.reset();
        m_agent.reset();
    }

    void withoutADescriptorItWaitsAtRest()
    {
        QVERIFY(startAgent());
        QVERIFY(connect());
        rlimit before{};
        QVERIFY(::prlimit(m_agent->pid(), RLIMIT_NOFILE, nullptr, &before) == 0);
        const rlimit none{3, before.rlim_max};
        QVERIFY(::prlimit(m_agent->pid(), RLIMIT_NOFILE, &none, nullptr) == 0);
        QMap<quint32, StepView> others;
        LinkSession waiting(m_agent->directory(), testKey, link::KeyHandover::Forbidden, others);
        const qint64 ticks = ticksOf(m_agent->pid());
        QVERIFY(!waiting.run([] { return false; }, milliseconds(2'000)));
        const qint64 used = ticksOf(m_agent->pid()) - ticks;
        QVERIFY2(used < 25, qPrintable(u"%1 hundredths of a second of CPU within two"_s.arg(used)));
        QVERIFY(::prlimit(m_agent->pid(), RLIMIT_NOFILE, &before, nullptr) == 0);
        QVERIFY(waiting.waitReady());
    }

    // Somebody holds the lock of a directory that took our place, and lets it go later.
    void aPlaceThatIsLockedAtFirstIsTakenBack()
    {
        QVERIFY(startAgent());
        const QString place = m_agent->directory();
        QVERIFY(QDir().rename(place, place + u".away"_s));
        QVERIFY(QDir().mkdir(place));
        const int lock = ::open(QFile::encodeName(place).constData(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
        QVERIFY(::flock(lock, LOCK_EX | LOCK_NB) == 0);
        QVERIFY(waitUntil([this] { return m_agent->told().contains("another agent uses it"); }));
        ::close(lock);
        QVERIFY(waitUntil([&] { return QFile::exists(place + u"/agent.sock"_s); }));
        QVERIFY(connect());
    }

    // The main process's number, given to another process of the step, must not give its exit status away.
    void aNumberThatIsUsedAgainIsNoSecondEnd()
    {
        // Before, the limit is not the namespace's own but the machine's.
        if (QVersionNumber::fromString(QSysInfo::kernelVersion()) < QVersionNumber(6, 14))
            QSKIP("PID namespaces have no numbers of their own here");
        // Those below 300 are given out only once.
        const QString fewNumbers =
            u"echo 400 > /proc/sys/kernel/pid_max && for i in $(seq 310); do (:); done && exec \"$@\""_s;
        if (!startAgent({u"unshare"_s, u"--pid"_s, u"--fork"_s, u"--kill-child"_s, u"--mount-proc"_s, u"sh"_s, u"-c"_s,
                         fewNumbers, u"sh"_s}))
            QSKIP("this machine refuses PID namespaces");
        QVERIFY(connect());
        auto spec = shell({});
        spec.argv = {u"python3"_s, u"-c"_s, uR"py(
import os, sys, time
main = os.getpid()
def is_there(process):
    try:
        os.kill(process, 0)
        return True
    except ProcessLookupError:
        return False
if os.fork() != 0:
    sys.exit(1)
os.setsid()
while is_there(main):
    time.sleep(0.001)
for _ in range(5000):
    child = os.fork()
    if child == 0:
        os._exit(0)
    if child == main:
        print("again", flush=True) # and it is an orphan now, which the supervisor waits for
        os._exit(0)
    os.waitpid(child, 0)
)py"_s};
        QVERIFY(m_session->client().start(StepNumber(1), spec, {{}, 1U << 20}));
        QVERIFY(m_session->waitExit(1));
        QVERIFY2(m_steps[1].output[0] == "again\n", (m_steps[1].output[0] + m_steps[1].output[1]).constData());
        QCOMPARE(m_steps[1].outcome().kind, OutcomeKind::Exited);
        QCOMPARE(m_steps[1].outcome().exitCode, 1);
    }
};

QTEST_GUILESS_MAIN(TestAgentLimits)
#include "tst_agentlimits.moc"
