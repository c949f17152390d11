// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "tests/support/jobs/fakeshell.h"

#include <map>

namespace danube::tests {

/// What containers are to an executor: the processes of jobs, which live on when a master and its executor die. Steps
/// are claimed once by number and run parseFakeScript() of their `sh -c` command in real time.
class FakeCluster : public QObject
{
    Q_OBJECT
public:
    struct StepProcess
    {
        jobs::StepLaunch launch;
        QList<FakeCommand> script;
        std::optional<StepOutcome> outcome;
        QByteArray standardOutput;
        QByteArray standardError;
        SteadyTime startedAt{};
    };
    struct Containers
    {
        jobs::JobLaunch launch;
        std::optional<StepOutcome> coordinator; ///< how it exited
        std::map<StepNumber, StepProcess> steps;
    };

    // As an agent does it.
    void bringUp(jobs::JobLaunch launch); ///< no-op when they are up
    void takeDown(const JobId &job);
    /// False for a claimed step: it is never started twice.
    bool startStep(const JobId &job, const jobs::StepLaunch &launch);
    void killStep(const JobId &job, StepNumber step, OutcomeKind kind);
    const Containers *find(const JobId &job) const;
    const StepProcess *findStep(const JobId &job, StepNumber step) const;
    QList<JobId> jobs() const;

    // As a test wants it.
    void exitCoordinator(const JobId &job, const StepOutcome &outcome);
    void exitCoordinator(const JobId &job, int code);
    void finishStep(const JobId &job, StepNumber step, const StepOutcome &outcome); ///< also a hanging one
    void destroy(const JobId &job, const QString &reason);                          ///< the containers vanish
    /// The books, which outlive the containers: how often something was really begun.
    int coordinatorStarts(const JobId &job) const { return m_coordinatorStarts.value(job); }
    int stepStarts(const JobId &job, StepNumber step) const { return m_stepStarts.value({job, toInt(step)}); }
    int allStepStarts(const JobId &job) const;
    int maximumStartsOfAnyStep() const;

signals:
    void stepChanged(danube::JobId job, danube::StepNumber step); ///< it printed or ended
    void coordinatorChanged(danube::JobId job);
    void destroyed(danube::JobId job, QString reason);

private:
    void proceed(const JobId &job, StepNumber step);
    StepProcess *process(const JobId &job, StepNumber step);
    void end(const JobId &job, StepNumber step, StepOutcome outcome);

    std::map<JobId, Containers> m_jobs;
    QHash<JobId, int> m_coordinatorStarts;
    QHash<std::pair<JobId, uint32_t>, int> m_stepStarts;
};

} // namespace danube::tests
