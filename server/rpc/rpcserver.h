// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "server/rpc/refusal.h"
#include "server/rpc/rpcbackend.h"
#include "server/rpc/rpcsettings.h"

#include <QThread>

#include <atomic>

namespace danube::auth {
class Keyring;
}
namespace danube::artifacts {
class ArtifactStore;
}

namespace danube::rpc {

class RpcWorker;

struct RpcServices
{
    RpcBackend &backend;
    artifacts::ArtifactStore &artifacts;
    const auth::Keyring &keyring;
    const Clock &clock;
};

struct RpcCounts
{
    std::atomic<int> connections = 0;
    std::atomic<int> openCalls = 0;
    std::atomic<int64_t> requests = 0;
    std::array<std::atomic<int64_t>, allRefusals.size()> refused = {}; ///< by the number of the Refusal

    std::atomic<int64_t> &of(Refusal why) { return refused.at(static_cast<size_t>(why)); }
    int64_t of(Refusal why) const { return refused.at(static_cast<size_t>(why)); }
};

/// The RPC port: HTTP/2 cleartext with prior knowledge on a thread of its own. Everything here is for the owner's
/// thread; the services outlive it. The destructor closes what is open and waits for the thread only.
class RpcServer : public QObject
{
    Q_OBJECT
public:
    RpcServer(RpcServices services, RpcSettings settings);
    ~RpcServer() override;

    Result<quint16> start(); ///< the port; "listen on 127.0.0.1:9000: …" when it cannot. Once.
    /// New calls get 503, calls under way are awaited for `patience`, then cut; drained() either way. Once.
    void drain(milliseconds patience);
    const RpcCounts &counts() const { return m_counts; } ///< for /metrics

signals:
    void drained();

private:
    RpcServices m_services;
    RpcSettings m_settings;
    RpcCounts m_counts;
    QThread m_thread;
    RpcWorker *m_worker = nullptr; ///< lives in m_thread and is deleted there
};

} // namespace danube::rpc
