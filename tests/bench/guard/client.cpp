// SPDX-License-Identifier: GPL-3.0-or-later
// What a job does, for bench_guard:
//   push FD BYTES           sends so many over a connected socket and waits for the server's word that it has them all;
//                           with "reno", so that no contestant is paced where the machine's default is BBR
//   connect ADDR PORT N HELLO  N times: connect, send the file HELLO, await one byte; prints the median in microseconds
//   crowd ADDR PORT N       N connections open at once, each used twice; prints the seconds
#include <algorithm>
#include <charconv>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <unistd.h>

namespace {

using Clock = std::chrono::steady_clock;

void require(bool condition, const char *what)
{
    if (condition)
        return;
    std::perror(what);
    std::exit(1);
}

long long numberOf(const char *text)
{
    const std::string digits = text;
    long long value = 0;
    std::from_chars(digits.data(), digits.data() + digits.size(), value);
    return value;
}

int connectTo(const char *address, int port)
{
    sockaddr_in to{};
    to.sin_family = AF_INET;
    to.sin_port = htons(static_cast<uint16_t>(port));
    require(inet_pton(AF_INET, address, &to.sin_addr) == 1, "address");
    const int socket = ::socket(AF_INET, SOCK_STREAM, 0);
    require(socket >= 0 && connect(socket, reinterpret_cast<sockaddr *>(&to), sizeof to) == 0, "connect");
    const int on = 1;
    setsockopt(socket, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    return socket;
}

void sendAll(int socket, std::string_view bytes)
{
    while (!bytes.empty()) {
        const ssize_t sent = send(socket, bytes.data(), bytes.size(), MSG_NOSIGNAL);
        require(sent > 0, "send");
        bytes.remove_prefix(static_cast<size_t>(sent));
    }
}

void awaitByte(int socket)
{
    char byte = 0;
    require(recv(socket, &byte, 1, 0) == 1, "answer");
}

int push(int socket, long long bytes)
{
    setsockopt(socket, IPPROTO_TCP, TCP_CONGESTION, "reno", 4);
    const std::string piece(256 << 10, 'x');
    for (long long left = bytes; left > 0; left -= static_cast<long long>(piece.size()))
        sendAll(socket, std::string_view(piece).substr(
                            0, static_cast<size_t>(std::min<long long>(left, static_cast<long long>(piece.size())))));
    shutdown(socket, SHUT_WR);
    awaitByte(socket);
    return 0;
}

int measureConnects(const char *address, int port, int count, const char *file)
{
    std::ifstream stream(file, std::ios::binary);
    const std::string hello((std::istreambuf_iterator<char>(stream)), {});
    std::vector<double> times;
    for (int i = 0; i < count; ++i) {
        const auto start = Clock::now();
        const int socket = connectTo(address, port);
        sendAll(socket, hello);
        awaitByte(socket);
        times.push_back(std::chrono::duration<double, std::micro>(Clock::now() - start).count());
        close(socket);
    }
    std::ranges::sort(times);
    std::printf("%.1f %.1f\n", times[times.size() / 2], times[times.size() * 99 / 100]);
    return 0;
}

int crowd(const char *address, int port, int count)
{
    const auto start = Clock::now();
    std::vector<int> sockets;
    for (int i = 0; i < count; ++i) {
        sockets.push_back(connectTo(address, port));
        sendAll(sockets.back(), "x");
    }
    for (const int socket : sockets)
        awaitByte(socket);
    for (const int socket : sockets)
        sendAll(socket, "y");
    for (const int socket : sockets)
        awaitByte(socket);
    std::printf("%.6f\n", std::chrono::duration<double>(Clock::now() - start).count());
    return 0;
}

} // namespace

int main(int argc, char **argv)
{
    const std::string mode = argc > 1 ? argv[1] : "";
    if (mode == "push" && argc == 4)
        return push(static_cast<int>(numberOf(argv[2])), numberOf(argv[3]));
    if (mode == "connect" && argc == 6)
        return measureConnects(argv[2], static_cast<int>(numberOf(argv[3])), static_cast<int>(numberOf(argv[4])),
                               argv[5]);
    if (mode == "crowd" && argc == 5)
        return crowd(argv[2], static_cast<int>(numberOf(argv[3])), static_cast<int>(numberOf(argv[4])));
    std::fputs("usage: see client.cpp\n", stderr);
    return 2;
}
