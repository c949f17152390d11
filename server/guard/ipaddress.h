// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <array>
#include <compare>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include <sys/socket.h>

namespace danube::guard {

/// An IPv4 or IPv6 address. An IPv4 address fills the first four bytes; an IPv4-mapped one becomes IPv4.
struct IpAddress
{
    std::array<uint8_t, 16> bytes{};
    bool isV6 = false;

    static IpAddress v4(uint32_t hostOrder);
    static IpAddress v6(std::span<const uint8_t, 16> networkOrder);
    static std::optional<IpAddress> parse(std::string_view text); ///< a literal, without brackets or zone
    uint32_t asV4() const;                                        ///< host order; IPv4 only
    std::string text() const;

    auto operator<=>(const IpAddress &) const = default;
};

struct Endpoint
{
    IpAddress address;
    uint16_t port = 0;

    /// "192.0.2.7:80", "[2001:db8::1]:80"; without a port, port 0.
    static std::optional<Endpoint> parse(std::string_view text);
    static std::optional<Endpoint> of(const sockaddr_storage &address);
    static std::optional<Endpoint> ofSocket(int descriptor); ///< getsockname()
    /// Fills `address` and gives its length.
    socklen_t write(sockaddr_storage &address) const;
    std::string text() const;

    auto operator<=>(const Endpoint &) const = default;
};

} // namespace danube::guard
