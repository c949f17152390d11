// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "server/http/connectionpool.h"

#include <QTcpServer>

namespace danube::http {

/// A listening port whose connections go to the pool; QtHttpServer gets gates in their place, by the way QTcpServer
/// documents for this: incomingConnection() and addPendingConnection(). Control thread.
class Listener final : public QTcpServer
{
    Q_OBJECT
public:
    explicit Listener(ConnectionPool &pool);

protected:
    void incomingConnection(qintptr descriptor) override;

private:
    ConnectionPool &m_pool;
    QTimer m_acceptAgain;
};

} // namespace danube::http
