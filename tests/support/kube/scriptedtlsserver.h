// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "shared/core/clock.h"
#include "tests/support/kube/testcertificates.h"

#include <QHash>
#include <QPointer>
#include <QSslServer>
#include <QSslSocket>

#include <functional>
#include <optional>

namespace danube::tests {

struct ScriptedRequest
{
    QByteArray method;
    QByteArray target;
    QHash<QByteArray, QByteArray> headers; ///< lower-case names
    QByteArray body;
    SteadyTime at;
    int connection = 0; ///< which one, from 0
};

struct ClientFrame
{
    quint8 opcode = 0;
    QByteArray payload; ///< unmasked
    bool operator==(const ClientFrame &) const = default;
};

/// The server's end of one connection.
class ScriptedPeer : public QObject
{
    Q_OBJECT
public:
    ScriptedPeer(QTcpSocket *socket, int number, QObject *parent);

    void send(const QByteArray &bytes); ///< raw
    /// A whole HTTP answer with Content-Length.
    void answer(int status, const QByteArray &body, const QByteArray &moreHeaders = {});
    /// 101 with the right Sec-WebSocket-Accept; from then on received bytes are frames.
    void upgrade(const ScriptedRequest &request, const QByteArray &subprotocol = "v5.channel.k8s.io");
    static QByteArray upgradeHead(const ScriptedRequest &request, const QByteArray &subprotocol);
    void hangUp(); ///< FIN
    void reset();  ///< RST: what was not yet sent is lost
    void deafen(); ///< reads nothing more: half open

    const QByteArray &received() const { return m_received; } ///< raw, after upgrade() of the frames only
    QList<ClientFrame> frames() const;
    QByteArray standardInput() const; ///< payload of the binary frames of channel 0
    qint64 unsent() const;
    bool isOpen() const { return m_socket && m_socket->state() == QAbstractSocket::ConnectedState; }
    QSslSocket *tls() const { return qobject_cast<QSslSocket *>(m_socket.data()); }

signals:
    void requested(const danube::tests::ScriptedRequest &request);
    void writable(); ///< something was sent
    void gone();

private:
    void read();
    std::optional<ScriptedRequest> takeRequest();

    QPointer<QTcpSocket> m_socket;
    int m_number;
    QByteArray m_received;
    bool m_isUpgraded = false;
    bool m_isDeaf = false;
};

/// A server on a loopback port of its own that does what the test says: each request goes to `handler`.
class ScriptedTlsServer : public QObject
{
    Q_OBJECT
public:
    using Handler = std::function<void(ScriptedPeer &peer, const ScriptedRequest &request)>;
    struct Settings
    {
        const char *names = "IP:127.0.0.1,DNS:localhost";
        TestAuthority::Validity validity = TestAuthority::Validity::Now;
        bool wantsClientCertificate = false; ///< of the same authority
        bool isPlain = false;
    };
    ScriptedTlsServer();
    explicit ScriptedTlsServer(Settings settings);

    void setHandler(Handler handler) { m_handler = std::move(handler); }
    const TestAuthority &authority() const { return m_authority; }
    QString url() const; ///< https://127.0.0.1:port
    quint16 port() const { return m_server->serverPort(); }
    int connections() const { return m_connections; } ///< accepted and encrypted ones so far
    const QList<ScriptedRequest> &requests() const { return m_requests; }
    ScriptedPeer *lastPeer() const { return m_peer; }
    void shut() { m_server->close(); } ///< no further connections

private:
    void accept();

    Settings m_settings;
    TestAuthority m_authority;
    std::unique_ptr<QTcpServer> m_server;
    Handler m_handler;
    QPointer<ScriptedPeer> m_peer;
    QList<ScriptedRequest> m_requests;
    int m_connections = 0;
};

/// A frame as servers write it: unmasked.
QByteArray serverFrame(quint8 opcode, const QByteArray &payload, bool isFinal = true);
QByteArray channelFrame(quint8 channel, const QByteArray &data);
QByteArray closeFrame(quint16 code);

} // namespace danube::tests
