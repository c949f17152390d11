// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/http/resources.h"
#include "shared/protocol/restmessages.h"

using namespace Qt::StringLiterals;

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
    // What guards it now. Of a job that ended nothing is said: the answer would be of another day.
    std::optional<egress::EgressLevel> level;
    if (context.egress && !isFinal(job->state))
        level = context.egress->levelOf(job->pipeline);
    QJsonObject detail = toJson(protocol::JobDetail{std::move(*job), std::move(*steps)});
    if (level)
        detail.insert(u"egress"_s,
                      QJsonObject{{u"level"_s, egress::toText(level->kind)}, {u"reason"_s, level->reason}});
    exchange.sendJson(detail);
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
