// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "shared/core/result.h"

#include <QTcpServer>
#include <QUrlQuery>

namespace danube::console {

/// Waits on this machine's loopback address, on a port of its own, for the one request that brings a browser back from
/// signing in (RFC 8252 7.3). Other requests get 404 and change nothing; after the right one nobody listens any more.
class LoopbackRedirect : public QObject
{
    Q_OBJECT
public:
    explicit LoopbackRedirect(QObject *parent = nullptr);

    Result<void> listen();
    const QUrl &uri() const { return m_uri; } ///< to send with the request; known after listen()
    bool isListening() const { return m_server.isListening(); }
    QHostAddress address() const { return m_server.serverAddress(); }
    void close();

signals:
    void answered(const QUrlQuery &query); ///< once

private:
    void accept();
    void takeBytes(QTcpSocket &socket);
    QTcpServer m_server;
    QUrl m_uri;
};

} // namespace danube::console
