// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/guard/dnsresolver.h"

#include <array>

#include <sys/epoll.h>
#include <sys/random.h>
#include <sys/socket.h>

namespace danube::guard {
namespace {

constexpr std::array types{dns::type::a, dns::type::aaaa};

uint16_t randomId()
{
    uint16_t id = 0;
    return getrandom(&id, sizeof id, 0) == sizeof id ? id : static_cast<uint16_t>(0x5ca1);
}

} // namespace

/// One name: two queries until both are answered.
class DnsResolver::Question final : public EventSink
{
public:
    Question(DnsResolver &owner, uint64_t number, std::string name, Done done)
        : m_owner(owner), m_loop(owner.m_loop), m_number(number), m_name(std::move(name)), m_done(std::move(done))
    {
        for (uint16_t &id : m_ids)
            id = randomId();
    }
    ~Question()
    {
        m_loop.unwatch(m_watch);
        m_loop.stopTimer(m_timer);
    }

    void start()
    {
        sockaddr_storage address{};
        const socklen_t length = m_owner.m_server.write(address);
        m_socket = FileDescriptor(socket(address.ss_family, SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
        if (!m_socket || connect(m_socket.get(), reinterpret_cast<sockaddr *>(&address), length) < 0)
            return m_owner.finish(m_number, {});
        m_watch = m_loop.watch(m_socket.get(), EPOLLIN, *this);
        ask();
    }
    Done takeDone() { return std::move(m_done); }

private:
    void ask()
    {
        if (m_tries++ == tries)
            return m_owner.finish(m_number, {});
        for (size_t i = 0; i < types.size(); ++i) {
            if (!m_hasAnswer[i]) {
                const std::string query = dns::writeQuery(m_ids[i], m_name, types[i]);
                send(m_socket.get(), query.data(), query.size(), 0); // lost or not: the timer asks again
            }
        }
        m_timer = m_loop.startTimer(patience, [this] { ask(); });
    }

    void onEvents(int, uint32_t) override
    {
        std::array<char, 4096> buffer{};
        while (true) {
            const ssize_t size = recv(m_socket.get(), buffer.data(), buffer.size(), 0);
            if (size < 0)
                break;
            if (const auto reply = dns::readReply(std::string_view(buffer.data(), static_cast<size_t>(size))))
                take(*reply);
        }
        if (m_hasAnswer[0] && m_hasAnswer[1])
            m_owner.finish(m_number, result());
    }

    void take(const dns::Reply &reply)
    {
        for (size_t i = 0; i < types.size(); ++i) {
            if (m_hasAnswer[i] || reply.id != m_ids[i] || reply.type != types[i] || reply.name != m_name)
                continue;
            m_hasAnswer[i] = true;
            m_hasFailed = m_hasFailed || (reply.code != dns::Code::NoError && reply.code != dns::Code::NxDomain);
            for (const IpAddress &address : reply.addresses)
                m_lookup.endpoints.push_back({address, 0});
            if (!reply.addresses.empty())
                m_lookup.ttl = m_lookup.ttl.count() == 0 ? reply.ttl : std::min(m_lookup.ttl, reply.ttl);
        }
    }

    Lookup result()
    {
        m_lookup.outcome = !m_lookup.endpoints.empty() ? Lookup::Outcome::Found
                           : m_hasFailed               ? Lookup::Outcome::Failed
                                                       : Lookup::Outcome::NoSuchName;
        return std::move(m_lookup);
    }

    DnsResolver &m_owner;
    EventLoop &m_loop; // outlives the owner
    uint64_t m_number;
    std::string m_name;
    Done m_done;
    std::array<uint16_t, 2> m_ids{};
    std::array<bool, 2> m_hasAnswer{};
    bool m_hasFailed = false;
    int m_tries = 0;
    Lookup m_lookup;
    FileDescriptor m_socket;
    EventLoop::WatchId m_watch;
    EventLoop::TimerId m_timer = EventLoop::noTimer;
};

DnsResolver::DnsResolver(EventLoop &loop, const Endpoint &server) : m_loop(loop), m_server(server) {}

DnsResolver::~DnsResolver() = default;

void DnsResolver::lookUp(const std::string &name, Done done)
{
    if (m_questions.size() >= maxWaiting)
        return done({});
    const uint64_t number = ++m_last;
    auto &question = m_questions[number];
    question = std::make_unique<Question>(*this, number, name, std::move(done));
    question->start();
}

void DnsResolver::finish(uint64_t number, Lookup lookup)
{
    const auto found = m_questions.find(number);
    if (found == m_questions.end())
        return;
    // The question is on the stack still: it goes in the next turn.
    m_loop.post([this, gone = std::move(found->second), answer = std::move(lookup)]() mutable {
        auto done = gone->takeDone();
        gone.reset();
        done(std::move(answer));
    });
    m_questions.erase(found);
}

} // namespace danube::guard
