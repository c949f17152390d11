// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "server/guard/eventloop.h"
#include "server/guard/ipaddress.h"

#include <functional>
#include <memory>
#include <vector>

namespace danube::guard {

/// Connects to the first of several addresses that answers: families alternate, the next is tried after `stagger` or
/// when one fails, the first connection wins (RFC 8305 without its sorting). Destroying it gives up.
class Connector
{
public:
    static constexpr milliseconds stagger{250};
    static constexpr size_t maxAddresses = 16;

    /// `done` once, later: the connected socket, or errno of the last failure. It may destroy the connector.
    using Done = std::move_only_function<void(FileDescriptor socket, int error)>;
    Connector(EventLoop &loop, const std::vector<Endpoint> &endpoints, milliseconds timeout, Done done);
    ~Connector();

private:
    class Attempt;
    void tryNext();
    void failed(Attempt &attempt, int error);
    void finish(FileDescriptor socket, int error);

    EventLoop &m_loop;
    std::vector<Endpoint> m_endpoints; // in the order of trying
    milliseconds m_timeout;
    Done m_done;
    size_t m_next = 0;
    size_t m_running = 0;
    int m_lastError = 0;
    std::vector<std::unique_ptr<Attempt>> m_attempts;
    EventLoop::TimerId m_stagger = EventLoop::noTimer;
};

} // namespace danube::guard
