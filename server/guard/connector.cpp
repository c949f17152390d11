// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/guard/connector.h"

#include "server/guard/addressrules.h"

#include <algorithm>
#include <cerrno>

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/epoll.h>
#include <sys/socket.h>

namespace danube::guard {
namespace {

/// IPv6 first, then in turn.
std::vector<Endpoint> interleaved(const std::vector<Endpoint> &endpoints)
{
    std::vector<Endpoint> six;
    std::vector<Endpoint> four;
    for (const Endpoint &endpoint : endpoints)
        (endpoint.address.isV6 ? six : four).push_back(endpoint);
    std::vector<Endpoint> order;
    for (size_t i = 0; i < std::max(six.size(), four.size()) && order.size() < Connector::maxAddresses; ++i) {
        if (i < six.size())
            order.push_back(six[i]);
        if (i < four.size())
            order.push_back(four[i]);
    }
    return order;
}

} // namespace

class Connector::Attempt final : public EventSink
{
public:
    explicit Attempt(Connector &owner) : m_owner(owner) {}
    ~Attempt()
    {
        m_owner.m_loop.unwatch(m_watch);
        m_owner.m_loop.stopTimer(m_timer);
    }

    /// 0 or errno.
    int start(const Endpoint &endpoint)
    {
        sockaddr_storage address{};
        const socklen_t length = endpoint.write(address);
        m_socket = FileDescriptor(socket(address.ss_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
        if (!m_socket)
            return errno;
        const int on = 1;
        setsockopt(m_socket.get(), IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
        setsockopt(m_socket.get(), SOL_SOCKET, SO_KEEPALIVE, &on, sizeof on);
        // BBR paces on loopback, too; a server of this machine has no way that could be congested.
        constexpr std::string_view unpaced = "reno";
        if (addressKind(endpoint.address) == AddressKind::Loopback)
            setsockopt(m_socket.get(), IPPROTO_TCP, TCP_CONGESTION, unpaced.data(), unpaced.size());
        if (connect(m_socket.get(), reinterpret_cast<sockaddr *>(&address), length) < 0 && errno != EINPROGRESS)
            return errno;
        m_watch = m_owner.m_loop.watch(m_socket.get(), EPOLLOUT, *this);
        m_timer = m_owner.m_loop.startTimer(m_owner.m_timeout, [this] { m_owner.failed(*this, ETIMEDOUT); });
        return 0;
    }
    void stop()
    {
        m_owner.m_loop.unwatch(m_watch);
        m_owner.m_loop.stopTimer(m_timer);
        m_socket.reset();
    }

private:
    void onEvents(int, uint32_t) override
    {
        int error = 0;
        socklen_t length = sizeof error;
        if (getsockopt(m_socket.get(), SOL_SOCKET, SO_ERROR, &error, &length) < 0)
            error = errno;
        if (error != 0)
            return m_owner.failed(*this, error);
        m_owner.m_loop.unwatch(m_watch);
        m_owner.m_loop.stopTimer(m_timer);
        m_owner.finish(std::move(m_socket), 0);
    }

    Connector &m_owner;
    FileDescriptor m_socket;
    EventLoop::WatchId m_watch;
    EventLoop::TimerId m_timer = EventLoop::noTimer;
};

Connector::Connector(EventLoop &loop, const std::vector<Endpoint> &endpoints, milliseconds timeout, Done done)
    : m_loop(loop),
      m_endpoints(interleaved(endpoints)),
      m_timeout(timeout),
      m_done(std::move(done)),
      m_lastError(EADDRNOTAVAIL)
{
    tryNext();
}

Connector::~Connector()
{
    m_loop.stopTimer(m_stagger);
}

void Connector::tryNext()
{
    m_loop.stopTimer(m_stagger);
    while (m_next < m_endpoints.size()) {
        auto &attempt = m_attempts.emplace_back(std::make_unique<Attempt>(*this));
        const int error = attempt->start(m_endpoints[m_next++]);
        if (error == 0) {
            ++m_running;
            if (m_next < m_endpoints.size())
                m_stagger = m_loop.startTimer(stagger, [this] { tryNext(); });
            return;
        }
        m_lastError = error;
    }
    if (m_running == 0) // in a turn of its own: the constructor may be the caller
        m_stagger = m_loop.startTimer(milliseconds(0), [this] { finish({}, m_lastError); });
}

void Connector::failed(Attempt &attempt, int error)
{
    attempt.stop();
    --m_running;
    m_lastError = error;
    tryNext();
}

void Connector::finish(FileDescriptor socket, int error)
{
    m_loop.stopTimer(m_stagger);
    // On the stack of an attempt or a timer of this object: the caller hears of it afterwards.
    for (const auto &attempt : m_attempts)
        attempt->stop();
    auto done = std::move(m_done);
    done(std::move(socket), error);
}

} // namespace danube::guard
