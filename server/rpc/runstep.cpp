// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/rpc/handlers.h"
#include "shared/protocol/rpcbodies.h"

namespace danube::rpc {
namespace {

Response toResponse(const protocol::RunStepAnswer &answer)
{
    return jsonResponse(protocol::toJson(answer));
}

void runStep(HandlerContext &context, const std::shared_ptr<Exchange> &exchange, const QByteArray &body)
{
    auto request = protocol::runStepFromBytes(body);
    if (!request)
        return exchange->refuse(request.error());
    const JobId job = actingJob(exchange->caller(), request->job);
    context.backend.runStep(job, std::move(*request), answerWith<protocol::RunStepAnswer>(exchange, toResponse));
}

} // namespace

// Answers when the step has ended, which may be hours later. The caller may vanish and come back with the same request
// id; the step goes on either way.
void startRunStep(HandlerContext &context, const Caller &, const std::shared_ptr<Exchange> &exchange)
{
    collectJson(context, exchange, runStep);
}

} // namespace danube::rpc
