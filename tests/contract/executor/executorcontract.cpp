// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/contract/executor/executorcontract.h"

#include "server/logs/logreader.h"

#include <QDir>
#include <QFile>
#include <QTest>

using namespace Qt::StringLiterals;

namespace danube::tests {
namespace {

constexpr milliseconds patience{20'000};

bool waitUntil(const std::function<bool()> &condition)
{
    return QTest::qWaitFor(condition, QDeadlineTimer(patience));
}

// Whether any process on this machine has the text in its command line.
bool isAnywhereRunning(const QByteArray &text)
{
    const auto processes = QDir(u"/proc"_s).entryList({u"[0-9]*"_s}, QDir::Dirs);
    return std::ranges::any_of(processes, [&text](const QString &pid) {
        QFile file(u"/proc/%1/cmdline"_s.arg(pid));
        return file.open(QIODevice::ReadOnly) && file.readAll().replace('\0', ' ').contains(text);
    });
}

} // namespace

void ExecutorContract::init()
{
    m_directory = std::make_unique<QTemporaryDir>();
    m_clock = std::make_unique<SystemClock>();
    m_backing = m_factory();
    m_said = std::make_unique<ExecutorRecorder>();
    m_job = newJobId(*m_clock);
    openExecutor();
}

void ExecutorContract::cleanup()
{
    if (!m_executor)
        openExecutor();
    for (const JobId &job : std::exchange(m_launched, {})) {
        m_executor->release(job);
        QVERIFY(waitUntil([this, &job] { return m_said->released.contains(job); }));
    }
    closeExecutor();
    m_said.reset();
    m_backing.reset();
    m_directory.reset();
}

void ExecutorContract::openExecutor()
{
    m_logs = std::make_unique<logs::LogService>(m_directory->path(), *m_clock);
    m_executor = m_backing->open(*m_logs);
    m_said->follow(*m_executor);
}

void ExecutorContract::closeExecutor()
{
    m_executor.reset();
    m_logs.reset();
    m_said->clear();
}

bool ExecutorContract::launch(const JobId &job, jobs::LaunchMode mode)
{
    bool isOpen = false;
    m_logs->open(job, this, [&isOpen](const Result<void> &opened) { isOpen = opened.has_value(); });
    if (!waitUntil([&isOpen] { return isOpen; }))
        return false;
    jobs::JobLaunch launch = m_backing->launchOf(job);
    launch.mode = mode;
    launch.job.id = job;
    m_launched.insert(job);
    m_executor->launch(std::move(launch));
    return waitUntil([this, &job] { return m_said->started.contains(job) || m_said->lost.contains(job); }) &&
           !m_said->lost.contains(job);
}

void ExecutorContract::startStep(const JobId &job, uint32_t number, const QString &script, milliseconds timeout)
{
    jobs::StepLaunch launch;
    launch.number = StepNumber(number);
    launch.argv = {u"/bin/sh"_s, u"-c"_s, script};
    launch.environment = {{u"GREETING"_s, u"good day"_s}};
    launch.timeout = timeout;
    m_executor->startStep(job, launch);
}

void ExecutorContract::attachStep(const JobId &job, uint32_t number)
{
    jobs::StepLaunch launch;
    launch.number = StepNumber(number);
    m_executor->startStep(job, launch);
}

bool ExecutorContract::waitForStart(const JobId &job, uint32_t step)
{
    return waitUntil([this, &job, step] { return m_said->hasStarted(job, step); });
}

bool ExecutorContract::waitForOutcome(const JobId &job, uint32_t step)
{
    return waitUntil([this, &job, step] { return m_said->outcome(job, step).has_value(); });
}

QByteArray ExecutorContract::output(const JobId &job, uint32_t step, LogStream stream) const
{
    const auto reader = logs::LogReader::open(m_directory->path(), job);
    if (!reader || !(*reader)->refresh())
        return {};
    const auto extract = (*reader)->extract({.step = StepNumber(step), .stream = stream}, 1 << 30);
    return extract ? extract->bytes : QByteArray();
}

void ExecutorContract::launchBringsTheCoordinatorUp()
{
    QVERIFY(launch(m_job));
    QTRY_COMPARE(m_backing->coordinatorStarts(m_job), 1);
    QVERIFY(m_said->exits.empty());
    QVERIFY(m_backing->hasLeftovers(m_job));
}

void ExecutorContract::launchingAgainStartsNothingTwice()
{
    QVERIFY(launch(m_job));
    m_said->clear();
    QVERIFY(launch(m_job));
    m_said->clear();
    QVERIFY(launch(m_job, jobs::LaunchMode::AttachOnly));
    QCOMPARE(m_backing->coordinatorStarts(m_job), 1);
}

void ExecutorContract::attachingToContainersThatAreGoneLosesTheJob()
{
    QVERIFY(!launch(m_job, jobs::LaunchMode::AttachOnly));
    QVERIFY(!m_said->lost.at(m_job).isEmpty());
    QCOMPARE(m_backing->coordinatorStarts(m_job), 0);
}

void ExecutorContract::tellsTheCoordinatorsExit_data()
{
    QTest::addColumn<int>("code");
    QTest::newRow("0") << 0;
    QTest::newRow("3") << 3;
}

void ExecutorContract::tellsTheCoordinatorsExit()
{
    QFETCH(int, code);
    QVERIFY(launch(m_job));
    m_backing->endCoordinator(m_job, code);
    QVERIFY(waitUntil([this] { return m_said->exits.contains(m_job); }));
    QCOMPARE(m_said->exits[m_job].kind, OutcomeKind::Exited);
    QCOMPARE(m_said->exits[m_job].exitCode, code);
    // Told again to a master that was not there.
    closeExecutor();
    openExecutor();
    QVERIFY(launch(m_job, jobs::LaunchMode::AttachOnly));
    QVERIFY(waitUntil([this] { return m_said->exits.contains(m_job); }));
    QCOMPARE(m_said->exits[m_job].exitCode, code);
    QCOMPARE(m_backing->coordinatorStarts(m_job), 1);
}

void ExecutorContract::tellsHowAStepEnded_data()
{
    QTest::addColumn<QString>("script");
    QTest::addColumn<OutcomeKind>("kind");
    QTest::addColumn<int>("code");
    QTest::addColumn<int>("signal");
    QTest::newRow("0") << u"exit 0"_s << OutcomeKind::Exited << 0 << 0;
    QTest::newRow("3") << u"exit 3"_s << OutcomeKind::Exited << 3 << 0;
    QTest::newRow("255") << u"exit 255"_s << OutcomeKind::Exited << 255 << 0;
    QTest::newRow("no such command") << u"surely-there-is-no-such-command"_s << OutcomeKind::Exited << 127 << 0;
    QTest::newRow("signal") << u"kill -9 $$"_s << OutcomeKind::Signalled << 137 << 9;
}

void ExecutorContract::tellsHowAStepEnded()
{
    QFETCH(QString, script);
    QVERIFY(launch(m_job));
    startStep(m_job, 1, script);
    QVERIFY(waitForOutcome(m_job, 1));
    const StepOutcome outcome = *m_said->outcome(m_job, 1);
    QTEST(outcome.kind, "kind");
    QTEST(outcome.exitCode, "code");
    QTEST(outcome.signal, "signal");
}

void ExecutorContract::aStepTimesOutOnItsOwn()
{
    QVERIFY(launch(m_job));
    startStep(m_job, 1, u"echo begun; sleep 300"_s, milliseconds(1000));
    QVERIFY(waitForOutcome(m_job, 1));
    const StepOutcome outcome = *m_said->outcome(m_job, 1);
    QCOMPARE(outcome.kind, OutcomeKind::Timeout);
    QVERIFY(outcome.exitCode != 0);
    QVERIFY(outcome.duration >= milliseconds(900));
    QCOMPARE(output(m_job, 1, LogStream::Stdout), QByteArray("begun\n"));
}

void ExecutorContract::aKilledStepIsCancelled()
{
    QVERIFY(launch(m_job));
    startStep(m_job, 1, u"sleep 300"_s);
    QVERIFY(waitForStart(m_job, 1));
    m_executor->killStep(m_job, StepNumber(1), jobs::KillReason::Cancelled);
    m_executor->killStep(m_job, StepNumber(1), jobs::KillReason::Cancelled);
    QVERIFY(waitForOutcome(m_job, 1));
    QCOMPARE(m_said->outcome(m_job, 1)->kind, OutcomeKind::Cancelled);
    QVERIFY(m_said->outcome(m_job, 1)->exitCode != 0);
}

// Its start is still on the way to the agent then, or not yet there at all.
void ExecutorContract::aStepKilledAtOnceIsCancelled()
{
    QVERIFY(launch(m_job));
    for (uint32_t step = 1; step <= 5; ++step) {
        startStep(m_job, step, u"sleep 300"_s);
        m_executor->killStep(m_job, StepNumber(step), jobs::KillReason::Cancelled);
        QVERIFY(waitForOutcome(m_job, step));
        QCOMPARE(m_said->outcome(m_job, step)->kind, OutcomeKind::Cancelled);
    }
}

void ExecutorContract::startingAStepTwiceRunsItOnce()
{
    QVERIFY(launch(m_job));
    startStep(m_job, 1, u"echo once; exit 4"_s);
    startStep(m_job, 1, u"echo once; exit 4"_s);
    QVERIFY(waitForOutcome(m_job, 1));
    m_said->clear();
    startStep(m_job, 1, u"echo once; exit 4"_s); // ended: the outcome is told again
    QVERIFY(waitForOutcome(m_job, 1));
    QCOMPARE(m_said->outcome(m_job, 1)->exitCode, 4);
    m_said->clear();
    attachStep(m_job, 1);
    QVERIFY(waitForOutcome(m_job, 1));
    QCOMPARE(m_said->outcome(m_job, 1)->exitCode, 4);
    QCOMPARE(output(m_job, 1, LogStream::Stdout), QByteArray("once\n"));
}

void ExecutorContract::attachingToAStepNeverStartedLosesIt()
{
    QVERIFY(launch(m_job));
    attachStep(m_job, 7);
    QVERIFY(waitForOutcome(m_job, 7));
    QCOMPARE(m_said->outcome(m_job, 7)->kind, OutcomeKind::Lost);
    QVERIFY(!m_said->outcome(m_job, 7)->isSuccess());
}

void ExecutorContract::stepsRunAtTheSameTime()
{
    QVERIFY(launch(m_job));
    for (uint32_t step = 1; step <= 3; ++step)
        startStep(m_job, step, u"sleep 300"_s);
    for (uint32_t step = 1; step <= 3; ++step)
        QVERIFY(waitForStart(m_job, step));
    startStep(m_job, 4, u"echo quick; exit 5"_s);
    QVERIFY(waitForOutcome(m_job, 4));
    QCOMPARE(m_said->outcome(m_job, 4)->exitCode, 5);
    QVERIFY(!m_said->outcome(m_job, 1) && !m_said->outcome(m_job, 2) && !m_said->outcome(m_job, 3));
}

void ExecutorContract::aStepHasItsEnvironment()
{
    QVERIFY(launch(m_job));
    startStep(m_job, 1, u"echo $GREETING"_s);
    QVERIFY(waitForOutcome(m_job, 1));
    QCOMPARE(output(m_job, 1, LogStream::Stdout), QByteArray("good day\n"));
}

void ExecutorContract::killTakesTheWholeTree()
{
    const QByteArray mark = "4711." + QByteArray::number(QCoreApplication::applicationPid());
    QVERIFY(launch(m_job));
    startStep(m_job, 1, u"sleep %1 & sleep %1 & wait"_s.arg(QString::fromLatin1(mark)));
    QVERIFY(waitForStart(m_job, 1));
    if (m_backing->runsProcesses())
        QVERIFY(waitUntil([&mark] { return isAnywhereRunning("sleep " + mark); }));
    m_executor->killStep(m_job, StepNumber(1), jobs::KillReason::Cancelled);
    QVERIFY(waitForOutcome(m_job, 1));
    QVERIFY(!isAnywhereRunning("sleep " + mark));
}

void ExecutorContract::theLogHoldsExactlyWhatWasPrinted()
{
    QByteArray numbers;
    for (int i = 1; i <= 50'000; ++i)
        numbers += QByteArray::number(i) + '\n';
    QVERIFY(launch(m_job));
    startStep(m_job, 1, u"seq 1 50000; seq 1 50000 >&2; echo end"_s);
    startStep(m_job, 2, u"seq 1 50000"_s);
    QVERIFY(waitForOutcome(m_job, 1));
    QVERIFY(output(m_job, 1, LogStream::Stdout) == numbers + "end\n"); // there when the outcome is told
    QVERIFY(output(m_job, 1, LogStream::Stderr) == numbers);
    QVERIFY(waitForOutcome(m_job, 2));
    QVERIFY(output(m_job, 2, LogStream::Stdout) == numbers);
}

void ExecutorContract::releaseEndsEverything()
{
    const QByteArray mark = "4712." + QByteArray::number(QCoreApplication::applicationPid());
    QVERIFY(launch(m_job));
    startStep(m_job, 1, u"sleep %1 & wait"_s.arg(QString::fromLatin1(mark)));
    QVERIFY(waitForStart(m_job, 1));
    m_executor->release(m_job);
    QVERIFY(waitUntil([this] { return m_said->released.contains(m_job); }));
    QVERIFY(!m_backing->hasLeftovers(m_job));
    QVERIFY(!isAnywhereRunning("sleep " + mark));
    m_said->clear();
    m_executor->release(m_job);
    QVERIFY(waitUntil([this] { return m_said->released.contains(m_job); }));
}

void ExecutorContract::releaseOfAnUnknownJobIsAnswered()
{
    m_executor->release(m_job);
    QVERIFY(waitUntil([this] { return m_said->released.contains(m_job); }));
}

void ExecutorContract::sweepRemovesUnknownJobsOnly()
{
    const JobId forgotten = newJobId(*m_clock);
    QVERIFY(launch(m_job));
    QVERIFY(launch(forgotten));
    closeExecutor();
    openExecutor();
    m_executor->sweep({m_job});
    QVERIFY(waitUntil([&] { return !m_backing->hasLeftovers(forgotten); }));
    QVERIFY(launch(m_job, jobs::LaunchMode::AttachOnly));
    QCOMPARE(m_backing->coordinatorStarts(m_job), 1);
}

void ExecutorContract::containersThatVanishLoseTheJob()
{
    QVERIFY(launch(m_job));
    startStep(m_job, 1, u"sleep 300"_s);
    QVERIFY(waitForStart(m_job, 1));
    m_backing->destroyContainers(m_job);
    QVERIFY(waitUntil([this] { return m_said->lost.contains(m_job); }));
    const auto outcome = m_said->outcome(m_job, 1); // may be told, but never as an end anybody saw
    QVERIFY(!outcome || outcome->kind == OutcomeKind::Lost);
}

void ExecutorContract::anotherMasterAdoptsARunningStep()
{
    QVERIFY(launch(m_job));
    startStep(m_job, 1, u"echo before; sleep 2; echo after; exit 6"_s);
    QVERIFY(waitForStart(m_job, 1));
    closeExecutor();
    openExecutor();
    QVERIFY(launch(m_job, jobs::LaunchMode::AttachOnly));
    attachStep(m_job, 1);
    QVERIFY(waitForOutcome(m_job, 1));
    QCOMPARE(m_said->outcome(m_job, 1)->exitCode, 6);
    QCOMPARE(output(m_job, 1, LogStream::Stdout), QByteArray("before\nafter\n"));
    QCOMPARE(m_backing->coordinatorStarts(m_job), 1);
}

void ExecutorContract::anotherMasterLearnsWhatEndedWithoutIt()
{
    QVERIFY(launch(m_job));
    startStep(m_job, 1, u"sleep 0.3; seq 1 2000; exit 8"_s);
    QVERIFY(waitForStart(m_job, 1));
    closeExecutor();
    QTest::qWait(600); // the step ends meanwhile, seen by nobody
    openExecutor();
    QVERIFY(launch(m_job, jobs::LaunchMode::AttachOnly));
    startStep(m_job, 1, u"sleep 0.3; seq 1 2000; exit 8"_s);
    QVERIFY(waitForOutcome(m_job, 1));
    QCOMPARE(m_said->outcome(m_job, 1)->exitCode, 8);
    QVERIFY(output(m_job, 1, LogStream::Stdout).endsWith("\n1999\n2000\n"));
    QCOMPARE(output(m_job, 1, LogStream::Stdout).count('\n'), 2000);
}

} // namespace danube::tests
