// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/rpc/handlers.h"

namespace danube::rpc {

// Answers when the step has ended, which may be hours later. The caller may vanish and come back with the same request
// id; the step goes on either way.
void startRunStep(HandlerContext &context, const Caller &caller, const std::shared_ptr<Exchange> &exchange)
{
    collectJson(context, exchange, [&context, caller](const std::shared_ptr<Exchange> &from, const QJsonObject &body) {
        auto request = protocol::runStepFromJson(body);
        if (!request)
            return from->refuse(request.error());
        const JobId job = actingJob(caller, request->job);
        context.backend.runStep(job, std::move(*request),
                                answerWith<protocol::RunStepAnswer>(
                                    from, [](const auto &answer) { return jsonResponse(protocol::toJson(answer)); }));
    });
}

} // namespace danube::rpc
