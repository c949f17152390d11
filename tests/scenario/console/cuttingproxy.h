// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QPointer>
#include <QRandomGenerator>
#include <QTcpServer>
#include <QTcpSocket>
#include <QUrl>

namespace danube::tests {

/// Stands between a client and a server on this machine, and cuts connections: `cuts` times, each after a random number
/// of bytes towards the client. Lives in the test's thread.
class CuttingProxy : public QObject
{
public:
    CuttingProxy(const QUrl &target, int cuts, QObject *parent = nullptr)
        : QObject(parent), m_target(target), m_left(cuts)
    {
        connect(&m_server, &QTcpServer::newConnection, this, [this] {
            while (QTcpSocket *client = m_server.nextPendingConnection())
                relay(client);
        });
        m_server.listen(QHostAddress::LocalHost);
    }
    QString url() const { return QStringLiteral("http://127.0.0.1:%1").arg(m_server.serverPort()); }
    int left() const { return m_left; }

private:
    void relay(QTcpSocket *client)
    {
        auto *server = new QTcpSocket(client);
        connect(client, &QTcpSocket::readyRead, server, [client, server] { server->write(client->readAll()); });
        connect(client, &QTcpSocket::disconnected, client, &QObject::deleteLater);
        connect(server, &QTcpSocket::disconnected, client, &QTcpSocket::disconnectFromHost);
        // A connection that carries little is REST or too short to matter.
        const qint64 limit = m_random.bounded(2'000, 60'000);
        auto passed = std::make_shared<qint64>(0);
        connect(server, &QTcpSocket::readyRead, client, [this, client, server, limit, passed] {
            const QByteArray bytes = server->readAll();
            if (m_left > 0 && *passed + bytes.size() > limit) {
                --m_left;
                client->write(bytes.first(std::max<qint64>(0, limit - *passed)));
                client->flush();
                client->abort();
                return;
            }
            *passed += bytes.size();
            client->write(bytes);
        });
        server->connectToHost(m_target.host(), quint16(m_target.port()));
    }
    QTcpServer m_server;
    QUrl m_target;
    QRandomGenerator m_random{19};
    int m_left;
};

} // namespace danube::tests
