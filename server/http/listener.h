// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "server/http/connectionpool.h"

#include <QSocketNotifier>
#include <QTcpServer>

namespace danube::http {

/// A listening port whose connections go to the pool; QtHttpServer gets gates in their place, by
/// addPendingConnection(). It accepts by itself, a few per turn: QTcpServer accepts as long as anybody connects, and in
/// a storm of clients nobody would be answered or freed. It does so on a duplicate of the descriptor, because
/// QTcpServer's own notifier cannot be kept off the original. Control thread.
class Listener final : public QTcpServer
{
    Q_OBJECT
public:
    explicit Listener(ConnectionPool &pool);
    ~Listener() override;
    Result<quint16> open(const QHostAddress &address, quint16 port); ///< the port; once

    QTcpSocket *nextPendingConnection() override;

protected:
    void incomingConnection(qintptr descriptor) override; ///< no way around the pool, whoever accepts

private:
    void acceptSome();
    bool acceptOne();

    ConnectionPool &m_pool;
    int m_descriptor = -1; ///< duplicate
    std::unique_ptr<QSocketNotifier> m_notifier;
    QTimer m_acceptAgain;
};

} // namespace danube::http
