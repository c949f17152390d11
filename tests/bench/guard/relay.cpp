// SPDX-License-Identifier: GPL-3.0-or-later
// The least that a relay between two TCP connections can do, for bench_guard: it judges nothing, serves one connection
// at a time and blocks. "splice" moves bytes through a pipe, "copy" through 256 KiB of memory; PORT is the sink's.
// Prints its port. What danube-guard does beyond this is its own cost; what this costs, any proxy costs.
#include <array>
#include <charconv>
#include <cstdio>
#include <string_view>

#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <unistd.h>

namespace {

sockaddr_in loopback(uint16_t port)
{
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    address.sin_port = htons(port);
    return address;
}

bool sendAll(int to, const char *data, ssize_t size)
{
    while (size > 0) {
        const ssize_t sent = send(to, data, static_cast<size_t>(size), MSG_NOSIGNAL);
        if (sent <= 0)
            return false;
        data += sent;
        size -= sent;
    }
    return true;
}

void copyAll(int from, int to)
{
    static std::array<char, 256 << 10> buffer;
    ssize_t got = 0;
    while ((got = recv(from, buffer.data(), buffer.size(), 0)) > 0 && sendAll(to, buffer.data(), got)) {
    }
}

void spliceAll(int from, int to)
{
    constexpr int size = 1 << 20;
    std::array<int, 2> ends{};
    if (pipe2(ends.data(), O_CLOEXEC) < 0)
        return;
    fcntl(ends[1], F_SETPIPE_SZ, size);
    ssize_t got = 0;
    while ((got = splice(from, nullptr, ends[1], nullptr, size, SPLICE_F_MOVE)) > 0) {
        while (got > 0) {
            const ssize_t sent = splice(ends[0], nullptr, to, nullptr, static_cast<size_t>(got), SPLICE_F_MOVE);
            if (sent <= 0)
                return;
            got -= sent;
        }
    }
    close(ends[0]);
    close(ends[1]);
}

void serve(int client, uint16_t port, bool isSplice)
{
    const sockaddr_in address = loopback(port);
    const int server = socket(AF_INET, SOCK_STREAM, 0);
    setsockopt(server, IPPROTO_TCP, TCP_CONGESTION, "reno", 4); // as the guard to this machine, and as the client
    if (connect(server, reinterpret_cast<const sockaddr *>(&address), sizeof address) < 0)
        return;
    const int on = 1;
    for (const int side : {client, server})
        setsockopt(side, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    isSplice ? spliceAll(client, server) : copyAll(client, server);
    shutdown(server, SHUT_WR);
    copyAll(server, client);
    close(server);
    close(client);
}

} // namespace

int main(int argc, char **argv)
{
    const std::string_view mode = argc == 3 ? argv[1] : "";
    const std::string_view digits = argc == 3 ? argv[2] : "";
    uint16_t port = 0;
    if ((mode != "splice" && mode != "copy") || std::from_chars(digits.begin(), digits.end(), port).ec != std::errc()) {
        std::fputs("usage: bench_guardrelay splice|copy PORT\n", stderr);
        return 2;
    }
    const int listener = socket(AF_INET, SOCK_STREAM, 0);
    sockaddr_in address = loopback(0);
    socklen_t length = sizeof address;
    if (bind(listener, reinterpret_cast<sockaddr *>(&address), length) < 0 || listen(listener, 16) < 0 ||
        getsockname(listener, reinterpret_cast<sockaddr *>(&address), &length) < 0)
        return 1;
    std::printf("%d\n", ntohs(address.sin_port));
    std::fflush(stdout);
    while (true) {
        const int client = accept(listener, nullptr, nullptr);
        if (client >= 0)
            serve(client, port, mode == "splice");
    }
}
