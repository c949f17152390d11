// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/http/resources.h"
#include "shared/protocol/openapi.h"
#include "shared/protocol/restmessages.h"

using namespace Qt::StringLiterals;

namespace danube::http {

void getHealth(const ResourceContext &context, Exchange &exchange)
{
    const auto uptime = std::chrono::duration_cast<milliseconds>(context.clock.steady() - context.startedAt);
    exchange.sendJson(toJson(protocol::Health{u"ok"_s, QStringLiteral(DANUBE_VERSION), uptime, context.clock.wall()}));
}

void getReadiness(const ResourceContext &context, Exchange &exchange)
{
    auto checks = context.backend.readiness();
    checks.insert(u"accepting"_s,
                  context.backend.isDraining() ? fail(ErrorCode::Unavailable, u"draining"_s) : Result<void>());
    protocol::Readiness readiness{true, {}};
    for (const auto &[name, check] : std::as_const(checks).asKeyValueRange()) {
        readiness.checks.insert(name, check ? u"ok"_s : check.error().message);
        readiness.ready = readiness.ready && check;
    }
    if (context.blueprint) {
        // A repository that is away makes nothing unfit: the last good configuration is served. It is only said.
        readiness.checks.insert(u"blueprint"_s, describe(context.blueprint->status()));
        readiness.ready = readiness.ready && context.blueprint->readiness();
    }
    exchange.sendJson(toJson(readiness), readiness.ready ? 200 : 503);
}

void getVersion(const ResourceContext & /*context*/, Exchange &exchange)
{
    exchange.sendJson({{u"name"_s, u"danube-master"_s},
                       {u"version"_s, QStringLiteral(DANUBE_VERSION)},
                       {u"api"_s, u"v1"_s},
                       {u"qt"_s, QString::fromLatin1(qVersion())}});
}

void getOpenApi(const ResourceContext & /*context*/, Exchange &exchange)
{
    exchange.sendJson(protocol::openApi(QStringLiteral(DANUBE_VERSION)));
}

void getMetrics(const ResourceContext &context, Exchange &exchange)
{
    Reply reply;
    reply.headers.append(QHttpHeaders::WellKnownHeader::ContentType, metrics::Metrics::contentType);
    reply.body = context.metrics.text();
    exchange.send(std::move(reply));
}

} // namespace danube::http
