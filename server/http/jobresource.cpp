// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/http/resources.h"
#include "shared/protocol/restmessages.h"

namespace danube::http {
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
    exchange.sendJson(toJson(protocol::JobDetail{std::move(*job), std::move(*steps)}));
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
