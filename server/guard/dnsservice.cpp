// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/guard/dnsservice.h"

#include <cerrno>

#include <sys/epoll.h>
#include <sys/socket.h>

namespace danube::guard {

/// One TCP client: queries may come several at once, answers go out in the order that they are known.
class DnsService::Client final : public EventSink
{
public:
    static constexpr size_t maxOutput = 64 << 10;

    Client(DnsService &service, uint64_t number, FileDescriptor socket)
        : m_service(service), m_number(number), m_socket(std::move(socket))
    {
        m_watch = loop().watch(m_socket.get(), EPOLLIN | EPOLLOUT | EPOLLRDHUP | EPOLLET, *this);
        restartTimer();
    }
    ~Client()
    {
        loop().unwatch(m_watch);
        loop().stopTimer(m_timer);
    }
    void send(const std::string &answer)
    {
        m_output += dns::framed(answer);
        if (m_output.size() > maxOutput)
            return end();
        flush();
    }

private:
    EventLoop &loop() { return m_service.m_site.loop; }
    void end()
    {
        loop().post([&service = m_service, number = m_number] { service.m_clients.erase(number); });
    }
    void restartTimer()
    {
        loop().stopTimer(m_timer);
        m_timer = loop().startTimer(clientIdle, [this] { end(); });
    }
    void flush()
    {
        const ssize_t sent = ::send(m_socket.get(), m_output.data(), m_output.size(), MSG_NOSIGNAL);
        if (sent > 0)
            m_output.erase(0, static_cast<size_t>(sent));
        else if (sent < 0 && errno != EAGAIN)
            end();
    }
    void onEvents(int, uint32_t events) override
    {
        if (events & EPOLLOUT && !m_output.empty())
            flush();
        auto &scratch = m_service.m_site.scratch;
        ssize_t got = 0;
        while ((got = recv(m_socket.get(), scratch.data(), scratch.size(), 0)) > 0) {
            restartTimer();
            for (const std::string &message : m_reader.feed({scratch.data(), static_cast<size_t>(got)})) {
                if (!m_service.take(message, sender()))
                    return end();
            }
            if (m_reader.isBroken())
                return end();
        }
        if (got == 0 || errno != EAGAIN)
            end();
    }
    Send sender()
    {
        return [&service = m_service, number = m_number](const std::string &answer) {
            if (const auto found = service.m_clients.find(number); found != service.m_clients.end())
                found->second->send(answer);
        };
    }

    DnsService &m_service;
    uint64_t m_number;
    FileDescriptor m_socket;
    EventLoop::WatchId m_watch;
    EventLoop::TimerId m_timer = EventLoop::noTimer;
    dns::StreamReader m_reader;
    std::string m_output;
};

DnsService::DnsService(Site &site, DnsResponder &responder) : m_site(site), m_responder(responder) {}

DnsService::~DnsService()
{
    for (Socket &socket : m_sockets)
        m_site.loop.unwatch(socket.watch);
}

void DnsService::serveDatagrams(FileDescriptor socket)
{
    const auto watch = m_site.loop.watch(socket.get(), EPOLLIN, *this, static_cast<int>(m_sockets.size()));
    m_sockets.push_back({std::move(socket), watch, false});
}

void DnsService::listen(FileDescriptor socket)
{
    const auto watch = m_site.loop.watch(socket.get(), EPOLLIN, *this, static_cast<int>(m_sockets.size()));
    m_sockets.push_back({std::move(socket), watch, true});
}

void DnsService::onEvents(int tag, uint32_t)
{
    const auto index = static_cast<size_t>(tag);
    if (m_sockets[index].isStream)
        accept(m_sockets[index]);
    else
        receive(index);
}

void DnsService::receive(size_t index)
{
    constexpr int atOnce = 64;
    const int socket = m_sockets[index].descriptor.get();
    for (int i = 0; i < atOnce; ++i) {
        sockaddr_storage from{};
        socklen_t length = sizeof from;
        auto &scratch = m_site.scratch;
        const ssize_t got =
            recvfrom(socket, scratch.data(), scratch.size(), 0, reinterpret_cast<sockaddr *>(&from), &length);
        if (got < 0)
            return;
        take({scratch.data(), static_cast<size_t>(got)}, [socket, from, length](const std::string &answer) {
            // A full buffer loses it, as networks do; the client asks again.
            sendto(socket, answer.data(), answer.size(), 0, reinterpret_cast<const sockaddr *>(&from), length);
        });
    }
}

void DnsService::accept(const Socket &socket)
{
    FileDescriptor client(accept4(socket.descriptor.get(), nullptr, nullptr, SOCK_NONBLOCK | SOCK_CLOEXEC));
    if (!client)
        return;
    if (m_clients.size() >= maxClients)
        m_clients.erase(m_clients.begin());
    const uint64_t number = ++m_last;
    m_clients.emplace(number, std::make_unique<Client>(*this, number, std::move(client)));
}

bool DnsService::spend()
{
    const SteadyTime now = m_site.loop.now();
    const double passed = std::chrono::duration<double>(now - std::exchange(m_refilled, now)).count();
    m_tokens = std::min(burst, m_tokens + passed * perSecond);
    if (m_tokens < 1)
        return false;
    m_tokens -= 1;
    return true;
}

bool DnsService::take(std::string_view message, Send send)
{
    if (!spend()) {
        ++m_site.ledger.usage().counts.droppedQueries;
        return false;
    }
    m_site.ledger.countQuery();
    DnsResponder::Step step = m_responder.take(message);
    if (!step.isListed)
        m_site.ledger.unlistedQuery(step.query.name);
    if (step.kind == DnsResponder::Step::Kind::Reply)
        send(step.reply);
    if (step.kind != DnsResponder::Step::Kind::Look)
        return true;
    m_site.addresses.lookUp(step.query.name,
                            [this, query = step.query, answer = std::move(send)](const Lookup &lookup) {
                                if (lookup.outcome == Lookup::Outcome::Forbidden)
                                    m_site.ledger.forbiddenName(query.name, lookup.forbidden);
                                answer(m_responder.finish(query, lookup));
                            });
    return true;
}

} // namespace danube::guard
