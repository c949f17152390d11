// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "server/auth/keyring.h"
#include "server/rpc/handlers.h"

#include <unordered_map>

namespace danube::rpc {

/// Decides what a request is, in the contract's order: draining 503, token 401, route 404 or 405, then the call's own
/// handler. Rpc thread.
class RpcRouter
{
public:
    RpcRouter(HandlerContext &context, const auth::Keyring &keyring) : m_context(context), m_keyring(keyring) {}

    /// Answers `exchange`, now or later, or gives it a body handler first.
    void begin(const std::shared_ptr<Exchange> &exchange);
    void setDraining() { m_isDraining = true; }
    SharedMemory &answers() { return m_context.answers; }

private:
    Result<Caller> authenticate(const RequestHead &head);
    std::optional<JobId> verify(QByteArrayView token);

    HandlerContext &m_context;
    const auth::Keyring &m_keyring;
    struct Genuine
    {
        Secret token;
        JobId job;
    };
    std::unordered_map<QByteArray, Genuine> m_genuine; ///< by the job's name: tokens that were verified, a few thousand
    bool m_isDraining = false;
};

} // namespace danube::rpc
