// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/http/connectionpool.h"

#include <unistd.h>

using namespace Qt::StringLiterals;

namespace danube::http {
namespace {

constexpr int refusedAtOnce = 64; // connections beyond the bound that still hear why, or read why; more are cut

} // namespace

ConnectionPool::ConnectionPool(HttpLimits limits, const Clock &clock, metrics::Metrics &metrics)
    : m_limits(limits),
      m_clock(clock),
      m_metrics(metrics),
      m_gauge(metrics.gauge("danube_http_connections", "Open REST connections, without streams")),
      m_displaced(metrics.counter("danube_http_displaced_total",
                                  "Connections that kept the master waiting, ended to make room for others"))
{
    const auto shortest = std::min({limits.headTime, limits.bodyTime, limits.idleTime, limits.lingerTime});
    m_sweep.setInterval(std::clamp(shortest / 4, milliseconds(20), milliseconds(500)));
    connect(&m_sweep, &QTimer::timeout, this, &ConnectionPool::sweep);
}

ConnectionPool::~ConnectionPool()
{
    closeAll();
}

void ConnectionPool::closeAll()
{
    const auto connections = std::exchange(m_connections, {});
    for (Connection *connection : connections) {
        connection->disconnect(this);
        delete connection;
    }
}

void ConnectionPool::admit(qintptr descriptor, Introduce introduce)
{
    const Place place = findPlace();
    if (place == Place::None) {
        countRefusal(503);
        ::close(static_cast<int>(descriptor));
        return;
    }
    auto *connection = new Connection(++m_lastId, descriptor, m_limits, m_clock, m_held);
    m_connections.insert(connection->id(), connection);
    m_gauge.set(static_cast<double>(m_connections.size()));
    if (!m_sweep.isActive())
        m_sweep.start();
    connect(connection, &Connection::gateMade, this, std::move(introduce));
    connect(connection, &Connection::refused, this, &ConnectionPool::countRefusal);
    connect(connection, &Connection::bodyGrew, this, &ConnectionPool::boundHeld);
    connect(connection, &Connection::gone, this, [this](quint64 id) {
        m_connections.remove(id);
        m_gauge.set(static_cast<double>(m_connections.size()));
        if (m_connections.isEmpty())
            m_sweep.stop();
    });
    if (m_draining)
        connection->finishAfterNext();
    if (place == Place::Refused)
        connection->refuse({503, u"more than %1 connections are open"_s.arg(m_limits.connections)});
    else
        connection->start();
}

std::vector<Seat> ConnectionPool::seats() const
{
    std::vector<Seat> all;
    all.reserve(static_cast<size_t>(m_connections.size()));
    for (const Connection *connection : m_connections)
        all.push_back(connection->seat());
    return all;
}

ConnectionPool::Place ConnectionPool::findPlace()
{
    if (m_connections.size() < m_limits.connections)
        return Place::Free;
    const auto all = seats();
    const auto isAnswered = [](const Seat &each) { return each.state == Seat::State::Answered; };
    const auto answered = std::ranges::count_if(all, isAnswered);
    auto place = Place::Free;
    if (std::ssize(all) - answered >= m_limits.connections) {
        if (const auto goes = dispensable(all, m_clock.steady())) {
            m_displaced.add();
            find(*goes)->makeRoom(
                u"more than %1 connections are open, and this one kept the master waiting for the longest"_s.arg(
                    m_limits.connections));
        } else {
            place = Place::Refused;
        }
    }
    if (m_connections.size() < m_limits.connections + refusedAtOnce)
        return place;
    if (const auto goes = longestIn(Seat::State::Answered, seats())) // it had its answer, if not time to read it
        find(*goes)->makeRoom({});
    return m_connections.size() < m_limits.connections + refusedAtOnce ? place : Place::None;
}

void ConnectionPool::boundHeld()
{
    while (m_held > m_limits.heldBytes) {
        const auto goes = longestIn(Seat::State::Body, seats());
        if (!goes)
            return; // the others are being answered
        m_displaced.add();
        find(*goes)->makeRoom(
            u"too many requests are being read, and this one kept the master waiting for the longest"_s);
    }
}

void ConnectionPool::drain()
{
    m_draining = true;
    const auto connections = m_connections.values(); // closing removes from the table
    for (Connection *connection : connections)
        connection->finishSoon();
}

void ConnectionPool::countRefusal(int status)
{
    m_metrics
        .counter("danube_http_refused_total", "Requests and connections refused by the framer or a limit",
                 {{"status", std::to_string(status)}})
        .add();
}

void ConnectionPool::sweep()
{
    const SteadyTime now = m_clock.steady();
    const auto connections = m_connections.values();
    for (Connection *connection : connections)
        connection->checkDeadline(now);
}

} // namespace danube::http
