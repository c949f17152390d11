// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "tests/support/jobs/fakecluster.h"

namespace danube::logs {
class LogService;
}

namespace danube::tests {

/// What may go wrong or come oddly, as the contract allows it.
struct ExecutorFaults
{
    milliseconds launchDelay{0}; ///< until jobStarted
    milliseconds reportDelay{0}; ///< of every signal about a step
    bool repeatSignals = false;  ///< everything is said twice
    bool finishFirst = false;    ///< stepFinished comes without a stepStarted before it, which follows
    QString refuseLaunch;        ///< jobLost with this text instead of containers
    int swallowedReleases = 0;   ///< this many calls of release() do nothing
    bool ignoreKills = false;
};

/// An executor over a FakeCluster that outlives it: destroy this one, make another one, and it adopts. Output goes to
/// the jobs' log writers on the io thread like that of a real one; a step's end is reported when it is durable there.
class FakeExecutor final : public jobs::Executor
{
    Q_OBJECT
public:
    FakeExecutor(FakeCluster &cluster, logs::LogService &logs);
    ~FakeExecutor() override;

    void launch(jobs::JobLaunch launch) override;
    void startStep(const JobId &job, const jobs::StepLaunch &step) override;
    void killStep(const JobId &job, StepNumber step, jobs::KillReason reason) override;
    void release(const JobId &job) override;
    void sweep(const QSet<JobId> &known) override;
    void detach() override;

    ExecutorFaults faults;
    QList<JobId> launched; ///< calls, in order
    QList<JobId> releaseCalls;

private:
    template <class Emit> void later(milliseconds delay, Emit emitSignal);
    void follow(const JobId &job, StepNumber step);
    void report(const JobId &job, StepNumber step);
    void reportEnd(const JobId &job, StepNumber step, const StepOutcome &outcome);

    FakeCluster &m_cluster;
    logs::LogService &m_logs;
    QObject *m_io; ///< lives on the io thread
    QSet<JobId> m_attached;
    QSet<std::pair<JobId, uint32_t>> m_followed;
    QSet<std::pair<JobId, uint32_t>> m_reported;
};

} // namespace danube::tests
