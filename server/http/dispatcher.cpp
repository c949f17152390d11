// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/http/dispatcher.h"

#include <QHttpServerRequest>

namespace danube::http {

Dispatcher::Dispatcher(ConnectionPool &pool, Handler handler) : m_pool(pool), m_handler(std::move(handler)) {}

bool Dispatcher::handleRequest(const QHttpServerRequest &request, QHttpServerResponder &responder)
{
    // The header is ours: the gate writes it, and passes none of the client's.
    Connection *connection = m_pool.find(request.value("x-danube-connection").toULongLong());
    if (!connection || !connection->awaitsExchange())
        return false;
    auto *exchange = new Exchange(*connection, std::move(responder));
    connection->beginExchange(exchange);
    m_handler(*exchange);
    exchange->leaveHandler(responder);
    return true;
}

void Dispatcher::missingHandler(const QHttpServerRequest & /*request*/, QHttpServerResponder &responder)
{
    responder.write(QHttpServerResponder::StatusCode::InternalServerError);
}

} // namespace danube::http
