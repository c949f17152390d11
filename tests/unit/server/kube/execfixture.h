// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "server/kube/execconnection.h"
#include "tests/unit/server/kube/kubefixture.h"

#include <QRandomGenerator>
#include <QTest>

namespace danube::tests {

using namespace danube::kube;
using namespace Qt::StringLiterals;

inline const QByteArray exitThree =
    "{\"metadata\":{},\"status\":\"Failure\",\"message\":\"command terminated\",\"reason\":"
    "\"NonZeroExitCode\",\"details\":{\"causes\":[{\"reason\":\"ExitCode\",\"message\":\"3\"}]}}";
inline const QByteArray success = "{\"metadata\":{},\"status\":\"Success\"}";

inline Request execRequest()
{
    return requests::exec(u"jobs"_s, u"pod"_s, {.container = u"main"_s, .command = {u"a+b c"_s}});
}

/// One exec at a server, and all that it tells.
struct Exec
{
    explicit Exec(ClusterAccess access, ExecConnection::Settings settings = {})
        : credentials(std::make_shared<Credentials>(std::move(access))),
          connection(std::make_unique<ExecConnection>(credentials, execRequest(), std::move(settings)))
    {
        QObject::connect(connection.get(), &ExecConnection::readyRead, connection.get(), [this] {
            if (isReading)
                output += connection->readAll();
        });
        QObject::connect(connection.get(), &ExecConnection::connected, connection.get(), [this] { ++connected; });
        QObject::connect(connection.get(), &ExecConnection::ended, connection.get(),
                         [this](const ExecEnd &end) { ends.append(end); });
    }
    bool run()
    {
        connection->start();
        return QTest::qWaitFor([this] { return !ends.isEmpty(); }, 20'000);
    }

    std::shared_ptr<Credentials> credentials;
    std::unique_ptr<ExecConnection> connection;
    bool isReading = true;
    QByteArray output;
    int connected = 0;
    QList<ExecEnd> ends;
};

inline QByteArray randomBytes(QRandomGenerator &random, qsizetype size)
{
    QByteArray bytes(size, Qt::Uninitialized);
    std::ranges::generate(bytes, [&] { return static_cast<char>(random.generate()); });
    return bytes;
}

/// A whole conversation after the 101: some output, noise on other channels, status and close.
inline QByteArray conversation(const QByteArray &output, const QByteArray &status)
{
    return channelFrame(1, {}) + channelFrame(1, output.first(output.size() / 2)) + channelFrame(2, "oops") +
           serverFrame(9, "p") + channelFrame(9, "unknown") + serverFrame(2, {}) +
           channelFrame(1, output.sliced(output.size() / 2)) + channelFrame(3, status) + closeFrame(1000);
}

/// A proxy that understands CONNECT and nothing else.
class ConnectProxy : public QTcpServer
{
public:
    ConnectProxy()
    {
        connect(this, &QTcpServer::newConnection, this, [this] {
            QTcpSocket *client = nextPendingConnection();
            connect(client, &QTcpSocket::readyRead, this, [this, client] { onRead(client); });
        });
        listen(QHostAddress::LocalHost);
    }
    QByteArray head;

private:
    void onRead(QTcpSocket *client)
    {
        if (auto *target = client->findChild<QTcpSocket *>()) {
            target->write(client->readAll());
            return;
        }
        head += client->readAll();
        if (!head.endsWith("\r\n\r\n"))
            return;
        auto *target = new QTcpSocket(client);
        target->setReadBufferSize(64 << 10);
        const auto pump = [client, target] {
            if (client->bytesToWrite() < (64 << 10))
                client->write(target->readAll());
        };
        connect(target, &QTcpSocket::readyRead, client, pump);
        connect(client, &QTcpSocket::bytesWritten, client, pump);
        const auto to = head.split(' ').value(1).split(':');
        target->connectToHost(QString::fromLatin1(to.value(0)), to.value(1).toUShort());
        client->write("HTTP/1.1 200 Connection established\r\n\r\n");
    }
};

} // namespace danube::tests
