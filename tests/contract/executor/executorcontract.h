// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "server/logs/logservice.h"
#include "tests/contract/executor/executorbacking.h"
#include "tests/contract/executor/executorrecorder.h"

#include <QTemporaryDir>

namespace danube::tests {

/// What every executor promises (server/jobs/executor.h), as a Qt Test: `return QTest::qExec(&contract, argc, argv)`.
/// Steps are written in the words that tests/support/jobs/fakeshell.h and a real sh both know.
class ExecutorContract : public QObject
{
    Q_OBJECT
public:
    explicit ExecutorContract(BackingFactory factory) : m_factory(std::move(factory)) {}

private slots:
    void init();
    void cleanup();

    void launchBringsTheCoordinatorUp();
    void launchingAgainStartsNothingTwice();
    void attachingToContainersThatAreGoneLosesTheJob();
    void tellsTheCoordinatorsExit_data();
    void tellsTheCoordinatorsExit();
    void tellsHowAStepEnded_data();
    void tellsHowAStepEnded();
    void aStepTimesOutOnItsOwn();
    void aKilledStepIsCancelled();
    void aStepKilledAtOnceIsCancelled();
    void startingAStepTwiceRunsItOnce();
    void attachingToAStepNeverStartedLosesIt();
    void stepsRunAtTheSameTime();
    void aStepHasItsEnvironment();
    void killTakesTheWholeTree();
    void theLogHoldsExactlyWhatWasPrinted();
    void releaseEndsEverything();
    void releaseOfAnUnknownJobIsAnswered();
    void sweepRemovesUnknownJobsOnly();
    void containersThatVanishLoseTheJob();
    void anotherMasterAdoptsARunningStep();
    void anotherMasterLearnsWhatEndedWithoutIt();

private:
    void openExecutor();
    void closeExecutor(); ///< as a killed master does: without a word
    bool launch(const JobId &job, jobs::LaunchMode mode = jobs::LaunchMode::StartOrAttach);
    void startStep(const JobId &job, uint32_t number, const QString &script, milliseconds timeout = milliseconds(0));
    void attachStep(const JobId &job, uint32_t number);
    bool waitForStart(const JobId &job, uint32_t step);
    bool waitForOutcome(const JobId &job, uint32_t step);
    QByteArray output(const JobId &job, uint32_t step, LogStream stream) const;

    BackingFactory m_factory;
    std::unique_ptr<QTemporaryDir> m_directory;
    std::unique_ptr<SystemClock> m_clock;
    std::unique_ptr<ExecutorBacking> m_backing;
    std::unique_ptr<logs::LogService> m_logs;
    std::unique_ptr<jobs::Executor> m_executor;
    std::unique_ptr<ExecutorRecorder> m_said;
    JobId m_job;
    QSet<JobId> m_launched;
};

} // namespace danube::tests
