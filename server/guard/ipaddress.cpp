// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/guard/ipaddress.h"

#include <algorithm>
#include <charconv>
#include <cstring>

#include <arpa/inet.h>
#include <netinet/in.h>

namespace danube::guard {

IpAddress IpAddress::v4(uint32_t hostOrder)
{
    IpAddress address;
    for (int i = 0; i < 4; ++i)
        address.bytes[static_cast<size_t>(i)] = static_cast<uint8_t>(hostOrder >> (24 - 8 * i));
    return address;
}

IpAddress IpAddress::v6(std::span<const uint8_t, 16> networkOrder)
{
    static constexpr std::array<uint8_t, 12> mapped{0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff};
    IpAddress address;
    if (std::ranges::equal(networkOrder.first<12>(), mapped)) {
        std::ranges::copy(networkOrder.last<4>(), address.bytes.begin());
        return address;
    }
    std::ranges::copy(networkOrder, address.bytes.begin());
    address.isV6 = true;
    return address;
}

std::optional<IpAddress> IpAddress::parse(std::string_view text)
{
    if (text.size() >= INET6_ADDRSTRLEN || text.contains('\0')) // inet_pton() would stop there
        return std::nullopt;
    const std::string terminated(text);
    std::array<uint8_t, 16> bytes{};
    if (inet_pton(AF_INET, terminated.c_str(), bytes.data()) == 1) {
        IpAddress address;
        std::copy_n(bytes.begin(), 4, address.bytes.begin());
        return address;
    }
    if (inet_pton(AF_INET6, terminated.c_str(), bytes.data()) == 1)
        return v6(bytes);
    return std::nullopt;
}

uint32_t IpAddress::asV4() const
{
    uint32_t value = 0;
    for (size_t i = 0; i < 4; ++i)
        value = value << 8 | bytes[i];
    return value;
}

std::string IpAddress::text() const
{
    std::array<char, INET6_ADDRSTRLEN> text{};
    inet_ntop(isV6 ? AF_INET6 : AF_INET, bytes.data(), text.data(), text.size());
    return text.data();
}

std::optional<Endpoint> Endpoint::parse(std::string_view text)
{
    if (const auto bare = IpAddress::parse(text))
        return Endpoint{*bare, 0};
    const auto colon = text.rfind(':');
    if (colon == std::string_view::npos)
        return std::nullopt;
    std::string_view host = text.substr(0, colon);
    const bool isBracketed = host.starts_with('[') && host.ends_with(']');
    if (isBracketed)
        host = host.substr(1, host.size() - 2);
    const auto address = IpAddress::parse(host);
    if (!address || isBracketed != host.contains(':'))
        return std::nullopt;
    Endpoint endpoint{*address, 0};
    const std::string_view digits = text.substr(colon + 1);
    const auto [end, error] = std::from_chars(digits.begin(), digits.end(), endpoint.port);
    if (error != std::errc() || end != digits.end() || endpoint.port == 0)
        return std::nullopt;
    return endpoint;
}

std::optional<Endpoint> Endpoint::of(const sockaddr_storage &address)
{
    if (address.ss_family == AF_INET) {
        sockaddr_in in{};
        std::memcpy(&in, &address, sizeof in);
        return Endpoint{IpAddress::v4(ntohl(in.sin_addr.s_addr)), ntohs(in.sin_port)};
    }
    if (address.ss_family == AF_INET6) {
        sockaddr_in6 in{};
        std::memcpy(&in, &address, sizeof in);
        std::array<uint8_t, 16> bytes{};
        std::memcpy(bytes.data(), &in.sin6_addr, bytes.size());
        return Endpoint{IpAddress::v6(bytes), ntohs(in.sin6_port)};
    }
    return std::nullopt;
}

std::optional<Endpoint> Endpoint::ofSocket(int descriptor)
{
    sockaddr_storage address{};
    socklen_t length = sizeof address;
    if (getsockname(descriptor, reinterpret_cast<sockaddr *>(&address), &length) < 0)
        return std::nullopt;
    return of(address);
}

socklen_t Endpoint::write(sockaddr_storage &target) const
{
    target = {};
    if (!address.isV6) {
        sockaddr_in in{};
        in.sin_family = AF_INET;
        in.sin_port = htons(port);
        in.sin_addr.s_addr = htonl(address.asV4());
        std::memcpy(&target, &in, sizeof in);
        return sizeof in;
    }
    sockaddr_in6 in{};
    in.sin6_family = AF_INET6;
    in.sin6_port = htons(port);
    std::memcpy(&in.sin6_addr, address.bytes.data(), address.bytes.size());
    std::memcpy(&target, &in, sizeof in);
    return sizeof in;
}

std::string Endpoint::text() const
{
    const std::string host = address.isV6 ? '[' + address.text() + ']' : address.text();
    return host + ':' + std::to_string(port);
}

} // namespace danube::guard
