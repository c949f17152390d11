// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/rpc/handlers.h"
#include "shared/protocol/rpcbodies.h"

namespace danube::rpc {
namespace {

Response toResponse(const QString &status)
{
    return jsonResponse(protocol::reportStatusAnswer(status));
}

void reportStatus(HandlerContext &context, const std::shared_ptr<Exchange> &exchange, const QByteArray &body)
{
    auto request = protocol::reportStatusFromBytes(body);
    if (!request)
        return exchange->refuse(request.error());
    const JobId job = actingJob(exchange->caller(), request->job);
    if (const auto status = context.backend.statusAtHand(job, *request))
        return exchange->respond(toResponse(*status));
    context.backend.reportStatus(job, std::move(*request), answerWith<QString>(exchange, toResponse));
}

} // namespace

void startReportStatus(HandlerContext &context, const Caller &, const std::shared_ptr<Exchange> &exchange)
{
    collectJson(context, exchange, reportStatus);
}

} // namespace danube::rpc
