// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "server/agent/agentlink.h"
#include "server/agent/eventloop.h"

namespace danube::agent {

/// One accepted socket and the link on it.
class Connection final : public EventSource
{
public:
    Connection(EventLoop &loop, Descriptor socket, ContainerKey &key, const BootId &bootId, const Nonce &nonce);
    ~Connection() override;

    AgentLink &link() { return m_link; }
    bool isUp() const { return m_link.isUp(); }
    /// Dropped: the peer is gone, broke the protocol, or was silent too long.
    bool isGone() const { return m_isGone; }
    void drop();
    /// Commands that arrived since the last call.
    std::vector<Command> takeCommands() { return std::exchange(m_commands, {}); }
    /// Writes what the socket takes.
    void flush();
    SteadyMs deadline() const;
    void onTime(SteadyMs now);
    void onReady(std::uint32_t events) override;

private:
    void read();
    void watch();

    EventLoop &m_loop;
    Descriptor m_socket;
    AgentLink m_link;
    std::vector<Command> m_commands;
    std::uint32_t m_interest = EPOLLIN;
    SteadyMs m_acceptedAt = steadyMs();
    SteadyMs m_heardAt = steadyMs();
    bool m_isGone = false;
};

} // namespace danube::agent
