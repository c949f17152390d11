// SPDX-License-Identifier: GPL-3.0-or-later
// The far end of bench_guard, on a port of its own that it prints: "sink" reads to the end and then says one byte;
// "answer" says one byte for each piece that it reads.
#include <array>
#include <cstdio>
#include <string>
#include <thread>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <unistd.h>

namespace {

void serve(int socket, bool isSink)
{
    const int on = 1;
    setsockopt(socket, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    thread_local std::array<char, 256 << 10> buffer;
    while (recv(socket, buffer.data(), isSink ? buffer.size() : 16'384, 0) > 0) {
        if (!isSink)
            send(socket, "!", 1, MSG_NOSIGNAL);
    }
    if (isSink)
        send(socket, "!", 1, MSG_NOSIGNAL);
    close(socket);
}

} // namespace

int main(int argc, char **argv)
{
    const bool isSink = argc > 1 && std::string(argv[1]) == "sink";
    const int listener = socket(AF_INET, SOCK_STREAM, 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t length = sizeof address;
    if (bind(listener, reinterpret_cast<sockaddr *>(&address), length) < 0 || listen(listener, 4096) < 0 ||
        getsockname(listener, reinterpret_cast<sockaddr *>(&address), &length) < 0)
        return 1;
    std::printf("%d\n", ntohs(address.sin_port));
    std::fflush(stdout);
    while (true) {
        const int socket = accept(listener, nullptr, nullptr);
        if (socket >= 0)
            std::thread(serve, socket, isSink).detach();
    }
}
