// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/agent/connection.h"

#include <sys/socket.h>

namespace danube::agent {
namespace {

// Answers that nobody reads: beyond this the link's commands are not read either.
constexpr std::size_t maxBacklog = 4U << 20;

} // namespace

Connection::Connection(EventLoop &loop, Descriptor socket, ContainerKey &key, const BootId &bootId, const Nonce &nonce)
    : m_loop(loop), m_socket(std::move(socket)), m_link(key, bootId, nonce)
{
    if (!m_loop.add(m_socket.get(), m_interest, *this))
        m_isGone = true;
}

Connection::~Connection()
{
    drop();
}

void Connection::drop()
{
    m_isGone = true;
    if (!m_socket.isOpen())
        return;
    m_loop.remove(m_socket.get(), *this);
    m_socket.close();
}

void Connection::onReady(std::uint32_t events)
{
    if (events & (EPOLLIN | EPOLLHUP | EPOLLERR))
        read();
    if (!m_isGone && (events & EPOLLOUT))
        flush();
}

void Connection::read()
{
    static std::array<std::uint8_t, 64U << 10> buffer;
    const std::size_t room = isUp() ? buffer.size() : maxHandshakeFrameSize;
    const ssize_t count = recv(m_socket.get(), buffer.data(), room, 0);
    if (count < 0 && (errno == EAGAIN || errno == EINTR))
        return;
    if (count <= 0)
        return drop();
    m_heardAt = steadyMs();
    const bool isGood = m_link.feed(ByteView(buffer.data(), static_cast<std::size_t>(count)), m_commands);
    if (!isUp())
        explicit_bzero(buffer.data(), static_cast<std::size_t>(count)); // it may have held the key
    if (!isGood)
        drop();
}

void Connection::flush()
{
    while (!m_isGone && !m_link.output().empty()) {
        const ByteView bytes = m_link.output();
        const ssize_t count = send(m_socket.get(), bytes.data(), bytes.size(), MSG_NOSIGNAL | MSG_DONTWAIT);
        if (count < 0 && errno == EINTR)
            continue;
        if (count < 0 && errno == EAGAIN)
            break;
        if (count <= 0)
            return drop();
        m_link.consume(static_cast<std::size_t>(count));
    }
    watch();
}

void Connection::watch()
{
    const std::size_t backlog = m_link.output().size();
    const std::uint32_t interest = (backlog < maxBacklog ? EPOLLIN : 0U) | (backlog > 0 ? EPOLLOUT : 0U);
    if (m_isGone || interest == m_interest)
        return;
    m_interest = interest;
    m_loop.modify(m_socket.get(), interest, *this);
}

SteadyMs Connection::deadline() const
{
    return isUp() ? m_heardAt + silenceLimitSeconds * 1000 : m_acceptedAt + handshakeLimitSeconds * 1000;
}

void Connection::onTime(SteadyMs now)
{
    if (!m_isGone && now >= deadline())
        drop();
}

} // namespace danube::agent
