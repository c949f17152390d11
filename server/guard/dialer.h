// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "server/guard/connector.h"
#include "shared/core/filedescriptor.h"

#include <map>

namespace danube::guard {

/// Hands the coordinator, which has no network, connections to the master's RPC: for each datagram "dial\n" one "ok\n"
/// with a connected, blocking socket, or one "error <text>\n". Answers come in no particular order. Beyond `maxDials`
/// at once it is refused.
class Dialer final : public EventSink
{
public:
    static constexpr size_t maxDials = 16;
    static constexpr milliseconds timeout{10'000};

    Dialer(EventLoop &loop, FileDescriptor socket, std::optional<Endpoint> rpc);
    ~Dialer();

private:
    void onEvents(int tag, uint32_t events) override;
    void dial();
    void answer(uint64_t number, FileDescriptor socket, int error);

    EventLoop &m_loop;
    FileDescriptor m_socket;
    std::optional<Endpoint> m_rpc;
    EventLoop::WatchId m_watch;
    uint64_t m_last = 0;
    std::map<uint64_t, std::unique_ptr<Connector>> m_dials;
};

} // namespace danube::guard
