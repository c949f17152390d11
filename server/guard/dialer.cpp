// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/guard/dialer.h"

#include "server/guard/passing.h"

#include <cerrno>
#include <cstring>
#include <string>

#include <fcntl.h>
#include <sys/epoll.h>

namespace danube::guard {

Dialer::Dialer(EventLoop &loop, FileDescriptor socket, std::optional<Endpoint> rpc)
    : m_loop(loop), m_socket(std::move(socket)), m_rpc(rpc)
{
    m_watch = m_loop.watch(m_socket.get(), EPOLLIN, *this);
}

Dialer::~Dialer()
{
    m_loop.unwatch(m_watch);
}

void Dialer::onEvents(int, uint32_t)
{
    constexpr size_t maxMessage = 64;
    const auto message = receiveDatagram(m_socket.get(), maxMessage);
    if (message && message->bytes == "dial\n")
        dial();
    else if (message || message.error() == EMSGSIZE)
        sendDatagram(m_socket.get(), "error expected dial\n");
    else if (message.error() != EAGAIN)
        m_loop.unwatch(m_watch);
}

void Dialer::dial()
{
    if (!m_rpc || m_dials.size() >= maxDials) {
        sendDatagram(m_socket.get(), m_rpc ? "error too many at once\n" : "error no RPC address\n");
        return;
    }
    const uint64_t number = ++m_last;
    m_dials[number] = std::make_unique<Connector>(
        m_loop, std::vector{*m_rpc}, timeout,
        [this, number](FileDescriptor socket, int error) { answer(number, std::move(socket), error); });
}

void Dialer::answer(uint64_t number, FileDescriptor socket, int error)
{
    if (socket && fcntl(socket.get(), F_SETFL, 0) < 0)
        error = errno;
    if (error == 0)
        sendDatagram(m_socket.get(), "ok\n", socket.get());
    else
        sendDatagram(m_socket.get(), std::string("error ") + strerrordesc_np(error) + '\n');
    m_loop.post([this, number] { m_dials.erase(number); }); // its own function is on the stack
}

} // namespace danube::guard
