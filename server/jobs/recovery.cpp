// SPDX-License-Identifier: GPL-3.0-or-later
// What a new master does with the unfinished jobs of the one before. Everything here may be cut short by another crash
// and done again: rows are only read, and the executor's calls are idempotent.
#include "server/jobs/engine.h"

#include "server/blueprint/pipelinecatalog.h"
#include "server/jobs/category.h"
#include "server/jobs/jobrun.h"
#include "server/store/store.h"

using namespace Qt::StringLiterals;

namespace danube::jobs {
namespace {

struct Leftover
{
    Job job;
    QList<Step> steps;
    QStringList grants;
};

Result<Leftover> read(const store::Store &store, const Job &job)
{
    auto steps = store.steps(job.id);
    if (!steps)
        return std::unexpected(steps.error());
    auto grants = store.grants(job.id);
    if (!grants)
        return std::unexpected(grants.error());
    return Leftover{job, *std::move(steps), *std::move(grants)};
}

// The pipeline may have gone from the configuration since: enough of it is in the row to let the job end in order.
Pipeline remembered(const Job &job)
{
    Pipeline pipeline;
    pipeline.name = job.pipeline;
    pipeline.repository = job.repository;
    return pipeline;
}

} // namespace

Result<void> Engine::recover()
{
    const auto unfinished = m_services.store.unfinishedJobs();
    if (!unfinished)
        return std::unexpected(unfinished.error().in(u"recovery"_s));
    QList<Leftover> leftovers;
    QSet<JobId> known;
    for (const Job &job : *unfinished) {
        auto leftover = read(m_services.store, job);
        if (!leftover)
            return std::unexpected(leftover.error().in(u"recovery of job %1"_s.arg(job.id.value())));
        leftovers.append(*std::move(leftover));
        known.insert(job.id);
    }
    m_recovered = true;
    m_services.executor.sweep(known);
    for (const Leftover &leftover : std::as_const(leftovers))
        adopt(leftover.job, leftover.steps, leftover.grants);
    qCInfo(lcJobs).noquote() << u"recovered jobs=%1 queued=%2"_s.arg(unfinished->size()).arg(m_queue.queued());
    pump();
    return {};
}

void Engine::adopt(const Job &job, const QList<Step> &steps, const QStringList &grants)
{
    const auto found = m_services.pipelines.find(job.pipeline);
    const Pipeline pipeline = found.value_or(remembered(job));
    qCInfo(lcJobs).noquote()
        << u"job-adopted job=%1 state=%2 steps=%3"_s.arg(job.id.value(), toText(job.state)).arg(steps.size());
    JobRun &run = addRun(job, pipeline);
    run.restore(steps, grants);
    if (!found)
        m_unconfigured.insert(job.id);
    const bool isDecided = job.verdict || job.cancelRequested;
    if (job.state == JobState::Pending && !isDecided)
        m_queue.add({job.id, pipeline.name, pipeline.priority, pipeline.maxConcurrent});
    else
        m_queue.occupy(job.id, pipeline.name);
    // What runs is attached to at once; what may have to be begun needs its pipeline.
    const bool isBegun = job.state == JobState::Running || !steps.isEmpty();
    if (isDecided || isBegun)
        run.admit();
    else if (m_services.pipelines.isKnown())
        goOn(run, found.has_value());
}

// With a job that did not run yet, as soon as somebody can say whether its pipeline is configured.
void Engine::goOn(JobRun &run, bool isConfigured)
{
    const Job &job = run.job();
    if (job.state != JobState::Pending)
        return run.admit();
    if (isConfigured)
        return; // it is in the queue
    m_queue.remove(job.id);
    m_queue.occupy(job.id, job.pipeline);
    run.refuse(u"pipeline %1 is no longer configured"_s.arg(job.pipeline));
}

// For jobs that were adopted without one: also for those that run, whose secrets it names.
void Engine::findPipelines()
{
    for (const JobId &id : std::exchange(m_unconfigured, {})) {
        JobRun *run = find(id);
        if (!run)
            continue;
        const auto found = m_services.pipelines.find(run->job().pipeline);
        if (found) {
            run->setPipeline(*found);
            m_queue.change({id, found->name, found->priority, found->maxConcurrent});
        } else
            m_unconfigured.insert(id);
        if (run->isWaiting())
            goOn(*run, found.has_value());
    }
}

} // namespace danube::jobs
