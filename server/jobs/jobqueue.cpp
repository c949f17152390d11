// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/jobs/jobqueue.h"

namespace danube::jobs {

void JobQueue::add(const QueueEntry &entry)
{
    setLimit(entry.pipeline, entry.pipelineLimit);
    const Position position{entry.priority, m_arrivals++};
    m_waiting.emplace(position, entry);
    m_positions.insert(entry.job, position);
}

void JobQueue::change(const QueueEntry &entry)
{
    const auto found = m_positions.find(entry.job);
    if (found == m_positions.end())
        return;
    setLimit(entry.pipeline, entry.pipelineLimit);
    m_waiting.erase(*found);
    found->priority = entry.priority;
    m_waiting.emplace(*found, entry);
}

void JobQueue::setLimit(const QString &pipeline, int limit)
{
    if (limit > 0)
        m_limits.insert(pipeline, limit);
    else
        m_limits.remove(pipeline);
}

void JobQueue::remove(const JobId &job)
{
    if (const auto found = m_positions.constFind(job); found != m_positions.constEnd()) {
        m_waiting.erase(*found);
        m_positions.erase(found);
        return;
    }
    const auto running = m_running.constFind(job);
    if (running == m_running.constEnd())
        return;
    if (--m_runningOf[*running] == 0)
        m_runningOf.remove(*running);
    m_running.erase(running);
}

std::optional<JobId> JobQueue::admit()
{
    if (running() >= m_maxRunning)
        return std::nullopt;
    for (auto it = m_waiting.begin(); it != m_waiting.end(); ++it) {
        const QueueEntry entry = it->second;
        const int limit = m_limits.value(entry.pipeline);
        if (limit > 0 && m_runningOf.value(entry.pipeline) >= limit)
            continue;
        m_waiting.erase(it);
        m_positions.remove(entry.job);
        occupy(entry.job, entry.pipeline);
        return entry.job;
    }
    return std::nullopt;
}

void JobQueue::occupy(const JobId &job, const QString &pipeline)
{
    if (m_running.contains(job))
        return;
    m_running.insert(job, pipeline);
    ++m_runningOf[pipeline];
}

} // namespace danube::jobs
