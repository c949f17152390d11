// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/guard/connection.h"

#include "server/guard/hostname.h"

#include <cerrno>
#include <cstring>

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/epoll.h>
#include <sys/socket.h>

using namespace Qt::StringLiterals;

namespace danube::guard {
namespace {

constexpr uint32_t watched = EPOLLIN | EPOLLOUT | EPOLLRDHUP | EPOLLET;

void resetOnClose(const FileDescriptor &socket)
{
    const linger now{1, 0};
    if (socket)
        setsockopt(socket.get(), SOL_SOCKET, SO_LINGER, &now, sizeof now);
}

void note(Side &side, uint32_t events)
{
    constexpr uint32_t ends = EPOLLERR | EPOLLHUP;
    side.isReadable = side.isReadable || (events & (EPOLLIN | EPOLLRDHUP | ends)) != 0;
    side.isWritable = side.isWritable || (events & (EPOLLOUT | ends)) != 0;
}

} // namespace

Connection::Connection(Site &site, FileDescriptor client, Owner owner)
    : m_site(site),
      m_owner(std::move(owner)),
      m_clientSocket(std::move(client)),
      m_up(site.pipes, site.scratch),
      m_down(site.pipes, site.scratch)
{
    m_client.descriptor = m_clientSocket.get();
}

Connection::~Connection()
{
    m_site.loop.unwatch(m_clientWatch);
    m_site.loop.unwatch(m_upstreamWatch);
    m_site.loop.stopTimer(m_timer);
    m_site.loop.stopTimer(m_patience);
}

void Connection::start()
{
    const auto local = Endpoint::ofSocket(m_clientSocket.get());
    if (!local)
        return end();
    m_address = local->address;
    m_port = local->port;
    const std::string *name = m_site.names.nameOf(m_address);
    if (!name)
        return refuse("no-name", u"%1 is no address that a look-up of this job gave"_s.arg(toQString(m_address.text())),
                      {});
    m_name = *name;
    if (!m_site.policy.isAllowed(m_name, m_port)) {
        m_hasObjected = true;
        m_site.ledger.unlisted(m_name, m_address, m_port);
        if (!m_site.isAudit())
            return reset();
    }
    const int on = 1;
    setsockopt(m_clientSocket.get(), IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    const Speech speech = m_site.policy.isMaster(m_name) ? Speech::Free : speechOf(m_port);
    m_gate.emplace(m_name, m_port, speech, m_site.config.encryptedHello);
    m_clientWatch = m_site.loop.watch(m_client.descriptor, watched, *this, Client);
    limitHello();
    if (m_gate->mayServerSpeakFirst() || m_site.isAudit())
        m_patience = m_site.loop.startTimer(patience, [this] { reachOut(); });
    hear();
}

void Connection::limitHello()
{
    m_site.loop.stopTimer(m_timer);
    m_timer = m_site.loop.startTimer(m_site.config.limits.hello, [this] {
        if (m_gate->hasHeard())
            refuse("unnamed", u"nothing that names a host came in time (the address is of %1)"_s.arg(toQString(m_name)),
                   {});
        else
            reset(); // opened in advance and not used
    });
}

void Connection::onEvents(int tag, uint32_t events)
{
    note(tag == Client ? m_client : m_upstream, events);
    switch (m_state) {
    case State::Hearing:
        if (tag == Client)
            hear();
        else
            relayIfReady();
        break;
    case State::Relaying:
        move();
        break;
    case State::Lingering:
        linger();
        break;
    case State::Ended:
        break;
    }
}

/// Reads until the gate has decided; what comes after that is left to the pump.
void Connection::hear()
{
    while (m_state == State::Hearing && m_gate->state() == Gate::State::More && m_client.isReadable && !m_clientEnded) {
        const ssize_t got = recv(m_client.descriptor, m_site.scratch.data(), m_site.scratch.size(), 0);
        if (got > 0) {
            if (!m_gate->hasHeard())
                limitHello();
            m_gate->feed({m_site.scratch.data(), static_cast<size_t>(got)});
            continue;
        }
        m_client.isReadable = got < 0 && errno != EAGAIN && errno != EINTR;
        if (got == 0 && !m_gate->hasHeard() && m_gate->mayServerSpeakFirst()) {
            m_clientEnded = true; // it only wants to listen
            m_up.endSource();
            return reachOut();
        }
        if (got == 0 || m_client.isReadable)
            return end();
    }
    if (m_state == State::Hearing && m_gate->state() != Gate::State::More)
        judged();
}

void Connection::judged()
{
    m_site.loop.stopTimer(m_patience);
    if (m_gate->state() == Gate::State::Shut)
        object();
    if (m_state == State::Hearing) {
        reachOut();
        relayIfReady();
    }
}

const std::string &Connection::objectedHost() const
{
    return m_gate->namedHost().empty() ? m_name : m_gate->namedHost();
}

void Connection::object()
{
    const std::string_view word =
        m_gate->namedHost().empty() || m_gate->namedHost() == m_name ? "unnamed" : "other-name";
    const QString sentence = u"%1 (the address is of %2)"_s.arg(toQString(m_gate->reason()), toQString(m_name));
    if (!m_site.isAudit())
        return refuse(word, sentence, m_gate->refusal());
    if (!std::exchange(m_hasObjected, true))
        m_site.ledger.objection(objectedHost(), m_address, m_port, word, sentence);
}

void Connection::refuse(std::string_view word, const QString &sentence, std::string reply)
{
    m_site.ledger.refused(m_gate ? objectedHost() : m_name, m_address, m_port, word, sentence);
    if (reply.empty())
        return reset();
    m_site.loop.stopTimer(m_timer);
    m_site.loop.stopTimer(m_patience);
    m_connector.reset();
    m_state = State::Lingering;
    send(m_client.descriptor, reply.data(), reply.size(), MSG_NOSIGNAL);
    shutdown(m_client.descriptor, SHUT_WR);
    m_timer = m_site.loop.startTimer(lingering, [this] { reset(); });
    linger();
}

/// Closing with unread bytes would send RST, which takes the refusal away from the client.
void Connection::linger()
{
    constexpr int most = 16;
    for (int i = 0; i < most; ++i) {
        const ssize_t got = recv(m_client.descriptor, m_site.scratch.data(), m_site.scratch.size(), 0);
        if (got > 0)
            continue;
        if (got < 0 && errno == EAGAIN)
            return;
        return end();
    }
    reset();
}

void Connection::reachOut()
{
    if (std::exchange(m_isReachingOut, true))
        return;
    m_site.addresses.lookUp(m_name, [later = m_owner.later](Lookup lookup) {
        later([found = std::move(lookup)](Connection &connection) { connection.connectTo(found); });
    });
}

void Connection::connectTo(const Lookup &lookup)
{
    if (m_state != State::Hearing)
        return;
    if (lookup.outcome == Lookup::Outcome::Forbidden)
        return refuse("private-address",
                      u"%1 leads to %2, which jobs do not reach"_s.arg(toQString(m_name), toQString(lookup.forbidden)),
                      {});
    if (lookup.outcome != Lookup::Outcome::Found)
        return reset(); // the network's failure, nobody's refusal
    std::vector<Endpoint> endpoints = lookup.endpoints;
    for (Endpoint &endpoint : endpoints)
        endpoint.port = endpoint.port == 0 ? m_port : endpoint.port;
    m_connector =
        std::make_unique<Connector>(m_site.loop, std::move(endpoints), m_site.config.limits.connect,
                                    [this](FileDescriptor socket, int error) { connected(std::move(socket), error); });
}

void Connection::connected(FileDescriptor socket, int error)
{
    if (error != 0 || m_state != State::Hearing)
        return reset();
    m_upstreamSocket = std::move(socket);
    m_upstream.descriptor = m_upstreamSocket.get();
    m_upstream.isReadable = false; // until epoll says so: a server that speaks first opens the gate
    m_upstreamWatch = m_site.loop.watch(m_upstream.descriptor, watched, *this, Upstream);
    if (m_gate->mayServerSpeakFirst() && !m_gate->hasHeard())
        watchIdle(); // either side may be the first to speak, and may take its time
    relayIfReady();
}

void Connection::relayIfReady()
{
    if (m_state != State::Hearing || !m_upstreamSocket)
        return;
    if (m_upstream.isReadable)
        m_gate->serverSpoke();
    const bool isDecided = m_gate->state() != Gate::State::More || m_clientEnded;
    // In audit mode nothing is held back for long: a server that speaks first on port 443 is let through.
    if (isDecided || (m_site.isAudit() && m_upstream.isReadable))
        relay();
}

void Connection::relay()
{
    m_site.loop.stopTimer(m_timer);
    m_site.loop.stopTimer(m_patience);
    m_state = State::Relaying;
    if (!m_hasObjected)
        m_site.ledger.forwarded(m_name, m_address, m_port);
    else
        ++m_site.ledger.usage().reached(m_name, m_port).connections;
    m_up.push(m_site.isAudit() ? m_gate->takeRaw() : m_gate->takePassed());
    if (m_gate->requests())
        m_up.setFilter([this](std::string_view bytes, std::string &out) { return filter(bytes, out); });
    m_owner.decided();
    watchIdle();
    move();
}

bool Connection::filter(std::string_view bytes, std::string &out)
{
    HostReader &requests = *m_gate->requests();
    if (m_site.isAudit())
        out = bytes;
    if (requests.isRefused())
        return m_site.isAudit();
    std::string passed;
    const bool isGood = requests.feed(bytes, m_site.isAudit() ? passed : out);
    if (isGood)
        return true;
    const QString sentence = u"%1 (the address is of %2)"_s.arg(toQString(requests.defect()), toQString(m_name));
    const std::string &host = requests.host().empty() ? m_name : requests.host();
    if (!std::exchange(m_hasObjected, true))
        m_site.ledger.objection(host, m_address, m_port, host == m_name ? "unnamed" : "other-name", sentence);
    return m_site.isAudit();
}

void Connection::move()
{
    if (m_state != State::Relaying)
        return;
    const Pump::State up = m_up.run(m_client, m_upstream);
    const Pump::State down = up == Pump::State::Broken ? up : m_down.run(m_upstream, m_client);
    account();
    if (up == Pump::State::Broken || down == Pump::State::Broken)
        return reset();
    if (up == Pump::State::Ended && down == Pump::State::Ended)
        return end();
    if ((up == Pump::State::Busy || down == Pump::State::Busy) && !std::exchange(m_isMovePosted, true)) {
        m_owner.later([](Connection &connection) {
            connection.m_isMovePosted = false;
            connection.move();
        });
    }
}

void Connection::account()
{
    Usage::Traffic &traffic = m_site.ledger.usage().reached(m_name, m_port);
    traffic.sent += m_up.moved() - std::exchange(m_accountedUp, m_up.moved());
    traffic.received += m_down.moved() - std::exchange(m_accountedDown, m_down.moved());
}

void Connection::watchIdle()
{
    const milliseconds idle = m_site.config.limits.idle;
    m_site.loop.stopTimer(m_timer);
    m_timer = m_site.loop.startTimer(idle, [this] {
        const uint64_t moved = m_up.moved() + m_down.moved();
        if (moved == std::exchange(m_lastMoved, moved))
            return reset();
        watchIdle();
    });
}

void Connection::reset()
{
    resetOnClose(m_clientSocket);
    resetOnClose(m_upstreamSocket);
    end();
}

void Connection::end()
{
    if (std::exchange(m_state, State::Ended) == State::Ended)
        return;
    m_site.loop.unwatch(m_clientWatch);
    m_site.loop.unwatch(m_upstreamWatch);
    m_site.loop.stopTimer(m_timer);
    m_site.loop.stopTimer(m_patience);
    m_owner.ended();
}

} // namespace danube::guard
