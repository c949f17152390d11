// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "server/http/connection.h"
#include "server/metrics/metrics.h"

#include <QHash>
#include <QTimer>

namespace danube::http {

/// All REST connections of the process, both ports together: bounds their number and what they hold, watches their
/// deadlines. When all places are taken, a newcomer gets that of who keeps the master waiting (seats.h). Control
/// thread.
class ConnectionPool : public QObject
{
    Q_OBJECT
public:
    using Introduce = std::function<void(GatedSocket *)>; ///< hands a gate to QtHttpServer
    ConnectionPool(HttpLimits limits, const Clock &clock, metrics::Metrics &metrics);
    ~ConnectionPool() override;

    void admit(qintptr descriptor, Introduce introduce);
    Connection *find(quint64 id) const { return m_connections.value(id); }
    qsizetype size() const { return m_connections.size(); }
    void closeAll(); ///< at once, pending exchanges too
    void countRefusal(int status);
    void drain(); ///< idle connections close now, others after their answer; new ones get one answer each

private:
    enum class Place { Free, Refused, None };
    Place findPlace(); ///< for a newcomer; may end another
    void boundHeld();
    void sweep();
    std::vector<Seat> seats() const;

    const HttpLimits m_limits;
    const Clock &m_clock;
    metrics::Metrics &m_metrics;
    metrics::Gauge m_gauge;
    metrics::Counter m_displaced;
    qint64 m_held = 0;                          ///< before the connections: each counts its part
    QHash<quint64, Connection *> m_connections; ///< owned
    QTimer m_sweep;
    quint64 m_lastId = 0;
    bool m_draining = false;
};

} // namespace danube::http
