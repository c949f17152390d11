// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/sandbox/network.h"

#include "server/sandbox/routemessage.h"

#include <arpa/inet.h>
#include <linux/netlink.h>
#include <net/if.h>
#include <netinet/in.h>
#include <sys/ioctl.h>
#include <sys/socket.h>

#include <array>
#include <cstring>
#include <fstream>

namespace danube::sandbox {
namespace {

using agent::refused;

constexpr std::uint16_t dnsPort = 53;
constexpr int backlog = 1'024;

SystemResult<int> bringUp(const char *device)
{
    const Descriptor socket(::socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0));
    ifreq request{};
    std::strncpy(request.ifr_name, device, sizeof request.ifr_name - 1);
    if (!socket.isOpen() || ::ioctl(socket.get(), SIOCGIFFLAGS, &request) != 0)
        return refused("look at the network device lo");
    request.ifr_flags = static_cast<short>(request.ifr_flags | IFF_UP);
    if (::ioctl(socket.get(), SIOCSIFFLAGS, &request) != 0)
        return refused("bring up the network device lo");
    if (::ioctl(socket.get(), SIOCGIFINDEX, &request) != 0)
        return refused("look at the network device lo");
    return request.ifr_ifindex;
}

/// For this network namespace alone. "reno" is in every kernel and open to all; where the file cannot be written, the
/// host's choice (BBR, say) works, too, only slower.
void disablePacing()
{
    std::ofstream("/proc/sys/net/ipv4/tcp_congestion_control") << "reno";
}

SystemResult<void> addRoute(const LocalRoute &route)
{
    const Descriptor socket(::socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_ROUTE));
    const auto message = addRouteMessage(route);
    if (!socket.isOpen() || ::send(socket.get(), message.data(), message.size(), 0) < 0)
        return refused("ask for a route");
    std::array<std::byte, 1'024> answer{};
    const ssize_t size = ::recv(socket.get(), answer.data(), answer.size(), 0);
    if (size < 0)
        return refused("ask for a route");
    const int error = errorOf(std::span(answer).first(static_cast<std::size_t>(size)));
    return error == 0 || error == EEXIST ? SystemResult<void>() : refused("add a local route", error);
}

SystemResult<Descriptor> makeSocket(int type, const sockaddr *address, socklen_t size)
{
    Descriptor socket(::socket(address->sa_family, type | SOCK_CLOEXEC, 0));
    const int on = 1;
    if (socket.isOpen() && address->sa_family == AF_INET6)
        ::setsockopt(socket.get(), IPPROTO_IPV6, IPV6_V6ONLY, &on, sizeof on);
    if (!socket.isOpen() || ::bind(socket.get(), address, size) != 0)
        return refused("bind a socket of the job's network");
    if (type == SOCK_STREAM && ::listen(socket.get(), backlog) != 0)
        return refused("listen in the job's network");
    return socket;
}

SystemResult<void> add(std::vector<Listener> &listeners, const char *kind, std::uint16_t port, int type,
                       const char *address)
{
    const bool isSix = std::strchr(address, ':') != nullptr;
    sockaddr_in four{.sin_family = AF_INET, .sin_port = htons(port), .sin_addr = {}, .sin_zero = {}};
    sockaddr_in6 six{};
    six.sin6_family = AF_INET6;
    six.sin6_port = htons(port);
    ::inet_pton(isSix ? AF_INET6 : AF_INET, address,
                isSix ? static_cast<void *>(&six.sin6_addr) : static_cast<void *>(&four.sin_addr));
    auto socket = isSix ? makeSocket(type, reinterpret_cast<const sockaddr *>(&six), sizeof six)
                        : makeSocket(type, reinterpret_cast<const sockaddr *>(&four), sizeof four);
    if (!socket)
        return std::unexpected(socket.error());
    listeners.push_back({kind, port, std::move(*socket)});
    return {};
}

} // namespace

SystemResult<bool> openLoopback()
{
    const auto device = bringUp("lo");
    if (!device)
        return std::unexpected(device.error());
    disablePacing();
    if (auto added = addRoute({.destination = "198.18.0.0", .prefix = 15, .device = *device}); !added)
        return std::unexpected(added.error());
    const auto six = addRoute({.destination = "100::", .prefix = 64, .device = *device});
    const bool hasNone = !six && (six.error().number == EOPNOTSUPP || six.error().number == EAFNOSUPPORT ||
                                  six.error().number == EACCES);
    if (!six && !hasNone)
        return std::unexpected(six.error());
    return six.has_value();
}

SystemResult<std::vector<Listener>> openListeners(std::span<const std::uint16_t> ports, InternetProtocols protocols)
{
    std::vector<Listener> listeners;
    auto added = add(listeners, "dns-udp", dnsPort, SOCK_DGRAM, resolverAddress);
    if (added)
        added = add(listeners, "dns-tcp", dnsPort, SOCK_STREAM, resolverAddress);
    for (const std::uint16_t port : ports) {
        if (added)
            added = add(listeners, "tcp", port, SOCK_STREAM, "0.0.0.0");
        if (added && protocols == InternetProtocols::FourAndSix)
            added = add(listeners, "tcp6", port, SOCK_STREAM, "::");
    }
    if (!added)
        return std::unexpected(added.error());
    return listeners;
}

} // namespace danube::sandbox
