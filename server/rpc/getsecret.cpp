// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/rpc/handlers.h"

using namespace Qt::StringLiterals;

namespace danube::rpc {
namespace {

Response toResponse(const QString &key, const QByteArray &value)
{
    return jsonResponse({{u"key"_s, key}, {u"value"_s, QString::fromUtf8(value)}});
}

} // namespace

void startGetSecret(HandlerContext &context, const Caller &caller, const std::shared_ptr<Exchange> &exchange)
{
    collectJson(context, exchange, [&context, caller](const std::shared_ptr<Exchange> &from, const QJsonObject &body) {
        auto request = protocol::getSecretFromJson(body);
        if (!request)
            return from->refuse(request.error());
        const JobId job = actingJob(caller, request->job);
        if (const auto value = context.backend.secretAtHand(job, *request))
            return from->respond(toResponse(request->key, *value));
        const QString key = request->key;
        context.backend.getSecret(
            job, std::move(*request),
            answerWith<QByteArray>(from, [key](const QByteArray &value) { return toResponse(key, value); }));
    });
}

} // namespace danube::rpc
