// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "shared/core/id.h"

#include <QHash>

#include <map>
#include <optional>

namespace danube::jobs {

struct QueueEntry
{
    JobId job;
    QString pipeline;
    int priority = 0;      ///< larger first
    int pipelineLimit = 0; ///< jobs of this pipeline at once; 0 = no limit of its own
};

/// Who may run next: highest priority first, first come first served within one, at most `maxRunning` jobs at once and
/// at most its own limit of each pipeline. A pipeline at its limit never holds up another one.
class JobQueue
{
public:
    explicit JobQueue(int maxRunning) : m_maxRunning(maxRunning) {}

    void add(const QueueEntry &entry);
    /// The place that it would have had with this entry from the beginning; no-op for a job that does not wait.
    void change(const QueueEntry &entry);
    /// Another limit for a pipeline, for the jobs that wait already too. add() does the same.
    void setLimit(const QString &pipeline, int limit);
    void remove(const JobId &job); ///< out of the queue, or its slot given back; no-op for unknown ones
    std::optional<JobId> admit();  ///< takes the next job out of the queue and gives it a slot
    /// A slot for a job that runs already (found after a restart), also beyond the limits.
    void occupy(const JobId &job, const QString &pipeline);

    int queued() const { return static_cast<int>(m_waiting.size()); }
    int running() const { return static_cast<int>(m_running.size()); }

private:
    struct Position
    {
        int priority;
        int64_t arrival;
        bool operator<(const Position &other) const
        {
            return priority != other.priority ? priority > other.priority : arrival < other.arrival;
        }
    };
    int m_maxRunning;
    int64_t m_arrivals = 0;
    std::map<Position, QueueEntry> m_waiting;
    QHash<JobId, Position> m_positions;
    QHash<JobId, QString> m_running; ///< job → pipeline
    QHash<QString, int> m_runningOf; ///< pipeline → jobs
    QHash<QString, int> m_limits;    ///< of pipelines that have one
};

} // namespace danube::jobs
