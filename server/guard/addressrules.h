// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "server/guard/ipaddress.h"

#include <string_view>

namespace danube::guard {

/// What an address that a resolver gave leads to. Sources: IANA's special-purpose registries (RFC 6890 and after).
enum class AddressKind {
    Public,
    Private, ///< RFC 1918, ULA, CGNAT (100.64/10), benchmarking, documentation
    Loopback,
    Metadata, ///< hands out cloud credentials
    Special,  ///< link-local, multicast, unspecified, reserved, tunnels: never the address of a server
};
std::string_view addressKindName(AddressKind kind); ///< "public", "private", …

/// An IPv6 address that carries an IPv4 one (NAT64) is judged by that.
AddressKind addressKind(const IpAddress &address);

/// Whether the guard connects to it. `mayBePrivate`: the operator, or a Service's entry, said so of the name. What
/// hands out credentials is never reached.
bool isReachable(const IpAddress &address, bool mayBePrivate);

} // namespace danube::guard
