// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/guard/connectiontable.h"

#include <cerrno>

#include <sys/epoll.h>
#include <sys/socket.h>

namespace danube::guard {

ConnectionTable::~ConnectionTable()
{
    m_site.loop.stopTimer(m_resume);
    for (EventLoop::WatchId &watch : m_watches)
        m_site.loop.unwatch(watch);
}

void ConnectionTable::listen(FileDescriptor socket)
{
    const int index = static_cast<int>(m_listeners.size());
    m_watches.push_back(m_site.loop.watch(socket.get(), EPOLLIN, *this, index));
    m_listeners.push_back(std::move(socket));
}

void ConnectionTable::onEvents(int tag, uint32_t)
{
    accept(m_listeners[static_cast<size_t>(tag)].get());
}

void ConnectionTable::accept(int listener)
{
    for (int i = 0; i < acceptsAtOnce && !m_isPaused; ++i) {
        if (m_connections.size() >= static_cast<size_t>(m_site.config.limits.connections))
            return pause();
        FileDescriptor client(accept4(listener, nullptr, nullptr, SOCK_NONBLOCK | SOCK_CLOEXEC));
        if (client)
            add(std::move(client));
        else if (errno == EMFILE || errno == ENFILE || errno == ENOMEM || errno == ENOBUFS)
            return pause();
        else if (errno != ECONNABORTED && errno != EINTR)
            return;
    }
}

void ConnectionTable::add(FileDescriptor client)
{
    makeRoom();
    const uint64_t number = ++m_last;
    Connection::Owner owner{
        .decided = [this, number] { m_halfOpen.erase(number); },
        .ended = [this, number] { m_site.loop.post([this, number] { ended(number); }); },
        .later =
            [this, number](std::function<void(Connection &)> task) {
                m_site.loop.post([this, number, run = std::move(task)] {
                    if (const auto found = m_connections.find(number); found != m_connections.end())
                        run(*found->second);
                });
            },
    };
    auto &connection = m_connections[number];
    connection = std::make_unique<Connection>(m_site, std::move(client), std::move(owner));
    m_halfOpen.insert(number);
    connection->start();
}

void ConnectionTable::makeRoom()
{
    if (m_halfOpen.size() < static_cast<size_t>(m_site.config.limits.halfOpen))
        return;
    const uint64_t oldest = *m_halfOpen.begin();
    m_halfOpen.erase(oldest);
    ++m_site.ledger.usage().counts.droppedHalfOpen;
    m_connections.at(oldest)->reset();
}

void ConnectionTable::ended(uint64_t number)
{
    m_halfOpen.erase(number);
    m_connections.erase(number);
    if (m_isPaused)
        resume();
}

void ConnectionTable::pause()
{
    constexpr milliseconds again{200}; // descriptors may be short for another reason than connections
    m_isPaused = true;
    for (EventLoop::WatchId &watch : m_watches)
        m_site.loop.unwatch(watch);
    m_site.loop.stopTimer(m_resume);
    m_resume = m_site.loop.startTimer(again, [this] { resume(); });
}

void ConnectionTable::resume()
{
    m_site.loop.stopTimer(m_resume);
    m_isPaused = false;
    for (size_t i = 0; i < m_listeners.size(); ++i) {
        m_site.loop.unwatch(m_watches[i]);
        m_watches[i] = m_site.loop.watch(m_listeners[i].get(), EPOLLIN, *this, static_cast<int>(i));
    }
}

} // namespace danube::guard
