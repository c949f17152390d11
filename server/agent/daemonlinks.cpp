// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/agent/daemon.h"

#include "server/agent/processtree.h"

#include <sys/random.h>
#include <sys/socket.h>

#include <algorithm>

// The daemon's connections: who may connect, who has the lease, what goes out.
namespace danube::agent {
namespace {

constexpr int acceptsPerTurn = 16;
constexpr std::ptrdiff_t maxUnproven = 8;
constexpr std::size_t sendTarget = 256U << 10;
constexpr int sendRounds = 16;

Nonce freshNonce()
{
    Nonce nonce{};
    if (getentropy(nonce.data(), nonce.size()) != 0)
        abort();
    return nonce;
}

// In a user namespace that has no place for the master's user (danube-sandbox), that user shows as nobody. The
// directory's mode keeps every other user away; whoever comes must prove to have the key besides.
bool isMaster(uid_t peer, uid_t self)
{
    constexpr uid_t unmapped = 65'534; // /proc/sys/kernel/overflowuid
    return peer == self || peer == 0 || peer == unmapped;
}

} // namespace

// A step of the same user can reach the socket. It would get nowhere without the key, but it must not take the places
// of those who have it: whoever is below us, or gone before we looked, is turned away at once.
bool Daemon::isWelcome(int socket) const
{
    ucred peer{};
    socklen_t size = sizeof peer;
    if (getsockopt(socket, SOL_SOCKET, SO_PEERCRED, &peer, &size) != 0 || !isMaster(peer.uid, geteuid()))
        return false;
    if (peer.pid == 0)
        return true; // from outside our PID namespace, where no step is
    const std::string process = "/proc/" + std::to_string(peer.pid);
    return access(process.c_str(), F_OK) == 0 && !isAtOrBelow(peer.pid, getpid());
}

void Daemon::acceptFrom(int listener)
{
    for (int i = 0; i < acceptsPerTurn; ++i) {
        Descriptor socket(accept4(listener, nullptr, nullptr, SOCK_CLOEXEC | SOCK_NONBLOCK));
        if (!socket.isOpen()) {
            // Whoever waits would wake us again and again; the next guard turn listens anew.
            if (errno == EMFILE || errno == ENFILE || errno == ENOMEM || errno == ENOBUFS)
                setDeaf(true);
            return;
        }
        if (!isWelcome(socket.get()))
            continue;
        m_connections.push_back(std::make_unique<Connection>(m_loop, std::move(socket), m_key, m_bootId, freshNonce()));
        m_connections.back()->flush();
        limitUnproven();
    }
}

void Daemon::limitUnproven()
{
    const auto isUnproven = [](const auto &connection) { return !connection->isUp() && !connection->isGone(); };
    if (std::ranges::count_if(m_connections, isUnproven) > maxUnproven)
        (*std::ranges::find_if(m_connections, isUnproven))->drop();
}

void Daemon::serveConnections(SteadyMs now)
{
    for (const auto &connection : m_connections) {
        connection->onTime(now);
        if (connection->isUp() && connection.get() != m_lease && !connection->isGone())
            takeLease(*connection);
        for (const Command &command : connection->takeCommands()) {
            if (connection.get() == m_lease)
                std::visit([this](const auto &message) { handle(message); }, command);
        }
    }
    if (m_lease && m_lease->isGone()) {
        m_lease = nullptr;
        m_sender.closeAll();
    }
    std::erase_if(m_connections, [](const auto &connection) { return connection->isGone(); });
}

void Daemon::takeLease(Connection &connection)
{
    if (m_lease)
        m_lease->drop();
    m_lease = &connection;
    m_sender.closeAll();
    Ready ready;
    for (const auto &[number, run] : m_steps)
        ready.steps.push_back(run->known());
    connection.link().send(ready);
}

void Daemon::sendToLease()
{
    m_hasMoreToSend = false;
    if (!m_lease || m_lease->isGone())
        return;
    for (int round = 0; round < sendRounds; ++round) {
        m_sender.fill(m_lease->link(), sendTarget);
        const bool isFull = m_lease->link().output().size() >= sendTarget;
        m_lease->flush();
        if (!isFull || m_lease->isGone() || !m_lease->link().output().empty())
            return;
    }
    m_hasMoreToSend = true; // the other descriptors first
}

} // namespace danube::agent
