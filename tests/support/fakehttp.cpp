// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/support/fakehttp.h"

using namespace Qt::StringLiterals;

namespace danube::tests {

FakeConnection::FakeConnection(QTcpSocket *socket, QObject *parent) : QObject(parent), m_socket(socket)
{
    socket->setParent(this);
    socket->setSocketOption(QAbstractSocket::LowDelayOption, 1);
    connect(socket, &QTcpSocket::readyRead, this, &FakeConnection::takeBytes);
    connect(socket, &QTcpSocket::bytesWritten, this, &FakeConnection::sendMade);
    connect(socket, &QTcpSocket::disconnected, this, &QObject::deleteLater);
}

void FakeConnection::takeBytes()
{
    m_buffer.append(m_socket->readAll());
    while (!m_isStream && takeRequest()) {
    }
}

bool FakeConnection::takeRequest()
{
    const auto headEnd = m_buffer.indexOf("\r\n\r\n");
    if (headEnd < 0)
        return false;
    const auto lines = m_buffer.first(headEnd).split('\n');
    const auto start = lines.first().trimmed().split(' ');
    FakeRequest request;
    for (const QByteArray &line : lines.sliced(1)) {
        const auto colon = line.indexOf(':');
        request.headers.insert(line.first(std::max<qsizetype>(colon, 0)).toLower(), line.sliced(colon + 1).trimmed());
    }
    const auto bodyStart = headEnd + 4;
    const auto length = request.headers.value("content-length").toLongLong();
    if (start.size() != 3 || m_buffer.size() - bodyStart < length)
        return false;
    const QUrl target = QUrl::fromEncoded(start[1]);
    request.method = start[0];
    request.path = target.path(QUrl::FullyDecoded);
    request.rawPath = target.path(QUrl::FullyEncoded);
    request.query = QUrlQuery(target);
    request.body = m_buffer.sliced(bodyStart, length);
    m_buffer.remove(0, bodyStart + length);
    emit requested(request);
    return true;
}

void FakeConnection::reply(const FakeReply &reply)
{
    if (reply.stall)
        return;
    if (reply.drop)
        return m_socket->abort();
    QByteArray head = "HTTP/1.1 " + QByteArray::number(reply.status) + " Fake\r\nContent-Type: " + reply.contentType +
                      "\r\nContent-Length: " + QByteArray::number(reply.made ? reply.made->size : reply.body.size()) +
                      "\r\n";
    if (reply.status == 204)
        head = "HTTP/1.1 204 Fake\r\n";
    for (const auto &[name, value] : reply.headers)
        head += name + ": " + value + "\r\n";
    m_socket->write(head + "\r\n");
    if (reply.made) {
        m_sending = reply;
        m_sent = 0;
        return sendMade();
    }
    if (!reply.cutAfter)
        m_socket->write(reply.body);
    else {
        m_socket->write(reply.body.first(std::min<qint64>(*reply.cutAfter, reply.body.size())));
        m_socket->disconnectFromHost();
    }
}

// As fast as the other side reads.
void FakeConnection::sendMade()
{
    constexpr qint64 waiting = 2 << 20;
    if (!m_sending.made)
        return;
    const qint64 size = m_sending.made->size;
    const qint64 end = std::min(size, m_sending.cutAfter.value_or(size));
    while (m_sent < end && m_socket->bytesToWrite() < waiting) {
        const QByteArray bytes = m_sending.made->bytes(m_sent, end - m_sent);
        m_socket->write(bytes);
        m_sent += bytes.size();
    }
    if (m_sent < end || m_sending.hold)
        return;
    m_sending.made.reset();
    if (end < size)
        m_socket->disconnectFromHost();
}

void FakeConnection::beginStream(const QByteArray &contentType)
{
    m_isStream = true;
    m_socket->write("HTTP/1.1 200 OK\r\nContent-Type: " + contentType + "\r\nConnection: close\r\n\r\n");
}

FakeHttpServer::FakeHttpServer(Handler handler, QObject *parent) : QObject(parent), m_handler(std::move(handler))
{
    connect(&m_server, &QTcpServer::newConnection, this, &FakeHttpServer::accept);
    m_server.listen(QHostAddress::LocalHost, 0);
    m_port = m_server.serverPort();
}

QUrl FakeHttpServer::url() const
{
    return QUrl(u"http://127.0.0.1:%1"_s.arg(m_port));
}

void FakeHttpServer::closeConnections()
{
    for (const auto &connection : m_connections) {
        if (connection)
            connection->socket()->abort();
    }
}

void FakeHttpServer::stopListening()
{
    m_server.close();
}

void FakeHttpServer::listenAgain()
{
    m_server.listen(QHostAddress::LocalHost, m_port);
}

void FakeHttpServer::accept()
{
    while (QTcpSocket *socket = m_server.nextPendingConnection()) {
        auto *connection = new FakeConnection(socket, this);
        m_connections.append(connection);
        connect(connection, &FakeConnection::requested, this,
                [this, connection](const FakeRequest &request) { m_handler(request, *connection); });
    }
}

} // namespace danube::tests
