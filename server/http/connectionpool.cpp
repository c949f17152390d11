// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/http/connectionpool.h"

#include <unistd.h>

using namespace Qt::StringLiterals;

namespace danube::http {
namespace {

constexpr int refusedAtOnce = 64; // connections beyond the bound that still hear why; more are closed without a word

} // namespace

ConnectionPool::ConnectionPool(HttpLimits limits, const Clock &clock, metrics::Metrics &metrics)
    : m_limits(limits),
      m_clock(clock),
      m_metrics(metrics),
      m_gauge(metrics.gauge("danube_http_connections", "Open REST connections, without streams"))
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
    const auto excess = m_connections.size() - m_limits.connections;
    if (excess >= refusedAtOnce) {
        countRefusal(503);
        ::close(static_cast<int>(descriptor));
        return;
    }
    auto *connection = new Connection(++m_lastId, descriptor, m_limits, m_clock);
    m_connections.insert(connection->id(), connection);
    m_gauge.set(static_cast<double>(m_connections.size()));
    if (!m_sweep.isActive())
        m_sweep.start();
    connect(connection, &Connection::gateMade, this, std::move(introduce));
    connect(connection, &Connection::refused, this, &ConnectionPool::countRefusal);
    connect(connection, &Connection::gone, this, [this](quint64 id) {
        m_connections.remove(id);
        m_gauge.set(static_cast<double>(m_connections.size()));
        if (m_connections.isEmpty())
            m_sweep.stop();
    });
    if (m_draining)
        connection->finishAfterNext();
    if (excess >= 0)
        connection->refuse({503, u"more than %1 connections are open"_s.arg(m_limits.connections)});
    else
        connection->start();
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
        .counter("danube_http_refused_total", "Connections refused by the framer or a limit",
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
