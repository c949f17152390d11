// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/bench/ingest/tlssocket.h"

#include <arpa/inet.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>

namespace danube::bench {
namespace {

constexpr size_t headLimit = 64 << 10;

[[noreturn]] void die(const char *what)
{
    perror(what);
    exit(2);
}

sockaddr_in loopback(unsigned short port)
{
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    return address;
}

} // namespace

TlsSocket::~TlsSocket()
{
    SSL_free(m_ssl);
    close(m_descriptor);
}

size_t TlsSocket::read(char *data, size_t size)
{
    size_t got = 0;
    return SSL_read_ex(m_ssl, data, size, &got) == 1 ? got : 0;
}

bool TlsSocket::writeAll(std::string_view bytes)
{
    size_t written = 0;
    while (!bytes.empty() && SSL_write_ex(m_ssl, bytes.data(), bytes.size(), &written) == 1)
        bytes.remove_prefix(written);
    return bytes.empty();
}

void TlsSocket::endWriting()
{
    constexpr timeval patience{.tv_sec = 10, .tv_usec = 0};
    setsockopt(m_descriptor, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
    shutdown(m_descriptor, SHUT_WR);
    char buffer[4096];
    while (::read(m_descriptor, buffer, sizeof buffer) > 0) {
    }
}

std::string TlsSocket::readHead(std::string &rest)
{
    std::string head = std::move(rest);
    rest.clear();
    char buffer[4096];
    while (head.size() < headLimit) {
        if (const auto end = head.find("\r\n\r\n"); end != std::string::npos) {
            rest = head.substr(end + 4);
            head.resize(end + 4);
            return head;
        }
        const size_t got = read(buffer, sizeof buffer);
        if (got == 0)
            return {};
        head.append(buffer, got);
    }
    return {};
}

int listenOnLoopback(unsigned short &port)
{
    const int descriptor = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_in address = loopback(0);
    socklen_t size = sizeof address;
    auto *plain = reinterpret_cast<sockaddr *>(&address);
    if (descriptor < 0 || bind(descriptor, plain, size) != 0 || listen(descriptor, 16) != 0)
        die("listen on 127.0.0.1");
    getsockname(descriptor, plain, &size);
    port = ntohs(address.sin_port);
    return descriptor;
}

int connectToLoopback(unsigned short port)
{
    const int descriptor = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_in address = loopback(port);
    if (descriptor < 0 || connect(descriptor, reinterpret_cast<sockaddr *>(&address), sizeof address) != 0)
        die("connect to 127.0.0.1");
    const int on = 1;
    setsockopt(descriptor, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    return descriptor;
}

} // namespace danube::bench
