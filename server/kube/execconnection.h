// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "server/kube/bytequeue.h"
#include "server/kube/credentials.h"
#include "server/kube/execchannels.h"
#include "server/kube/websocketcodec.h"

#include <QIODevice>
#include <QTimer>

#include <optional>

namespace danube::kube {

class TlsStream;

/// One exec as a sequential QIODevice: reading gives the command's stdout, writing goes to its stdin. Opened by the
/// constructor's request over a connection of its own (HTTP/1.1, WebSocket v5 or v4; TLS, or plain HTTP to this very
/// machine).
///
/// Flow control: nothing is read from the stream while more than `readBuffer` bytes wait here unread, so a reader that
/// stops reading stops the command. Writes before connected() are kept and sent then (the server loses what comes with
/// the handshake); at most 8 MiB may wait to be written, a write beyond that takes nothing and gives -1.
/// Life: connected(), then readyRead() …; ended() exactly once, always, also after abort(), never from within a call;
/// bytes that came before the end stay readable. close() gives them up. A ping every 5 s with a 61 s deadline finds a
/// half-open peer, an empty message every 30 s keeps the server's idle timer from ending a silent link (pings do not
/// reset it). A 401 is tried once again with a token read anew.
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
        milliseconds pingDeadline{61'000}; ///< without a byte from the server while we read
        milliseconds keepAlive{30'000};
        milliseconds closeLimit{5'000}; ///< from the status to the close that follows it
        QByteArray subprotocols = "v5.channel.k8s.io, v4.channel.k8s.io";
        QByteArray userAgent = "danube";
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
    void close() override; ///< abort() for the device's sake

signals:
    void connected();
    void ended(danube::kube::ExecEnd end);

protected:
    qint64 readData(char *data, qint64 maximum) override;
    qint64 writeData(const char *data, qint64 size) override;

private:
    enum class State { Idle, Connecting, Handshake, Connected, Ended };

    void connectToServer();
    void openStream(const QUrl &url, const TlsContext &tls);
    void dropStream();
    void onStreamReady();
    void onStreamEnded();
    void onLimit();
    void onPing();
    void onKeepAlive();

    void scheduleDrain();
    void drain();
    void readHandshake();
    void onUpgraded(const QByteArray &subprotocol);
    void onRefused(const UpgradeRefused &refused);
    void readFrames();
    void feedFrames();
    bool mayRead() const { return m_unread.size() < m_settings.readBuffer; }
    bool isBackedUp() const;
    void takeMessage(QByteArrayView piece, bool isFirst, bool isLast);
    void onClosed(int code, const QByteArray &reason);

    void writeFrames(QByteArrayView data);
    void send(const QByteArray &frame);
    void breakOff(ApiError::Kind kind, const QString &why);
    void finish(ExecEnd::Kind kind, const QString &message);

    std::shared_ptr<Credentials> m_credentials;
    Request m_request;
    Settings m_settings;
    QString m_host; ///< host:port, for sentences
    std::unique_ptr<TlsStream> m_stream;
    std::optional<WebSocketHandshake> m_handshake;
    FrameReader m_reader;
    State m_state = State::Idle;
    QByteArray m_subprotocol;
    bool m_triedNewToken = false;
    bool m_isDrainScheduled = false;

    QByteArray m_block; ///< what is being parsed
    ByteQueue m_unread;
    bool m_hasNews = false; ///< stdout arrived since readyRead() was told
    QByteArray m_early;     ///< written before connected()
    ExecChannels m_channels;

    milliseconds m_silence{}; ///< counted by ticks of m_ping, so that our own sleep is not held against the peer
    QTimer m_limit{this};
    QTimer m_ping{this};
    QTimer m_keepAlive{this};
    ExecEnd m_end;
};

} // namespace danube::kube

Q_DECLARE_METATYPE(danube::kube::ExecEnd)
