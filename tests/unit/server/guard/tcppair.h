// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "server/guard/ipaddress.h"
#include "shared/core/filedescriptor.h"

#include <fcntl.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <string>

/// Real TCP on loopback, for what moves bytes between sockets.
namespace danube::guard::tests {

/// On a port that the kernel chose. Nothing listening behind `backlog` = -1: the port refuses.
inline FileDescriptor listenOn(const char *address, int backlog = 16)
{
    sockaddr_storage place{};
    const socklen_t length = Endpoint{*IpAddress::parse(address), 0}.write(place);
    FileDescriptor listener(socket(place.ss_family, SOCK_STREAM | SOCK_CLOEXEC, 0));
    const bool isBound = bind(listener.get(), reinterpret_cast<sockaddr *>(&place), length) == 0;
    if (isBound && backlog >= 0)
        listen(listener.get(), backlog);
    return isBound ? std::move(listener) : FileDescriptor();
}

inline FileDescriptor connectTo(const FileDescriptor &listener)
{
    sockaddr_storage place{};
    const socklen_t length = Endpoint::ofSocket(listener.get())->write(place);
    FileDescriptor made(socket(place.ss_family, SOCK_STREAM | SOCK_CLOEXEC, 0));
    return connect(made.get(), reinterpret_cast<sockaddr *>(&place), length) == 0 ? std::move(made) : FileDescriptor();
}

/// A connection; neither end blocks.
struct TcpPair
{
    TcpPair()
    {
        const FileDescriptor listener = listenOn("127.0.0.1");
        near = connectTo(listener);
        far = FileDescriptor(accept4(listener.get(), nullptr, nullptr, SOCK_CLOEXEC));
        for (const FileDescriptor *end : {&near, &far})
            fcntl(end->get(), F_SETFL, O_NONBLOCK);
    }
    FileDescriptor near;
    FileDescriptor far;
};

inline bool waitFor(const FileDescriptor &socket, short events)
{
    constexpr int patience = 30'000;
    pollfd wait{socket.get(), events, 0};
    return poll(&wait, 1, patience) == 1;
}

/// As much of `bytes` as the socket takes now.
inline size_t give(const FileDescriptor &socket, std::string_view bytes)
{
    size_t given = 0;
    ssize_t sent = 0;
    while (given < bytes.size() &&
           (sent = send(socket.get(), bytes.data() + given, bytes.size() - given, MSG_NOSIGNAL)) > 0)
        given += static_cast<size_t>(sent);
    return given;
}

/// What is there now.
inline std::string takeAll(const FileDescriptor &socket)
{
    std::string taken;
    char piece[65'536];
    ssize_t got = 0;
    while ((got = recv(socket.get(), piece, sizeof piece, 0)) > 0)
        taken.append(piece, static_cast<size_t>(got));
    return taken;
}

} // namespace danube::guard::tests
