// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/rpc/handlers.h"
#include "shared/protocol/rpcbodies.h"

namespace danube::rpc {
namespace {

void getSecret(HandlerContext &context, const std::shared_ptr<Exchange> &exchange, const QByteArray &body)
{
    auto request = protocol::getSecretFromBytes(body);
    if (!request)
        return exchange->refuse(request.error());
    const JobId job = actingJob(exchange->caller(), request->job);
    const auto toResponse = [key = request->key](const QByteArray &value) {
        return jsonResponse(protocol::getSecretAnswer(key, value));
    };
    if (const auto value = context.backend.secretAtHand(job, *request))
        return exchange->respond(toResponse(*value));
    context.backend.getSecret(job, std::move(*request), answerWith<QByteArray>(exchange, toResponse));
}

} // namespace

void startGetSecret(HandlerContext &context, const Caller &, const std::shared_ptr<Exchange> &exchange)
{
    collectJson(context, exchange, getSecret);
}

} // namespace danube::rpc
