// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "shared/core/secret.h"
#include "shared/model/job.h"
#include "shared/model/pipeline.h"
#include "shared/model/step.h"

#include <QObject>
#include <QSet>

namespace danube::jobs {

using Environment = QList<std::pair<QString, QString>>;

enum class LaunchMode {
    StartOrAttach, ///< no step of the job can have run yet
    AttachOnly,    ///< the job is known to have run: containers that are gone mean jobLost, never a second start
};

/// All an executor needs to bring up (or find again) one job's containers.
struct JobLaunch
{
    LaunchMode mode = LaunchMode::StartOrAttach;
    Job job;
    Pipeline pipeline;
    Secret token;                       ///< job token, for the coordinator alone
    QString rpcUrl;                     ///< http://host:port of the RPC server as the coordinator reaches it
    Environment coordinatorEnvironment; ///< DANUBE_* variables for the coordinator; no secrets
};

struct StepLaunch
{
    StepNumber number{};
    /// Empty = attach only (the master restarted and has no command any more, because it never stores environments): a
    /// step that was never started then finishes as Lost instead of being started.
    QStringList argv;
    Environment environment;  ///< of the request; the executor adds the defaults (PATH, HOME, DANUBE_*)
    QString workingDirectory; ///< relative, below the workspace; empty = the workspace
    milliseconds timeout{0};  ///< 0 = none; enforced by the agent, so it holds without a master
    QString image;            ///< empty = the pipeline's
};

enum class KillReason { Cancelled, Timeout };

/// Where jobs run. The contract of every executor; tests/contract/executor runs it on the fake, local and Kubernetes
/// ones.
///
/// Threads: methods are called and signals emitted on the control thread; none blocks. Output goes from the executor's
/// links straight into the job's LogWriter on the io thread.
/// Idempotence: every call is named by job or (job, step) and may be repeated, also by a new master after a crash:
/// launch() of a job that already has containers attaches to them, startStep() of a step that was started attaches to
/// it and reports its outcome again. Nothing is ever started twice.
/// Order per job: launch → jobPending* → jobStarted → {startStep → stepStarted → stepFinished}* → coordinatorExited →
/// release → released. jobLost may come any time before release. Truth: stepFinished carries the agent's verified exit
/// record, and comes only after all output up to the record's byte counts is durable in the log. Without a record the
/// outcome is Lost, and only when the container is gone.
class Executor : public QObject
{
    Q_OBJECT
public:
    using QObject::QObject;

    virtual void launch(JobLaunch launch) = 0;
    virtual void startStep(const JobId &job, const StepLaunch &step) = 0;
    /// Ends the whole process tree: TERM, grace, KILL. The outcome arrives by stepFinished.
    virtual void killStep(const JobId &job, StepNumber step, KillReason reason) = 0;
    /// Ends every process of the job, its coordinator too, and removes what launch made (not the log). Always ends with
    /// released(); may be called at any time, also for a job never launched.
    virtual void release(const JobId &job) = 0;
    /// At start: removes leftovers (processes, directories, pods) of every job that is not in `known`.
    virtual void sweep(const QSet<JobId> &known) = 0;
    /// May be called on shutdown: stops all links and forgets jobs without touching them.
    virtual void detach() = 0;

signals:
    /// What the job waits for, one sentence for people; may be repeated. Who says so keeps deadlines of its own.
    void jobPending(danube::JobId job, QString reason);
    void jobStarted(danube::JobId job); ///< the coordinator's environment is up
    void stepStarted(danube::JobId job, danube::StepNumber step);
    void stepFinished(danube::JobId job, danube::StepNumber step, danube::StepOutcome outcome);
    void coordinatorExited(danube::JobId job, danube::StepOutcome outcome);
    /// The containers could not be made or are gone; one sentence for people. Nothing but release() may follow.
    void jobLost(danube::JobId job, QString reason);
    void released(danube::JobId job);
};

} // namespace danube::jobs
