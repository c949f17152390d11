// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "server/jobs/executor.h"

#include <functional>
#include <memory>

namespace danube::logs {
class LogService;
}

namespace danube::tests {

/// Where one kind of executor keeps its containers, and how a test reaches into it: plug it into ExecutorContract.
class ExecutorBacking
{
public:
    virtual ~ExecutorBacking() = default;

    /// An executor of another master over the same containers. The one before is gone by then.
    virtual std::unique_ptr<jobs::Executor> open(logs::LogService &logs) = 0;
    /// A launch whose coordinator stays up until endCoordinator() or release(). `mode` is set by the caller.
    virtual jobs::JobLaunch launchOf(const JobId &job) = 0;
    /// Makes the job's coordinator exit with this code.
    virtual void endCoordinator(const JobId &job, int code) = 0;
    /// How often the job's coordinator was begun, ever.
    virtual int coordinatorStarts(const JobId &job) = 0;
    /// The containers vanish, as by a kill of their agent.
    virtual void destroyContainers(const JobId &job) = 0;
    /// Processes, directories or pods of the job are left.
    virtual bool hasLeftovers(const JobId &job) = 0;
    /// True when processes really exist, so that they can be looked for in /proc.
    virtual bool runsProcesses() const { return true; }
};

using BackingFactory = std::function<std::unique_ptr<ExecutorBacking>()>;

} // namespace danube::tests
