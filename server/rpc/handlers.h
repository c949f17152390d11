// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "server/artifacts/artifactstore.h"
#include "server/rpc/backendgateway.h"
#include "server/rpc/exchange.h"
#include "server/rpc/rpcsettings.h"
#include "server/rpc/sharedmemory.h"

#include <atomic>

namespace danube::rpc {

/// What handlers share. Rpc thread; outlives every Exchange.
struct HandlerContext
{
    BackendGateway &backend;
    artifacts::ArtifactStore &artifacts;
    const RpcSettings &settings;
    Mailbox home;                                   ///< the rpc thread
    SharedMemory json{settings.jsonInMemory};       ///< bodies being collected
    SharedMemory answers{settings.answersInMemory}; ///< not taken by the peer yet
    SharedMemory uploads{settings.uploadMemory};    ///< windows, as all begin with
    qint64 uploadExtra = 0;                         ///< bytes of windows beyond these
    /// Bytes of uploads on their way to the disk, also of those whose stream is gone.
    std::shared_ptr<std::atomic<qint64>> unwritten = std::make_shared<std::atomic<qint64>>(0);
};

/// The job of a genuine token; nullopt only where tokens are not required and none was given.
using Caller = std::optional<JobId>;
/// The job a call acts for: the token's, else the one it names.
inline JobId actingJob(const Caller &caller, const JobId &named)
{
    return caller.value_or(named);
}

/// One function per call, each in its own file. The caller is authenticated and the route known; what is left of the
/// order of checks: size 413, shape 400, then what the backend answers.
void startRunStep(HandlerContext &context, const Caller &caller, const std::shared_ptr<Exchange> &exchange);
void startGetSecret(HandlerContext &context, const Caller &caller, const std::shared_ptr<Exchange> &exchange);
void startReportStatus(HandlerContext &context, const Caller &caller, const std::shared_ptr<Exchange> &exchange);
void startUpload(HandlerContext &context, const Caller &caller, const std::shared_ptr<Exchange> &exchange);
void startUploadQuery(HandlerContext &context, const Caller &caller, const std::shared_ptr<Exchange> &exchange);
void startSource(HandlerContext &context, const Caller &caller, const std::shared_ptr<Exchange> &exchange);

/// Collects a JSON body within RpcSettings::jsonLimit and hands its bytes to `use`; answers 413 and 503 itself.
using UseBody = void (*)(HandlerContext &context, const std::shared_ptr<Exchange> &exchange, const QByteArray &body);
void collectJson(HandlerContext &context, const std::shared_ptr<Exchange> &exchange, UseBody use);

/// An answer function that answers `exchange` if it is still there: a refusal for an error, else what `toResponse`
/// makes (a Response or a Result of one).
template <class T, class ToResponse>
BackendGateway::Answer<T> answerWith(const std::shared_ptr<Exchange> &exchange, const ToResponse &toResponse)
{
    return [weak = std::weak_ptr(exchange), toResponse](Result<T> result) {
        const auto alive = weak.lock();
        if (!alive)
            return;
        auto response = result ? Result<Response>(toResponse(*result)) : std::unexpected(result.error());
        response ? alive->respond(std::move(*response)) : alive->refuse(response.error());
    };
}

} // namespace danube::rpc
