// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "server/jobs/answer.h"
#include "server/jobs/engine.h"
#include "server/jobs/stepmachine.h"
#include "shared/core/backoff.h"

#include <list>

namespace danube::jobs {

/// The shell around one step's machine: writes its rows, tells the executor, answers its callers. Its command lives
/// here alone and is gone with this master.
class StepRun : public QObject
{
    Q_OBJECT
public:
    StepRun(const EngineServices &services, const EngineSettings &settings, StepMachine machine, StepLaunch launch);

    void claim(); ///< writes the intent row of a new step
    void feed(const StepEvent &event);
    /// A caller with the command came again (after a restart this may be what starts the step).
    void bringCommand(StepLaunch launch);
    /// Of more than 1000 callers the oldest is told to ask again (Unavailable): the newest is the one that lives.
    void wait(Answer<protocol::RunStepAnswer> caller);
    void setKillReason(KillReason reason) { m_killReason = reason; }

    const Step &row() const { return m_machine.step; }
    const StepMachine &machine() const { return m_machine; }
    /// The outcome is durable (or nothing ever happened) and every caller has its answer.
    bool isSettled() const;

signals:
    void changed(danube::Step step); ///< after the change is durable
    void settled();

private:
    void act(StepAction action);
    void start(const QStringList &argv);
    void persistRunning();
    void persistResult();
    void noteOutcome();
    void answerAll();
    void giveAnswers(const Result<protocol::RunStepAnswer> &answer);
    void giveCaptured();
    StepEvent eventOf(StepEventKind kind) const;

    const EngineServices &m_services;
    const EngineSettings &m_settings;
    StepMachine m_machine;
    StepLaunch m_launch;
    KillReason m_killReason = KillReason::Cancelled;
    std::list<Answer<protocol::RunStepAnswer>> m_callers;
    bool m_reading = false; ///< captured output is on its way to the callers
    std::optional<Error> m_refusal;
    Backoff m_backoff;
};

} // namespace danube::jobs
