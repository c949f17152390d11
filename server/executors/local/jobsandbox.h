// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "server/executors/local/localsettings.h"

namespace danube::local {

/// The danube-sandbox of one job: it makes the namespaces, starts the guard and both agents in them, and ends the job
/// with the guard. It outlives the master; its folder <job>/sandbox tells of it.
class JobSandbox
{
public:
    struct Settings
    {
        SandboxSettings programs;
        GuardPlan guard;
        QString agentProgram;
        QString jobFolder;
        QStringList environment; ///< "NAME=value", of the agents
        std::chrono::seconds orphanLimit{};
    };
    explicit JobSandbox(Settings settings) : m_settings(std::move(settings)) {}

    /// Starts it, detached. Only the first call does anything, and of all masters only the first one's: danube-sandbox
    /// itself sees to that.
    Result<void> start();
    bool isAlive() const; ///< or it cannot be found out now
    /// Why it ended, one sentence; empty while it lives, before it was started, and after it ended with its agents.
    QString obituary() const;
    /// By force: the agents and the guard end with it.
    void kill() const;

private:
    QString folder() const { return m_settings.jobFolder + QStringLiteral("/sandbox"); }
    QStringList arguments() const;

    Settings m_settings;
    bool m_isStarted = false;
};

} // namespace danube::local
