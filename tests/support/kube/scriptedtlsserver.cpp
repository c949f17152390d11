// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/support/kube/scriptedtlsserver.h"

#include <QCryptographicHash>
#include <QSslCertificate>
#include <QSslConfiguration>
#include <QSslKey>
#include <QtEndian>

#include <sys/socket.h>

using namespace Qt::StringLiterals;

namespace danube::tests {
namespace {

constexpr quint8 binary = 2;

QSslConfiguration serverTls(const TestAuthority &authority, const ScriptedTlsServer::Settings &settings)
{
    const TestIdentity identity = authority.issue(settings.names, settings.validity);
    QSslConfiguration tls = QSslConfiguration::defaultConfiguration();
    tls.setLocalCertificate(QSslCertificate(identity.certificate));
    tls.setPrivateKey(QSslKey(identity.key, QSsl::Ec));
    tls.setCaCertificates(QSslCertificate::fromData(authority.certificate()));
    tls.setPeerVerifyMode(settings.wantsClientCertificate ? QSslSocket::VerifyPeer : QSslSocket::VerifyNone);
    return tls;
}

/// How long a client's frame's head (with mask) is, 0 = not known yet.
qsizetype clientHead(QByteArrayView bytes, quint64 *size)
{
    if (bytes.size() < 2)
        return 0;
    const quint8 length = static_cast<quint8>(bytes[1]) & 0x7f;
    const qsizetype head = length == 126 ? 8 : length == 127 ? 14 : 6;
    if (bytes.size() < head)
        return 0;
    *size = length;
    if (length == 126)
        *size = qFromBigEndian<quint16>(bytes.data() + 2);
    if (length == 127)
        *size = qFromBigEndian<quint64>(bytes.data() + 2);
    return head;
}

} // namespace

ScriptedPeer::ScriptedPeer(QTcpSocket *socket, int number, QObject *parent)
    : QObject(parent), m_socket(socket), m_number(number)
{
    socket->setParent(this);
    connect(socket, &QTcpSocket::readyRead, this, &ScriptedPeer::read);
    connect(socket, &QTcpSocket::bytesWritten, this, &ScriptedPeer::writable);
    if (tls()) // bytesWritten only tells that bytes were encrypted
        connect(tls(), &QSslSocket::encryptedBytesWritten, this, &ScriptedPeer::writable);
    connect(socket, &QTcpSocket::disconnected, this, &ScriptedPeer::gone);
}

void ScriptedPeer::send(const QByteArray &bytes)
{
    if (isOpen())
        m_socket->write(bytes);
}

void ScriptedPeer::answer(int status, const QByteArray &body, const QByteArray &moreHeaders)
{
    send("HTTP/1.1 " + QByteArray::number(status) + " Said\r\nContent-Length: " + QByteArray::number(body.size()) +
         "\r\n" + moreHeaders + "\r\n" + body);
}

QByteArray ScriptedPeer::upgradeHead(const ScriptedRequest &request, const QByteArray &subprotocol)
{
    const QByteArray text = request.headers.value("sec-websocket-key") + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";
    return "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: " +
           QCryptographicHash::hash(text, QCryptographicHash::Sha1).toBase64() +
           "\r\nSec-WebSocket-Protocol: " + subprotocol + "\r\n\r\n";
}

void ScriptedPeer::upgrade(const ScriptedRequest &request, const QByteArray &subprotocol)
{
    send(upgradeHead(request, subprotocol));
    m_isUpgraded = true;
}

void ScriptedPeer::hangUp()
{
    m_socket->disconnectFromHost();
}

void ScriptedPeer::reset()
{
    const linger hard{1, 0};
    setsockopt(static_cast<int>(m_socket->socketDescriptor()), SOL_SOCKET, SO_LINGER, &hard, sizeof hard);
    m_socket->abort();
}

void ScriptedPeer::deafen()
{
    m_isDeaf = true;
    m_socket->setReadBufferSize(1);
}

qint64 ScriptedPeer::unsent() const
{
    if (!m_socket)
        return 0;
    return m_socket->bytesToWrite() + (tls() ? tls()->encryptedBytesToWrite() : 0);
}

void ScriptedPeer::read()
{
    if (m_isDeaf)
        return;
    m_received += m_socket->readAll();
    const QPointer<ScriptedPeer> self(this);
    while (self && !m_isUpgraded) {
        const auto request = takeRequest();
        if (!request)
            return;
        emit requested(*request);
    }
}

std::optional<ScriptedRequest> ScriptedPeer::takeRequest()
{
    const qsizetype end = m_received.indexOf("\r\n\r\n");
    if (end < 0)
        return {};
    auto lines = m_received.first(end).split('\n');
    const auto words = lines.takeFirst().split(' ');
    ScriptedRequest request{words.value(0), words.value(1), {}, {}, std::chrono::steady_clock::now(), m_number};
    for (const QByteArray &line : lines) {
        const qsizetype colon = line.indexOf(':');
        request.headers.insert(line.first(colon).toLower(), line.sliced(colon + 1).trimmed());
    }
    const qsizetype size = request.headers.value("content-length").toLongLong();
    if (m_received.size() < end + 4 + size)
        return {};
    request.body = m_received.sliced(end + 4, size);
    m_received.remove(0, end + 4 + size);
    return request;
}

QList<ClientFrame> ScriptedPeer::frames() const
{
    QList<ClientFrame> frames;
    QByteArrayView rest(m_received);
    quint64 size = 0;
    while (const qsizetype head = clientHead(rest, &size)) {
        if (static_cast<quint64>(rest.size() - head) < size)
            break;
        const QByteArrayView mask = rest.sliced(head - 4, 4);
        ClientFrame frame{static_cast<quint8>(rest[0] & 0x0f), rest.sliced(head, qsizetype(size)).toByteArray()};
        for (qsizetype i = 0; i < frame.payload.size(); ++i)
            frame.payload[i] = static_cast<char>(frame.payload[i] ^ mask[i % 4]);
        frames.append(frame);
        rest = rest.sliced(head + qsizetype(size));
    }
    return frames;
}

QByteArray ScriptedPeer::standardInput() const
{
    QByteArray input;
    for (const ClientFrame &frame : frames()) {
        if (frame.opcode == binary && frame.payload.startsWith('\0'))
            input += frame.payload.sliced(1);
    }
    return input;
}

ScriptedTlsServer::ScriptedTlsServer() : ScriptedTlsServer(Settings{}) {}

ScriptedTlsServer::ScriptedTlsServer(Settings settings) : m_settings(settings)
{
    if (settings.isPlain) {
        m_server = std::make_unique<QTcpServer>();
    } else {
        auto server = std::make_unique<QSslServer>();
        server->setSslConfiguration(serverTls(m_authority, settings));
        m_server = std::move(server);
    }
    connect(m_server.get(), &QTcpServer::pendingConnectionAvailable, this, &ScriptedTlsServer::accept);
    if (!m_server->listen(QHostAddress::LocalHost))
        qFatal("cannot listen");
}

QString ScriptedTlsServer::url() const
{
    return u"%1://127.0.0.1:%2"_s.arg(m_settings.isPlain ? u"http"_s : u"https"_s).arg(port());
}

void ScriptedTlsServer::accept()
{
    while (QTcpSocket *socket = m_server->nextPendingConnection()) {
        m_peer = new ScriptedPeer(socket, m_connections++, this);
        connect(m_peer, &ScriptedPeer::requested, this, [this, peer = m_peer.data()](const ScriptedRequest &request) {
            m_requests.append(request);
            if (m_handler)
                m_handler(*peer, request);
        });
    }
}

QByteArray serverFrame(quint8 opcode, const QByteArray &payload, bool isFinal)
{
    QByteArray frame;
    frame.append(static_cast<char>((isFinal ? 0x80 : 0) | opcode));
    std::array<char, 8> number{};
    if (payload.size() < 126) {
        frame.append(static_cast<char>(payload.size()));
    } else if (payload.size() <= 0xffff) {
        qToBigEndian(static_cast<quint16>(payload.size()), number.data());
        frame.append(char(126)).append(number.data(), 2);
    } else {
        qToBigEndian(static_cast<quint64>(payload.size()), number.data());
        frame.append(char(127)).append(number.data(), 8);
    }
    return frame + payload;
}

QByteArray channelFrame(quint8 channel, const QByteArray &data)
{
    return serverFrame(binary, static_cast<char>(channel) + data);
}

QByteArray closeFrame(quint16 code)
{
    std::array<char, 2> number{};
    qToBigEndian(code, number.data());
    return serverFrame(8, QByteArray(number.data(), 2));
}

} // namespace danube::tests
