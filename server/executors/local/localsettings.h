// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "server/jobs/executor.h"

#include <chrono>
#include <functional>
#include <optional>

namespace danube::local {

using namespace std::chrono_literals;

/// What the egress guard of one job is told (docs/formats/guard.md).
struct GuardPlan
{
    QByteArray config;    ///< JSON object: all but the listeners
    QList<quint16> ports; ///< TCP ports that it serves
};

/// Jobs in namespaces of their own, with danube-guard as their only way out.
struct SandboxSettings
{
    QString program;      ///< danube-sandbox
    QString guardProgram; ///< danube-guard
    QString flowsFile;    ///< all guards append their records to it
    QStringList visible;  ///< folders of this machine that jobs see besides the system's
    /// Called at the job's start, on the control thread.
    std::function<Result<GuardPlan>(const jobs::JobLaunch &)> plan;
};

struct LocalSettings
{
    QString jobsDirectory; ///< one folder per unfinished job
    QString agentProgram;
    QString coordinatorProgram;
    QString sdkDirectory; ///< the Python module, for danubefile.py
    milliseconds killGrace{10'000};
    std::chrono::seconds orphanLimit{24h};    ///< a job whose master does not come back ends by itself
    std::optional<SandboxSettings> sandbox{}; ///< none: nothing guards what jobs reach
    QString refusal{};                        ///< no job is started, and this says why; empty = they are
    /// Calls back once what the guards have said so far is known (on_violation must not come after the verdict): before
    /// the end of a step or coordinator is told. Control thread. Empty = nothing to wait for.
    std::function<void(QObject *context, std::function<void()> done)> settle{};
};

} // namespace danube::local
