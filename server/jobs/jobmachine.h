// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "server/jobs/verdict.h"
#include "shared/model/job.h"

#include <QList>

namespace danube::jobs {

/// Where this master stands with a job: finer than JobState, never stored. After a restart every phase is found again
/// from the row alone (restored()).
enum class Phase {
    Queued,       ///< waits for a slot
    Preparing,    ///< the log is being opened, masks are being set; of a job that runs until its deadline
    Resolving,    ///< the commit is being looked up
    Scheduling,   ///< the row with commit and deadline is being written
    Starting,     ///< the executor brings up the containers
    Running,      ///< the coordinator works
    Deciding,     ///< the verdict is being written; from here on nothing changes it
    Stopping,     ///< steps are being killed
    Releasing,    ///< the containers are being removed
    ClosingSteps, ///< steps without an outcome get one
    Sealing,      ///< the log is being sealed
    Recording,    ///< the final row is being written
    Ended,
};
inline constexpr Phase allPhases[] = {Phase::Queued,    Phase::Preparing,    Phase::Resolving, Phase::Scheduling,
                                      Phase::Starting,  Phase::Running,      Phase::Deciding,  Phase::Stopping,
                                      Phase::Releasing, Phase::ClosingSteps, Phase::Sealing,   Phase::Recording,
                                      Phase::Ended};

enum class JobEventKind {
    Refused,  ///< text: why the job cannot even be begun
    Admitted, ///< the queue gave a slot, or the job was found unfinished at start
    LogOpened,
    LogFailed, ///< text: why
    SourceResolved,
    SourceFailed, ///< text: why
    Persisted,    ///< `persist` tells which write
    Started,
    CoordinatorExited,
    JobLost, ///< text: why
    CancelRequested,
    SchedulingTimedOut,
    DeadlinePassed,
    StepsEnded, ///< no step of the job is without a durable outcome
    StopTimedOut,
    Released,
    ReleaseTimedOut,
    StepsClosed,
    Sealed,
    SealTimedOut,
    Waiting,  ///< text: what the executor waits for before the job starts
    Violated, ///< text: which rule the job broke, such that it must fail
};
inline constexpr JobEventKind allJobEventKinds[] = {
    JobEventKind::Refused,        JobEventKind::Admitted,        JobEventKind::LogOpened,
    JobEventKind::LogFailed,      JobEventKind::SourceResolved,  JobEventKind::SourceFailed,
    JobEventKind::Persisted,      JobEventKind::Started,         JobEventKind::CoordinatorExited,
    JobEventKind::JobLost,        JobEventKind::CancelRequested, JobEventKind::SchedulingTimedOut,
    JobEventKind::DeadlinePassed, JobEventKind::StepsEnded,      JobEventKind::StopTimedOut,
    JobEventKind::Released,       JobEventKind::ReleaseTimedOut, JobEventKind::StepsClosed,
    JobEventKind::Sealed,         JobEventKind::SealTimedOut,    JobEventKind::Waiting,
    JobEventKind::Violated};

struct JobEvent
{
    JobEventKind kind;
    WallTime at{};
    QString text;                       ///< a reason, or who asked
    QString commit;                     ///< SourceResolved
    QString branch;                     ///< SourceResolved
    int persist = 0;                    ///< Persisted
    std::optional<StepOutcome> outcome; ///< CoordinatorExited
    StepsSummary steps;                 ///< CoordinatorExited
};

/// What the shell has to do, in order.
enum class JobAction {
    OpenLog,      ///< and mask token and grants → LogOpened, LogFailed
    OpenLogLater, ///< after a while, by itself
    ResolveSource,
    Persist, ///< JobMachine::job as it is now → Persisted with JobMachine::persist
    Launch,  ///< attach only when the row says Running
    AttachSteps,
    KillSteps, ///< → StepsEnded
    Release,
    CloseSteps, ///< → StepsClosed
    SealLog,
    Finish,
    StartSchedulingTimer,
    StartDeadlineTimer,
    StartStopTimer,
    StartReleaseTimer,
    StartSealTimer,
};

struct JobMachine
{
    Job job;
    Phase phase = Phase::Queued;
    milliseconds maxDuration{3'600'000};
    bool attached = false; ///< this master called launch()
    bool lost = false;     ///< the executor said jobLost: no step will report any more
    int persist = 0;       ///< serial of the last Persist
    int tries = 0;         ///< of release or seal

    static constexpr int maxTries = 3;
    bool operator==(const JobMachine &) const = default;
};

struct JobTransition
{
    JobMachine machine;
    QList<JobAction> actions;
};

/// The rules of a job's life: pure. Events that mean nothing in the present phase (late, repeated, out of order) change
/// nothing. A verdict is durable before its effects, and the first one stands.
JobTransition next(JobMachine machine, const JobEvent &event);

/// The machine of a row found in the store; feed Admitted to go on with it.
JobMachine restored(Job row, milliseconds maxDuration);

/// Steps are accepted: the coordinator may act for the job.
bool acceptsSteps(const JobMachine &machine);
bool isEnding(const JobMachine &machine);

} // namespace danube::jobs
