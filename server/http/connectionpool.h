// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "server/http/connection.h"
#include "server/metrics/metrics.h"

#include <QHash>
#include <QTimer>

namespace danube::http {

/// All REST connections of the process, both ports together: bounds their number, watches their deadlines. Control
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
    void drain();    ///< idle connections close now, others after their answer; new ones get one answer each

private:
    void countRefusal(int status);
    void sweep();

    const HttpLimits m_limits;
    const Clock &m_clock;
    metrics::Metrics &m_metrics;
    metrics::Gauge m_gauge;
    QHash<quint64, Connection *> m_connections; ///< owned
    QTimer m_sweep;
    quint64 m_lastId = 0;
    bool m_draining = false;
};

} // namespace danube::http
