// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "server/executors/local/localcontainer.h"

namespace danube::local {

/// One job on this machine: two containers (coordinator, worker), each under its own agent, and a workspace. Lives on
/// the io thread; LocalExecutor forwards calls and signals.
///
/// Folder: <jobs>/<id>/{coordinator,worker} (agents), workspace, home, tmp, private (the coordinator's copy of the
/// source), sandbox (danube-sandbox's own; the job does not see it).
class LocalJob : public QObject
{
    Q_OBJECT
public:
    struct Keys
    {
        Secret coordinator;
        Secret worker;
    };
    /// `guard` goes with settings.sandbox.
    LocalJob(const LocalSettings &settings, jobs::JobLaunch launch, Keys keys, GuardPlan guard, logs::LogService &logs);

    void open();
    void tellAgain(); ///< what was told of the job itself, to whoever launches it again
    void startStep(const jobs::StepLaunch &step);
    void killStep(StepNumber step, jobs::KillReason reason);
    void release(milliseconds grace);

    /// Ends what is left of a job this master does not hold: agents by their command line, others by marker, then the
    /// folder.
    static Result<void> removeLeftovers(const QString &folder, const JobId &job);

signals:
    void started();
    void stepStarted(danube::StepNumber step);
    void stepFinished(danube::StepNumber step, danube::StepOutcome outcome);
    void coordinatorExited(danube::StepOutcome outcome);
    void lost(QString reason);
    void ended(); ///< after release(): no process of the containers is left

private:
    std::unique_ptr<JobSandbox> makeSandbox(GuardPlan guard) const;
    QStringList agentEnvironment() const;
    LocalContainer::Settings containerSettings(const QString &name, Secret key, logs::LogService &logs) const;
    QString folder(const QString &name) const { return m_folder + u'/' + name; }
    QString workingDirectory(const QString &wanted) const;
    jobs::Environment baseEnvironment() const;
    link::StepSpec coordinatorSpec() const;
    void onUp();
    void onContainerLost(const QString &name, const QString &reason);
    void onGone();
    void checkSandbox();

    LocalSettings m_settings;
    jobs::JobLaunch m_launch;
    QString m_folder;
    std::unique_ptr<JobSandbox> m_sandbox;
    LocalContainer m_coordinator;
    LocalContainer m_worker;
    int m_up = 0;
    int m_gone = 0;
    bool m_started = false;
    bool m_releasing = false;
    std::optional<StepOutcome> m_coordinatorEnd;
    QString m_lost; ///< the sentence; empty = not lost
    QTimer m_sandboxCheck{this};
    int m_sandboxChecks = 0;
};

} // namespace danube::local
