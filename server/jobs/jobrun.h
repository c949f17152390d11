// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "server/jobs/joblog.h"
#include "server/jobs/jobmachine.h"
#include "server/jobs/stepset.h"

#include <deque>

namespace danube::jobs {

/// The shell around one unfinished job's machine: does what it says, tells it what happened. Deleted after ended().
class JobRun : public QObject
{
    Q_OBJECT
public:
    JobRun(const EngineServices &services, const EngineSettings &settings, JobBoard &board, JobMachine machine,
           Pipeline pipeline);

    /// Before admit(), for a job found in the store.
    void restore(const QList<Step> &steps, const QStringList &grants);
    void admit();
    void refuse(const QString &reason); ///< instead of admit(): the job cannot be begun
    bool isWaiting() const { return m_machine.phase == Phase::Queued; }
    void setPipeline(Pipeline pipeline); ///< as soon as it is known again after a restart
    /// Answered when the cancellation can no longer be forgotten; Conflict when the job is ending in another way.
    void cancel(const QString &by, Answer<Job> answer);

    // What the coordinator asks for; rights are checked by the engine.
    /// Conflict when the job cannot act now, Unavailable while it is being adopted after a restart.
    Result<void> checkActing() const;
    /// The token's holder speaks, so the coordinator is up, whatever the order of the executor's signals.
    void confirmStarted();
    void runStep(const protocol::RunStepRequest &request, Answer<protocol::RunStepAnswer> answer);
    bool hasGrant(const QString &key) const { return m_log.secrets().contains(key); }
    void giveSecret(const QString &key, Secret value, Answer<QByteArray> answer);
    void reportStatus(const protocol::ReportStatusRequest &request, Answer<QString> answer);

    // What the executor reports.
    void reportPending(const QString &reason);
    void reportStarted();
    void reportFinished(StepNumber step, const StepOutcome &outcome);
    void reportExit(const StepOutcome &outcome);
    void reportLost(const QString &reason);
    void reportReleased();
    /// A rule was broken outside: a line of the log, and the end of the job if it is fatal. Nothing unless it runs.
    void reportViolation(const QString &text, Violation violation);
    StepSet &steps() { return m_steps; }

    bool hasTimerDue() const;
    void checkTimers();
    const Job &job() const { return m_machine.job; }
    const Pipeline &pipeline() const { return m_pipeline; }

signals:
    void changed(danube::Job job); ///< after the change is durable
    void ended();

private:
    StepOutcome told(StepOutcome outcome) const;
    enum class Timer { Scheduling, Deadline, Stop, Release, Seal };

    void feed(JobEvent event);
    void act(JobAction action);
    void showOnBoard();
    JobEvent eventOf(JobEventKind kind, const QString &text = {}) const;
    void openLog();
    void openLogLater();
    void resolveSource();
    void persist();
    void write(const Job &row, int serial);
    void launch();
    Environment coordinatorEnvironment() const;
    void killSteps();
    void closeSteps();
    void sealLog();
    void noteResult(std::move_only_function<void()> done);
    void judgeExit();
    void stepsSettled();
    void answerCancels();
    void startTimer(Timer timer, milliseconds in);
    JobEvent timeoutOf(Timer timer) const;
    bool isRowSaved() const { return m_saved == m_machine.persist; }
    void saveStatus(Answer<QString> answer);
    void writeStatus();

    const EngineServices &m_services;
    const EngineSettings &m_settings;
    JobBoard &m_board;
    JobMachine m_machine;
    Pipeline m_pipeline;
    StepSet m_steps;
    JobLog m_log;
    QStringList m_grants; ///< found in the store
    std::deque<JobEvent> m_events;
    int m_saved = 0; ///< serial of the last Persist that is durable
    bool m_feeding = false;
    enum class ResultNote { Missing, Unknown, Made }; ///< Unknown: a former master may have made it
    ResultNote m_resultNote = ResultNote::Missing;
    bool m_isLost = false;             ///< the executor said so, in whatever phase
    std::optional<StepOutcome> m_exit; ///< of the coordinator, until the steps' rows have caught up
    std::map<Timer, SteadyTime> m_timers;
    std::vector<Answer<Job>> m_cancels;
    std::vector<Answer<QString>> m_reports; ///< whose write has not begun
    bool m_isSavingStatus = false;
    bool m_isStatusSaved = true; ///< all that was reported is durable
    bool m_isOnBoard = false;
    std::optional<QString> m_reportedMessage; ///< as it came, not redacted; none while other secrets are known since
    Backoff m_backoff;
    Backoff m_logBackoff;
};

} // namespace danube::jobs
