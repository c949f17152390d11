// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "server/app/executorfactory.h"
#include "server/executors/local/localsettings.h"

namespace danube::app {

struct SandboxPrograms
{
    QString sandbox;     ///< danube-sandbox
    QString guard;       ///< danube-guard
    QStringList visible; ///< folders of the programs that run inside
};

/// local.egress, and whether this machine lets it be: danube-sandbox is asked to make the namespaces of a job once.
/// Blocks for that, some 10 ms, 20 s at most.
egress::JobGuard findGuard(const config::LocalConfig &config, const SandboxPrograms &programs);

/// Makes the file of flow records; a large one is begun anew when no job is left to write to it.
Result<void> prepareFlows(const QString &path, const QString &jobsDirectory);

local::SandboxSettings sandboxSettings(const ExecutorNeeds &needs, const SandboxPrograms &programs);

/// What the guard of a job is told: its pipeline's lists, and what the operator says of names.
Result<local::GuardPlan> guardPlan(const config::Config &config, const egress::EgressLists &lists,
                                   const jobs::JobLaunch &launch);

} // namespace danube::app
