// SPDX-License-Identifier: GPL-3.0-or-later
#include "console/models/pipelinestatistics.h"

#include <algorithm>

namespace danube::console {

namespace {

struct Gathered
{
    PipelineStatistics sums;
    std::vector<milliseconds> runs;
    std::vector<milliseconds> queues;
    std::vector<const Job *> ended;
};

void addTo(Gathered &pipeline, const Job &job)
{
    PipelineStatistics &sums = pipeline.sums;
    if (job.startedAt != WallTime{} && job.startedAt >= job.createdAt)
        pipeline.queues.push_back(job.startedAt - job.createdAt);
    if (!isFinal(job.state)) {
        ++sums.unfinished;
        return;
    }
    pipeline.ended.push_back(&job);
    ++(job.state == JobState::Success   ? sums.succeeded
       : job.state == JobState::Failure ? sums.failed
       : job.state == JobState::Timeout ? sums.timedOut
                                        : sums.cancelled);
    if (job.state != JobState::Cancelled && job.startedAt != WallTime{} && job.finishedAt >= job.startedAt)
        pipeline.runs.push_back(job.finishedAt - job.startedAt);
}

bool hasFailed(const Job &job)
{
    return job.state == JobState::Failure || job.state == JobState::Timeout;
}

PipelineStatistics finished(Gathered &pipeline)
{
    PipelineStatistics &sums = pipeline.sums;
    sums.run = percentilesOf(std::move(pipeline.runs));
    sums.queue = percentilesOf(std::move(pipeline.queues));
    std::ranges::sort(pipeline.ended, std::greater(), [](const Job *job) { return job->number; });
    for (const Job *job : pipeline.ended) {
        if (sums.recent.size() < PipelineStatistics::mostRecent) {
            const bool ran = job->startedAt != WallTime{} && job->finishedAt >= job->startedAt;
            sums.recent.prepend(
                {job->number, ran ? milliseconds(job->finishedAt - job->startedAt) : milliseconds(-1), job->state});
        }
        if (hasFailed(*job) && sums.failures.size() < PipelineStatistics::mostFailures)
            sums.failures.append(job->id);
    }
    if (!pipeline.ended.empty())
        sums.last = *pipeline.ended.front();
    return std::move(sums);
}

milliseconds nearestRank(const std::vector<milliseconds> &sorted, size_t percent)
{
    const size_t rank = (sorted.size() * percent + 99) / 100; // from 1
    return sorted[std::max<size_t>(rank, 1) - 1];
}

} // namespace

std::optional<double> PipelineStatistics::successRate() const
{
    return judged() == 0 ? std::nullopt : std::optional(double(succeeded) / judged());
}

Percentiles percentilesOf(std::vector<milliseconds> values)
{
    if (values.empty())
        return {};
    std::ranges::sort(values);
    return {qsizetype(values.size()), nearestRank(values, 50), nearestRank(values, 90), nearestRank(values, 99)};
}

QList<PipelineStatistics> pipelineStatistics(std::span<const Job> jobs, WallTime since)
{
    QHash<QString, Gathered> pipelines;
    for (const Job &job : jobs) {
        Gathered &pipeline = pipelines[job.pipeline];
        if (job.createdAt >= since)
            addTo(pipeline, job);
    }
    QList<PipelineStatistics> all;
    all.reserve(pipelines.size());
    for (auto it = pipelines.begin(); it != pipelines.end(); ++it) {
        it->sums.pipeline = it.key();
        all.append(finished(*it));
    }
    std::ranges::sort(all, {}, &PipelineStatistics::pipeline);
    return all;
}

} // namespace danube::console
