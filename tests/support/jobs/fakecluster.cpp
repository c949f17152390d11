// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/support/jobs/fakecluster.h"

#include <QTimer>

using namespace Qt::StringLiterals;

namespace danube::tests {

void FakeCluster::bringUp(jobs::JobLaunch launch)
{
    const JobId job = launch.job.id;
    if (m_jobs.contains(job))
        return;
    ++m_coordinatorStarts[job];
    m_jobs[job].launch = std::move(launch);
}

void FakeCluster::takeDown(const JobId &job)
{
    m_jobs.erase(job);
}

const FakeCluster::Containers *FakeCluster::find(const JobId &job) const
{
    const auto found = m_jobs.find(job);
    return found == m_jobs.end() ? nullptr : &found->second;
}

const FakeCluster::StepProcess *FakeCluster::findStep(const JobId &job, StepNumber step) const
{
    return const_cast<FakeCluster *>(this)->process(job, step);
}

QList<JobId> FakeCluster::jobs() const
{
    QList<JobId> ids;
    for (const auto &[id, containers] : m_jobs)
        ids.append(id);
    return ids;
}

FakeCluster::StepProcess *FakeCluster::process(const JobId &job, StepNumber step)
{
    const auto containers = m_jobs.find(job);
    if (containers == m_jobs.end())
        return nullptr;
    const auto found = containers->second.steps.find(step);
    return found == containers->second.steps.end() ? nullptr : &found->second;
}

bool FakeCluster::startStep(const JobId &job, const jobs::StepLaunch &launch)
{
    const auto containers = m_jobs.find(job);
    if (containers == m_jobs.end() || containers->second.steps.contains(launch.number))
        return false;
    ++m_stepStarts[{job, toInt(launch.number)}];
    StepProcess &step = containers->second.steps[launch.number];
    step.launch = launch;
    step.script = parseFakeScript(launch.argv.last(), launch.environment);
    step.startedAt = std::chrono::steady_clock::now();
    QTimer::singleShot(0, this, [this, job, number = launch.number] { proceed(job, number); });
    if (launch.timeout.count() > 0)
        QTimer::singleShot(launch.timeout, this,
                           [this, job, number = launch.number] { killStep(job, number, OutcomeKind::Timeout); });
    return true;
}

void FakeCluster::proceed(const JobId &job, StepNumber number)
{
    StepProcess *step = process(job, number);
    if (!step || step->outcome)
        return;
    if (step->script.isEmpty())
        return end(job, number, {.kind = OutcomeKind::Exited, .exitCode = 0, .message = {}});
    const FakeCommand command = step->script.takeFirst();
    switch (command.kind) {
    case FakeCommand::Kind::Print:
        (command.stream == LogStream::Stdout ? step->standardOutput : step->standardError) += command.bytes;
        emit stepChanged(job, number);
        break;
    case FakeCommand::Kind::Exit:
        return end(job, number, {.kind = OutcomeKind::Exited, .exitCode = command.number, .message = {}});
    case FakeCommand::Kind::Signal:
        return end(job, number,
                   {.kind = OutcomeKind::Signalled,
                    .exitCode = 128 + command.number,
                    .signal = command.number,
                    .message = {}});
    case FakeCommand::Kind::Hang:
        return;
    case FakeCommand::Kind::Sleep:
        break;
    }
    QTimer::singleShot(command.delay, this, [this, job, number] { proceed(job, number); });
}

void FakeCluster::end(const JobId &job, StepNumber number, StepOutcome outcome)
{
    StepProcess *step = process(job, number);
    if (!step || step->outcome)
        return;
    outcome.duration = std::chrono::duration_cast<milliseconds>(std::chrono::steady_clock::now() - step->startedAt);
    step->outcome = std::move(outcome);
    emit stepChanged(job, number);
}

void FakeCluster::killStep(const JobId &job, StepNumber step, OutcomeKind kind)
{
    end(job, step, {.kind = kind, .exitCode = -1, .signal = 15, .message = {}});
}

void FakeCluster::finishStep(const JobId &job, StepNumber step, const StepOutcome &outcome)
{
    end(job, step, outcome);
}

void FakeCluster::exitCoordinator(const JobId &job, const StepOutcome &outcome)
{
    const auto found = m_jobs.find(job);
    if (found == m_jobs.end() || found->second.coordinator)
        return;
    found->second.coordinator = outcome;
    emit coordinatorChanged(job);
}

void FakeCluster::exitCoordinator(const JobId &job, int code)
{
    exitCoordinator(job, {.kind = OutcomeKind::Exited, .exitCode = code, .message = {}});
}

void FakeCluster::destroy(const JobId &job, const QString &reason)
{
    if (m_jobs.erase(job) > 0)
        emit destroyed(job, reason);
}

int FakeCluster::allStepStarts(const JobId &job) const
{
    int starts = 0;
    for (auto it = m_stepStarts.begin(); it != m_stepStarts.end(); ++it)
        starts += it.key().first == job ? it.value() : 0;
    return starts;
}

int FakeCluster::maximumStartsOfAnyStep() const
{
    return m_stepStarts.isEmpty() ? 0 : *std::ranges::max_element(m_stepStarts);
}

} // namespace danube::tests
