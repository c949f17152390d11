// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/contract/executor/executorcontract.h"
#include "tests/support/jobs/fakeexecutor.h"

#include <QTest>

using namespace danube;
using namespace danube::tests;
using namespace Qt::StringLiterals;

namespace {

class FakeBacking final : public ExecutorBacking
{
public:
    explicit FakeBacking(const ExecutorFaults &faults) : m_faults(faults) {}

    std::unique_ptr<jobs::Executor> open(logs::LogService &logs) override
    {
        auto executor = std::make_unique<FakeExecutor>(m_cluster, logs);
        executor->faults = m_faults;
        return executor;
    }
    jobs::JobLaunch launchOf(const JobId &) override { return {}; }
    void endCoordinator(const JobId &job, int code) override { m_cluster.exitCoordinator(job, code); }
    int coordinatorStarts(const JobId &job) override { return m_cluster.coordinatorStarts(job); }
    void destroyContainers(const JobId &job) override { m_cluster.destroy(job, u"the agent is dead"_s); }
    bool hasLeftovers(const JobId &job) override { return m_cluster.find(job) != nullptr; }
    bool runsProcesses() const override { return false; }

private:
    ExecutorFaults m_faults;
    FakeCluster m_cluster;
};

int runWith(const ExecutorFaults &faults, int argc, char **argv)
{
    ExecutorContract contract([&faults] { return std::make_unique<FakeBacking>(faults); });
    return QTest::qExec(&contract, argc, argv);
}

} // namespace

// Also with its faults on: they are such as the contract allows.
int main(int argc, char **argv)
{
    QCoreApplication application(argc, argv);
    ExecutorFaults late;
    late.launchDelay = milliseconds(20);
    late.reportDelay = milliseconds(15);
    late.repeatSignals = true;
    return runWith({}, argc, argv) + runWith(late, argc, argv);
}
