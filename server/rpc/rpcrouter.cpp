// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/rpc/rpcrouter.h"

#include <array>

using namespace Qt::StringLiterals;

namespace danube::rpc {
namespace {

struct RpcRoute
{
    QByteArrayView method;
    QByteArrayView path;
    void (*start)(HandlerContext &, const Caller &, const std::shared_ptr<Exchange> &);
};

constexpr std::array routes{
    RpcRoute{"POST", "/rpc/run-step", startRunStep},           RpcRoute{"POST", "/rpc/get-secret", startGetSecret},
    RpcRoute{"POST", "/rpc/report-status", startReportStatus}, RpcRoute{"POST", "/rpc/upload-artifact", startUpload},
    RpcRoute{"GET", "/rpc/upload-artifact", startUploadQuery}, RpcRoute{"GET", "/rpc/source", startSource},
};

constexpr size_t maxGenuine = 4096; // more jobs than run at once

void refuseRoute(Exchange &exchange)
{
    QByteArray allowed;
    for (const RpcRoute &route : routes) {
        if (route.path == exchange.path())
            allowed += (allowed.isEmpty() ? "" : ", ") + route.method.toByteArray();
    }
    if (allowed.isEmpty())
        return exchange.refuse({ErrorCode::NotFound, u"no such call"_s});
    exchange.refuse(405, u"this call takes %1"_s.arg(QString::fromLatin1(allowed)), {{"allow", allowed}});
}

} // namespace

/// To derive a job's token costs more than all the rest of a small call. So genuine ones are kept: the part that is no
/// secret finds them, a comparison in constant time decides, and what nobody verified is never kept.
std::optional<JobId> RpcRouter::verify(QByteArrayView token)
{
    const auto name = token.first(std::max<qsizetype>(0, token.indexOf('.')));
    const auto known = m_genuine.find(QByteArray::fromRawData(name.data(), name.size()));
    if (known != m_genuine.end() && equalsConstantTime(token, known->second.token.reveal()))
        return known->second.job;
    auto job = m_keyring.verifyJobToken(token);
    if (!job)
        return std::nullopt;
    if (m_genuine.size() >= maxGenuine)
        m_genuine.clear();
    m_genuine.insert_or_assign(name.toByteArray(), Genuine{Secret(token.toByteArray()), *job});
    return job;
}

Result<Caller> RpcRouter::authenticate(const RequestHead &head)
{
    static constexpr QByteArrayView scheme = "bearer ";
    const QByteArrayView given = head.authorization;
    if (given.isEmpty() && !m_context.settings.requireJobToken)
        return Caller();
    if (given.size() <= scheme.size() || given.first(scheme.size()).compare(scheme, Qt::CaseInsensitive) != 0)
        return fail(ErrorCode::Unauthenticated, u"Authorization: expected \"Bearer <job token>\""_s);
    auto job = verify(given.sliced(scheme.size()).trimmed());
    if (!job)
        return fail(ErrorCode::Unauthenticated, u"Authorization: unknown job token"_s);
    return Caller(std::move(job));
}

void RpcRouter::begin(const std::shared_ptr<Exchange> &exchange)
{
    const RequestHead &head = exchange->head();
    if (head.oversized)
        return exchange->refuse(431, u"the header list is too large"_s);
    if (m_isDraining)
        return exchange->refuse({ErrorCode::Unavailable, u"the master is shutting down"_s});
    const auto caller = authenticate(head);
    if (!caller)
        return exchange->refuse(caller.error());
    exchange->admit(*caller);
    const auto path = exchange->path();
    const auto fits = [&](const RpcRoute &route) { return route.method == head.method && route.path == path; };
    const auto route = std::ranges::find_if(routes, fits);
    if (route == routes.end())
        return refuseRoute(*exchange);
    route->start(m_context, *caller, exchange);
    exchange->keepPathOnly();
}

} // namespace danube::rpc
