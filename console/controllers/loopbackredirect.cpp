// SPDX-License-Identifier: GPL-3.0-or-later
#include "console/controllers/loopbackredirect.h"

#include "console/controllers/oidc.h"

#include <QTcpSocket>
#include <QTimer>

using namespace Qt::StringLiterals;

namespace danube::console {

namespace {

constexpr qint64 longestHead = 16 * 1024;
constexpr int mostWaiting = 8;
constexpr milliseconds patience{10'000}; // with one connection

QByteArray pageFor(const char *status, const QString &title, const QString &text)
{
    const QByteArray body = u"<!doctype html><html><head><meta charset=\"utf-8\"><title>%1</title></head>"
                            "<body style=\"font-family:sans-serif;margin:4em auto;max-width:30em\"><h1>%1</h1><p>%2</p>"
                            "</body></html>"_s.arg(title, text)
                                .toUtf8();
    return QByteArray("HTTP/1.1 ") + status +
           "\r\nContent-Type: text/html; charset=utf-8\r\nCache-Control: no-store\r\nReferrer-Policy: no-referrer\r\n"
           "Content-Security-Policy: default-src 'none'; style-src 'unsafe-inline'\r\nConnection: close\r\n"
           "Content-Length: " +
           QByteArray::number(body.size()) + "\r\n\r\n" + body;
}

} // namespace

LoopbackRedirect::LoopbackRedirect(QObject *parent) : QObject(parent)
{
    m_server.setMaxPendingConnections(mostWaiting);
    connect(&m_server, &QTcpServer::newConnection, this, &LoopbackRedirect::accept);
}

Result<void> LoopbackRedirect::listen()
{
    if (!m_server.listen(QHostAddress::LocalHost, 0))
        return fail(ErrorCode::Io, u"wait for the browser on 127.0.0.1: %1"_s.arg(m_server.errorString()));
    m_uri = QUrl(u"http://127.0.0.1:%1/callback"_s.arg(m_server.serverPort()));
    return {};
}

void LoopbackRedirect::close()
{
    m_server.close();
}

void LoopbackRedirect::accept()
{
    while (QTcpSocket *socket = m_server.nextPendingConnection()) {
        // Not the server's child: the answer still goes out after the server was closed.
        socket->setParent(nullptr);
        connect(socket, &QTcpSocket::disconnected, socket, &QObject::deleteLater);
        QTimer::singleShot(patience, socket, [socket] {
            socket->abort();
            socket->deleteLater();
        });
        connect(socket, &QTcpSocket::readyRead, this, [this, socket] { takeBytes(*socket); });
        connect(this, &QObject::destroyed, socket, &QObject::deleteLater);
    }
}

void LoopbackRedirect::takeBytes(QTcpSocket &socket)
{
    const QByteArray head = socket.peek(longestHead);
    if (!head.contains("\r\n\r\n") && head.size() < longestHead)
        return;
    socket.readAll();
    const auto query = redirectFromRequest(head);
    if (!query || !isListening()) {
        socket.write(pageFor("404 Not Found", tr("Nothing here"), tr("This is not the address of the sign-in.")));
        socket.disconnectFromHost();
        return;
    }
    close();
    socket.write(pageFor("200 OK", tr("Back to Danube"), tr("You can close this tab: the console goes on by itself.")));
    socket.disconnectFromHost();
    emit answered(*query);
}

} // namespace danube::console
