// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "server/agent/descriptor.h"
#include "server/agent/systemerror.h"

#include <cstdint>
#include <span>
#include <string>
#include <vector>

namespace danube::sandbox {

using agent::Descriptor;
using agent::SystemResult;

/// The job's resolver, as /etc/resolv.conf names it.
inline constexpr const char *resolverAddress = "127.0.0.53";

/// In a new network namespace, with rights over it: brings up `lo`, and makes every address of 198.18.0.0/15 (RFC 2544)
/// and 100::/64 (RFC 6666) one of this machine, so that the guard can give each name an address of its own. Nothing
/// else leads anywhere. Connections of it are not paced, whatever the host uses: on loopback there is nothing to spare,
/// and timers between segments cost more than the segments. False: the kernel has no IPv6.
SystemResult<bool> openLoopback();

/// A socket that was made inside and goes to the guard.
struct Listener
{
    std::string kind; ///< as in the guard's interface: "dns-udp", "dns-tcp", "tcp", "tcp6"
    std::uint16_t port = 0;
    Descriptor socket;
};

enum class InternetProtocols { Four, FourAndSix };

/// DNS at resolverAddress; TCP on each port of every address.
SystemResult<std::vector<Listener>> openListeners(std::span<const std::uint16_t> ports, InternetProtocols protocols);

} // namespace danube::sandbox
