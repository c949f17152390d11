// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/http/resources.h"

using namespace Qt::StringLiterals;

namespace danube::http {

void getRetention(const ResourceContext &context, Exchange &exchange)
{
    if (!context.retentionPlan)
        return exchange.sendError({ErrorCode::NotFound, u"this master keeps everything"_s});
    context.retentionPlan(&exchange, [&exchange](const Result<QJsonObject> &plan) {
        if (!plan)
            return exchange.sendError(plan.error());
        exchange.sendJson(*plan);
    });
}

} // namespace danube::http
