// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/agent/control.h"

#include <sys/socket.h>

#include <cerrno>

namespace danube::agent {

bool sendControl(int socket, const ControlMessage &message)
{
    Bytes bytes;
    ByteWriter out(bytes);
    out.u8(static_cast<std::uint8_t>(message.kind));
    out.u32(static_cast<std::uint32_t>(message.first));
    out.u32(static_cast<std::uint32_t>(message.second));
    out.u64(static_cast<std::uint64_t>(message.at));
    out.raw(message.extra);
    return send(socket, bytes.data(), bytes.size(), MSG_NOSIGNAL | MSG_DONTWAIT) == static_cast<ssize_t>(bytes.size());
}

ControlStatus receiveControl(int socket, ControlMessage &message)
{
    std::uint8_t buffer[4096];
    const ssize_t count = recv(socket, buffer, sizeof buffer, MSG_DONTWAIT);
    if (count < 0)
        return errno == EAGAIN || errno == EINTR ? ControlStatus::Nothing : ControlStatus::Closed;
    ByteReader in(ByteView(buffer, static_cast<std::size_t>(count)));
    message.kind = static_cast<ControlKind>(in.u8());
    message.first = static_cast<std::int32_t>(in.u32());
    message.second = static_cast<std::int32_t>(in.u32());
    message.at = static_cast<SteadyMs>(in.u64());
    message.extra.assign(in.rest().begin(), in.rest().end());
    return in.isGood() ? ControlStatus::Message : ControlStatus::Closed;
}

} // namespace danube::agent
