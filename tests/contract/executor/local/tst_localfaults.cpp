// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/executors/local/agentprocess.h"
#include "server/logs/logreader.h"
#include "server/logs/logservice.h"
#include "tests/contract/executor/executorrecorder.h"
#include "tests/contract/executor/local/localbacking.h"

#include <QDeadlineTimer>
#include <QElapsedTimer>
#include <QLoggingCategory>
#include <QTest>

#include <csignal>
#include <sys/resource.h>
#include <sys/stat.h>

using namespace danube;
using namespace danube::tests;
using namespace Qt::StringLiterals;

namespace {

bool waitUntil(const std::function<bool()> &condition)
{
    return QTest::qWaitFor(condition, QDeadlineTimer(seconds(60)));
}

std::atomic<int> brokenLinks = 0;
std::atomic<int> refusals = 0;
void countMessages(QtMsgType, const QMessageLogContext &, const QString &text)
{
    brokenLinks += text.startsWith("link broken "_L1) ? 1 : 0;
    refusals += text.startsWith("log not written "_L1) ? 1 : 0;
}

} // namespace

/// What steps do to their own agent's folder, and what the master's disk does.
class TestLocalFaults : public QObject
{
    Q_OBJECT
    QTemporaryDir m_directory;
    SystemClock m_clock;
    std::unique_ptr<LocalBacking> m_backing;
    std::unique_ptr<ExecutorRecorder> m_said;
    std::unique_ptr<logs::LogService> m_logs;
    std::unique_ptr<jobs::Executor> m_executor;
    QList<JobId> m_jobs;

    JobId launch()
    {
        const JobId job = newJobId(m_clock);
        bool isOpen = false;
        m_logs->open(job, this, [&isOpen](const Result<void> &opened) { isOpen = opened.has_value(); });
        if (!waitUntil([&isOpen] { return isOpen; }))
            return {};
        jobs::JobLaunch launch = m_backing->launchOf(job);
        launch.job.id = job;
        m_jobs.append(job);
        m_executor->launch(std::move(launch));
        return waitUntil([&] { return m_said->started.contains(job); }) ? job : JobId();
    }
    void startStep(const JobId &job, uint32_t number, const QString &script)
    {
        jobs::StepLaunch step;
        step.number = StepNumber(number);
        step.argv = {u"/bin/sh"_s, u"-c"_s, script};
        m_executor->startStep(job, step);
    }
    StepOutcome outcomeOf(const JobId &job, uint32_t step)
    {
        std::ignore = waitUntil([&] { return m_said->outcome(job, step).has_value(); });
        return m_said->outcome(job, step).value_or(StepOutcome());
    }
    QByteArray output(const JobId &job, uint32_t step, LogStream stream = LogStream::Stdout) const
    {
        const auto reader = logs::LogReader::open(m_directory.path(), job);
        if (!reader || !(*reader)->refresh())
            return {};
        const auto extract = (*reader)->extract({.step = StepNumber(step), .stream = stream}, 1 << 30);
        return extract ? extract->bytes : QByteArray();
    }

private slots:
    void init()
    {
        m_backing = std::make_unique<LocalBacking>(LocalBacking::Guarding::None);
        m_said = std::make_unique<ExecutorRecorder>();
        m_logs = std::make_unique<logs::LogService>(m_directory.path(), m_clock);
        m_executor = m_backing->open(*m_logs);
        m_said->follow(*m_executor);
    }
    void cleanup()
    {
        for (const JobId &job : std::exchange(m_jobs, {})) {
            m_executor->release(job);
            QVERIFY(waitUntil([&] { return m_said->released.contains(job); }));
            QVERIFY(!m_backing->hasLeftovers(job));
        }
        m_executor.reset();
        m_logs.reset();
        m_said.reset();
        m_backing.reset();
    }

    // The folder of its record is the step's, too. The thread that would wait there carries all jobs.
    void neverOpensWhatAStepPutInPlaceOfItsRecord_data()
    {
        QTest::addColumn<QString>("command");
        QTest::newRow("pipe") << u"mkfifo $D/exit"_s;
        QTest::newRow("link to a device") << u"ln -s /dev/zero $D/exit"_s;
        QTest::newRow("link to a pipe") << u"mkfifo $D/pipe; ln -s pipe $D/exit"_s;
        QTest::newRow("folder that is a link") << u"mkfifo $D/exit; mv $D $D.away; ln -s $D.away $D"_s;
    }
    void neverOpensWhatAStepPutInPlaceOfItsRecord()
    {
        QFETCH(QString, command);
        const JobId hostile = launch();
        const JobId other = launch();
        QVERIFY(!hostile.isEmpty() && !other.isEmpty());
        startStep(other, 1, u"while [ ! -e go ]; do sleep 0.1; done; echo done; exit 3"_s);
        startStep(hostile, 1, u"D=$DANUBE_WORKSPACE/../worker/steps/1; %1; echo ready; sleep 300"_s.arg(command));
        QVERIFY(waitUntil([&] { return output(hostile, 1) == "ready\n"; }));
        for (const pid_t pid : local::agentprocess::find(m_backing->jobDirectory(hostile) + u"/worker"_s))
            ::kill(pid, SIGKILL);
        QVERIFY(waitUntil([&] { return m_said->lost.contains(hostile); }));
        QVERIFY(!outcomeOf(hostile, 1).isSuccess());
        QFile go(m_backing->jobDirectory(other) + u"/workspace/go"_s);
        QVERIFY(go.open(QIODevice::WriteOnly));
        QCOMPARE(outcomeOf(other, 1).exitCode, 3);
        QCOMPARE(output(other, 1), QByteArray("done\n"));
    }

    // A log that cannot be written is asked again and again, but not without a pause.
    void aLogThatTakesNothingIsTriedWithPauses()
    {
        const JobId job = launch();
        QVERIFY(!job.isEmpty());
        startStep(job, 1, u"while [ ! -e go ]; do sleep 0.1; done; seq 1 2000; exit 5"_s);
        QVERIFY(waitUntil([&] { return m_said->hasStarted(job, 1); }));
        rlimit before{};
        QVERIFY(::getrlimit(RLIMIT_FSIZE, &before) == 0);
        const rlimit none{0, before.rlim_max};
        std::signal(SIGXFSZ, SIG_IGN);
        QLoggingCategory::setFilterRules(u"danube.link.debug=true"_s);
        QVERIFY(::setrlimit(RLIMIT_FSIZE, &none) == 0);
        brokenLinks = refusals = 0;
        const auto handler = qInstallMessageHandler(countMessages);
        QFile go(m_backing->jobDirectory(job) + u"/workspace/go"_s); // remains empty
        QVERIFY(go.open(QIODevice::WriteOnly));
        QElapsedTimer timer;
        timer.start();
        const bool isTried = QTest::qWaitFor([] { return brokenLinks.load() >= 12; }, QDeadlineTimer(seconds(60)));
        const qint64 took = timer.elapsed();
        qInstallMessageHandler(handler);
        QLoggingCategory::setFilterRules({});
        QVERIFY(::setrlimit(RLIMIT_FSIZE, &before) == 0);
        QVERIFY(isTried);
        QVERIFY2(took > 600, qPrintable(u"12 tries within %1 ms"_s.arg(took)));
        QCOMPARE(refusals.load(), 1);
        QCOMPARE(outcomeOf(job, 1).exitCode, 5);
        QVERIFY(output(job, 1).endsWith("\n1999\n2000\n"));
        QCOMPARE(output(job, 1).count('\n'), 2000);
    }
};

QTEST_GUILESS_MAIN(TestLocalFaults)
#include "tst_localfaults.moc"
