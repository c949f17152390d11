// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "server/http/connectionpool.h"
#include "server/http/exchange.h"

#include <QAbstractHttpServer>

namespace danube::http {

/// QtHttpServer's end: turns its request and responder into the Exchange of the connection they came from. Control
/// thread. Must outlive no connection of the pool.
class Dispatcher final : public QAbstractHttpServer
{
    Q_OBJECT
public:
    using Handler = std::function<void(Exchange &)>;
    Dispatcher(ConnectionPool &pool, Handler handler);

protected:
    bool handleRequest(const QHttpServerRequest &request, QHttpServerResponder &responder) override;
    void missingHandler(const QHttpServerRequest &request, QHttpServerResponder &responder) override;

private:
    ConnectionPool &m_pool;
    Handler m_handler;
};

} // namespace danube::http
