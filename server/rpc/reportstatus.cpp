// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/rpc/handlers.h"

using namespace Qt::StringLiterals;

namespace danube::rpc {
namespace {

Response toResponse(const QString &status)
{
    return jsonResponse({{u"status"_s, status}});
}

} // namespace

void startReportStatus(HandlerContext &context, const Caller &caller, const std::shared_ptr<Exchange> &exchange)
{
    collectJson(context, exchange, [&context, caller](const std::shared_ptr<Exchange> &from, const QJsonObject &body) {
        auto request = protocol::reportStatusFromJson(body);
        if (!request)
            return from->refuse(request.error());
        const JobId job = actingJob(caller, request->job);
        if (const auto status = context.backend.statusAtHand(job, *request))
            return from->respond(toResponse(*status));
        context.backend.reportStatus(job, std::move(*request), answerWith<QString>(from, toResponse));
    });
}

} // namespace danube::rpc
