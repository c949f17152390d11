// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "server/jobs/redaction.h"
#include "server/jobs/steprun.h"
#include "server/jobs/verdict.h"

#include <map>

namespace danube::jobs {

/// All steps of one job: gives numbers, finds the step of a request id, tells all of them about the job's end.
class StepSet : public QObject
{
    Q_OBJECT
public:
    StepSet(const EngineServices &services, const EngineSettings &settings, JobId job);

    void restore(const QList<Step> &rows);
    void adopt(); ///< after a restart: attach to what runs

    /// A new step, or the one that has this request id. Conflict when that one came with another body,
    /// ResourceExhausted when the job has too many steps.
    void run(const protocol::RunStepRequest &request, const GrantedSecrets &secrets,
             Answer<protocol::RunStepAnswer> caller);

    void reportStarted(StepNumber number);
    void reportFinished(StepNumber number, const StepOutcome &outcome);

    /// The job ends: kills what runs; `outcome` is for steps that never began.
    void end(KillReason reason, const StepOutcome &outcome);
    /// Nobody will report any more: every step without an outcome gets this one.
    void close(const StepOutcome &outcome);

    bool isEmpty() const { return m_steps.empty(); }
    bool areSettled() const;  ///< every outcome is durable and told
    bool isRecording() const; ///< an outcome is known but not durable yet
    StepsSummary summary() const;

signals:
    void changed(danube::Step step);
    void settled(); ///< one of them is
private:
    StepRun &add(StepMachine machine, StepLaunch launch);
    StepRun *find(StepNumber number) const;
    Result<void> checkRoom() const;
    void forgetIfRefused(StepNumber number);

    const EngineServices &m_services;
    const EngineSettings &m_settings;
    JobId m_job;
    std::map<StepNumber, std::unique_ptr<StepRun>> m_steps;
    QHash<RequestId, StepNumber> m_requests;
    uint32_t m_lastNumber = 0;
};

} // namespace danube::jobs
