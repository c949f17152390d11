// SPDX-License-Identifier: GPL-3.0-or-later
#include "console/models/durationhistory.h"

namespace danube::console {

void DurationHistory::add(const Job &job)
{
    if (!isFinal(job.state) || job.startedAt == WallTime{} || job.finishedAt < job.startedAt)
        return;
    auto &jobs = m_pipelines[job.pipeline];
    if (jobs.size() >= most && job.number < jobs.begin()->first)
        return;
    jobs[job.number] = {job.number, std::chrono::duration_cast<milliseconds>(job.finishedAt - job.startedAt),
                        job.state};
    if (jobs.size() > most)
        jobs.erase(jobs.begin());
}

void DurationHistory::remove(const Job &job)
{
    const auto jobs = m_pipelines.find(job.pipeline);
    if (jobs == m_pipelines.end())
        return;
    jobs->erase(job.number);
    if (jobs->empty())
        m_pipelines.erase(jobs);
}

QList<PastDuration> DurationHistory::of(const QString &pipeline) const
{
    QList<PastDuration> durations;
    const auto jobs = m_pipelines.constFind(pipeline);
    if (jobs == m_pipelines.constEnd())
        return durations;
    for (const auto &[number, past] : *jobs)
        durations.append(past);
    return durations;
}

} // namespace danube::console
