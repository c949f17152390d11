// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "server/kube/client.h"
#include "server/kube/execstatus.h"
#include "server/kube/websocketcodec.h"

#include <QIODevice>
#include <QTimer>

#include <optional>

class QSslSocket;

namespace danube::kube {

/// One exec as a sequential QIODevice: reading gives the command's stdout, writing goes to its stdin. Opened by the
/// constructor's request over a connection of its own (HTTP/1.1, WebSocket v5 or v4).
///
/// Flow control: nothing is read from the socket while more than `readBuffer` bytes wait here unread, so a reader that
/// stops reading stops the command. Writes before connected() are kept and sent then (the server loses what comes with
/// the handshake); at most 8 MiB may wait to be written, more is an error of the device.
/// Life: connected(), then readyRead() …; ended() exactly once, always, also after abort(); bytes that came before the
/// end stay readable. A ping every 5 s with a 61 s deadline finds a half-open peer, an empty stdin message every
/// 30 s keeps the server's idle timer from ending a silent link.
/// Threads: lives in the thread that made it (io).
class ExecConnection : public QIODevice
{
    Q_OBJECT
public:
    struct Settings
    {
        qint64 readBuffer = 2 << 20;
        milliseconds connectLimit{20'000}; ///< name, TCP, TLS and upgrade together
        milliseconds pingInterval{5'000};
        milliseconds pingDeadline{61'000};
        milliseconds keepAlive{30'000};
    };
    ExecConnection(std::shared_ptr<Credentials> credentials, const Request &request, Settings settings,
                   QObject *parent = nullptr);
    ~ExecConnection() override;

    void start();
    /// Ends the connection at once, without the polite close that would leave the process alive on v4.
    void abort(const QString &why);
    bool isConnected() const { return m_state == State::Connected; }
    QByteArray subprotocol() const { return m_subprotocol; }

    bool isSequential() const override { return true; }
    qint64 bytesAvailable() const override;
    qint64 bytesToWrite() const override;

signals:
    void connected();
    void ended(danube::kube::ExecEnd end);

protected:
    qint64 readData(char *data, qint64 maximum) override;
    qint64 writeData(const char *data, qint64 size) override;

private:
    enum class State { Idle, Connecting, Handshake, Connected, Ended };

    std::shared_ptr<Credentials> m_credentials;
    Request m_request;
    Settings m_settings;
    QSslSocket *m_socket = nullptr;
    std::optional<WebSocketHandshake> m_handshake;
    State m_state = State::Idle;
    QByteArray m_subprotocol;
};

} // namespace danube::kube

Q_DECLARE_METATYPE(danube::kube::ExecEnd)
