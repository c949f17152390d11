// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/http/resources.h"
#include "shared/core/jsonreader.h"
#include "shared/protocol/restmessages.h"

using namespace Qt::StringLiterals;

namespace danube::http {
namespace {

Result<jobs::TriggerRequest> readRun(const Exchange &exchange)
{
    jobs::TriggerRequest run{.pipeline = exchange.value(), .ref = {}, .params = {}, .principal = exchange.principal()};
    if (exchange.request().body.trimmed().isEmpty())
        return run;
    auto read = parseJsonObject(exchange.request().body).and_then(protocol::runRequestFromJson);
    if (!read)
        return std::unexpected(read.error());
    run.ref = std::move(read->ref);
    run.params = std::move(read->params);
    return run;
}

} // namespace

void listPipelines(const ResourceContext &context, Exchange &exchange)
{
    exchange.sendJson(protocol::pipelinesToJson(context.pipelines.all()));
}

void getPipeline(const ResourceContext &context, Exchange &exchange)
{
    const auto pipeline = context.pipelines.find(exchange.value());
    if (!pipeline)
        return exchange.sendError({ErrorCode::NotFound, u"no pipeline is called \"%1\""_s.arg(exchange.value())});
    QJsonObject answer = toJson(*pipeline);
    if (context.triggersOf)
        answer.insert(u"triggers"_s, context.triggersOf(pipeline->name));
    exchange.sendJson(answer);
}

void runPipeline(const ResourceContext &context, Exchange &exchange)
{
    const auto run = readRun(exchange);
    if (!run)
        return exchange.sendError(run.error());
    context.backend.trigger(*run, &exchange, [&exchange](const Result<Job> &job) { sendAccepted(exchange, job); });
}

} // namespace danube::http
