// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/http/resources.h"
#include "shared/core/jsonreader.h"

using namespace Qt::StringLiterals;

namespace danube::http {
namespace {

constexpr int maxRefusals = 1000;

egress::EgressService *serviceOf(const ResourceContext &context, Exchange &exchange)
{
    if (!context.egress)
        exchange.sendError({ErrorCode::NotFound, u"this master has no egress service"_s});
    return context.egress;
}

void answer(Exchange &exchange, const Result<QJsonObject> &result)
{
    if (result)
        exchange.sendJson(*result);
    else
        exchange.sendError(result.error());
}

Result<egress::EgressService::Test> readTest(const Exchange &exchange)
{
    const auto object = parseJsonObject(exchange.request().body);
    if (!object)
        return std::unexpected(object.error());
    JsonReader body(*object);
    egress::EgressService::Test test;
    test.hosts = body.stringList("hosts"_L1).value_or(QStringList());
    test.pipeline = body.string("pipeline"_L1).value_or(QString());
    test.allowlist = body.stringList("allowlist"_L1);
    return body.finish(UnknownFields::Ignore).transform([&] { return test; });
}

/// A time of the query or body; absent = for ever.
Result<WallTime> timeOf(const QString &text)
{
    const WallTime time = fromRfc3339(text);
    if (!text.isEmpty() && time == WallTime{})
        return fail(ErrorCode::InvalidArgument,
                    u"since: expected a time like 2026-01-31T12:00:00Z, got \"%1\""_s.arg(text.left(40)));
    return time;
}

Result<void> checkScope(const QString &job, const QString &pipeline)
{
    if (job.isEmpty() == pipeline.isEmpty())
        return fail(ErrorCode::InvalidArgument, u"expected either job or pipeline"_s);
    return {};
}

Result<QList<EgressRefusal>> refusalsOf(const ResourceContext &context, const Exchange &exchange)
{
    const QString job = exchange.query("job"_L1);
    const QString pipeline = exchange.query("pipeline"_L1);
    const auto since = checkScope(job, pipeline).and_then([&] { return timeOf(exchange.query("since"_L1)); });
    if (!since)
        return std::unexpected(since.error());
    if (!job.isEmpty())
        return findJob(context, job).and_then([&](const Job &found) {
            return context.egress->refusals().refusals(found.id);
        });
    const auto limit = numberOf(exchange, "limit"_L1, 1, maxRefusals, maxRefusals);
    if (!limit)
        return std::unexpected(limit.error());
    return context.egress->refusals().refusals(
        store::RefusalFilter{.pipeline = pipeline, .since = *since, .limit = static_cast<int>(*limit)});
}

Result<QJsonObject> proposalOf(const ResourceContext &context, const Exchange &exchange)
{
    const auto object = parseJsonObject(exchange.request().body);
    if (!object)
        return std::unexpected(object.error());
    JsonReader body(*object);
    egress::EgressService::ProposalRequest request;
    const QString job = body.string("job"_L1).value_or(QString());
    request.pipeline = body.string("pipeline"_L1).value_or(QString());
    const QString since = body.string("since"_L1).value_or(QString());
    const auto time =
        body.finish(UnknownFields::Ignore).and_then([&] { return checkScope(job, request.pipeline); }).and_then([&] {
            return timeOf(since);
        });
    if (!time)
        return std::unexpected(time.error());
    request.since = *time;
    if (job.isEmpty())
        return context.egress->propose(request);
    return findJob(context, job).and_then([&](const Job &found) {
        request.job = found.id;
        return context.egress->propose(request);
    });
}

} // namespace

void getEgressPolicy(const ResourceContext &context, Exchange &exchange)
{
    if (const auto *service = serviceOf(context, exchange))
        exchange.sendJson(service->toJson());
}

void testEgress(const ResourceContext &context, Exchange &exchange)
{
    if (const auto *service = serviceOf(context, exchange))
        answer(exchange, readTest(exchange).and_then(
                             [&](const egress::EgressService::Test &test) { return service->test(test); }));
}

void listDenied(const ResourceContext &context, Exchange &exchange)
{
    if (!serviceOf(context, exchange))
        return;
    const auto refusals = refusalsOf(context, exchange);
    if (!refusals)
        return exchange.sendError(refusals.error());
    QJsonArray array;
    for (const EgressRefusal &refusal : *refusals)
        array.append(toJson(refusal));
    exchange.sendJson({{u"refusals"_s, array}});
}

void proposeEgress(const ResourceContext &context, Exchange &exchange)
{
    if (serviceOf(context, exchange))
        answer(exchange, proposalOf(context, exchange));
}

/// 202: what is put right; how it went is in the policy's status.
void repairEgress(const ResourceContext &context, Exchange &exchange)
{
    auto *service = serviceOf(context, exchange);
    if (!service)
        return;
    const auto policies = service->repair();
    if (!policies)
        return exchange.sendError(policies.error());
    exchange.sendJson({{u"policies"_s, QJsonArray::fromStringList(*policies)}}, 202);
}

} // namespace danube::http
