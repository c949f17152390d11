// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/http/resources.h"
#include "shared/protocol/restmessages.h"

namespace danube::http {
namespace {

/// What guards it now; of a job that ended, what was noted: today's answer would be of another day.
Result<std::optional<JobEgress>> egressOf(const ResourceContext &context, const Job &job)
{
    if (isFinal(job.state))
        return context.store.jobEgress(job.id);
    if (!context.egress)
        return std::optional<JobEgress>();
    return egress::toJobEgress(context.egress->levelOf(job.pipeline));
}

} // namespace

void listJobs(const ResourceContext &context, Exchange &exchange)
{
    const auto query = protocol::jobQueryFromQuery(exchange.queries());
    if (!query)
        return exchange.sendError(query.error());
    const store::JobFilter filter{query->pipeline, query->states, query->branch, query->since};
    auto page = context.store.jobs(filter, query->limit, query->cursor);
    if (!page)
        return exchange.sendError(page.error());
    exchange.sendJson(toJson(protocol::JobPage{std::move(page->jobs), std::move(page->nextCursor)}));
}

void getJob(const ResourceContext &context, Exchange &exchange)
{
    auto job = findJob(context, exchange.value());
    if (!job)
        return exchange.sendError(job.error());
    auto steps = context.store.steps(job->id);
    if (!steps)
        return exchange.sendError(steps.error());
    auto egress = egressOf(context, *job);
    if (!egress)
        return exchange.sendError(egress.error());
    exchange.sendJson(toJson(protocol::JobDetail{std::move(*job), std::move(*steps), *std::move(egress)}));
}

void cancelJob(const ResourceContext &context, Exchange &exchange)
{
    const auto job = findJob(context, exchange.value());
    if (!job)
        return exchange.sendError(job.error());
    context.backend.cancel(job->id, exchange.principal(), &exchange,
                           [&exchange](const Result<Job> &cancelled) { sendAccepted(exchange, cancelled); });
}

void retryJob(const ResourceContext &context, Exchange &exchange)
{
    const auto job = findJob(context, exchange.value());
    if (!job)
        return exchange.sendError(job.error());
    context.backend.retry(job->id, exchange.principal(), &exchange,
                          [&exchange](const Result<Job> &retried) { sendAccepted(exchange, retried); });
}

} // namespace danube::http
