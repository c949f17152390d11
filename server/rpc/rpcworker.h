// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "server/rpc/acceptor.h"
#include "server/rpc/rpcconnection.h"
#include "server/rpc/rpcserver.h"

namespace danube::rpc {

/// What lives in the rpc thread: the listening socket, the connections and what they share.
class RpcWorker final : public QObject
{
    Q_OBJECT
public:
    RpcWorker(const RpcServices &services, const RpcSettings &settings, RpcCounts &counts);
    ~RpcWorker() override;

    Result<quint16> listen();
    void drain(milliseconds patience);

signals:
    void drained();

private:
    void open(int descriptor);
    void forget(RpcConnection *connection);
    void tick();
    bool isFull() const;
    /// Who goes when there is no room: the stranger that was there for the longest, else the oldest connection of the
    /// job that has most; null when all are in order.
    RpcConnection *dispensable() const;
    RpcConnection *ofTheGreediest() const;
    std::vector<RpcConnection *> present() const; ///< a copy: what is done to one may end it

    RpcServices m_services;
    const RpcSettings &m_settings;
    RpcCounts &m_counts;
    Acceptor m_acceptor;
    SocketPoller m_poller;
    QTimer m_tick;
    std::optional<SteadyTime> m_drainUntil;
    BackendGateway m_gateway;
    HandlerContext m_context;
    RpcRouter m_router;
    std::vector<char> m_scratch;
    std::unordered_map<RpcConnection *, std::unique_ptr<RpcConnection>> m_connections;
};

} // namespace danube::rpc
