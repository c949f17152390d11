// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "server/kube/tlscontext.h"

#include <QNetworkProxy>
#include <QTcpSocket>

namespace danube::kube {

/// A client's byte stream: TCP, with a proxy's help or without, and OpenSSL straight on it. QSslSocket would copy each
/// byte four times more and decrypt 4 KiB at once, which is half the rate; and it holds what nobody reads.
///
/// Nothing is read from the socket but by read(), so who stops reading stops the server. Writes are never partial: what
/// the kernel does not take waits here, counted by bytesToWrite().
class TlsStream : public QObject
{
    Q_OBJECT
public:
    /// Why there is nothing more to read.
    enum class End {
        None,
        Closed,  ///< by the peer, cleanly or not
        Tls,     ///< handshake or record refused
        Network, ///< name, connection, proxy
    };
    struct Target
    {
        QString host;
        quint16 port = 0;
        QString verifyName; ///< whom the certificate must name
        TlsContext tls;     ///< null = plain TCP
        QNetworkProxy proxy = QNetworkProxy(QNetworkProxy::NoProxy);
    };

    explicit TlsStream(QObject *parent = nullptr);
    ~TlsStream() override;
    void connectTo(const Target &target); ///< once
    /// Up to `maximum` bytes; 0 = none now, wait for readable(), or the end.
    qint64 read(char *to, qint64 maximum);
    void write(QByteArrayView bytes); ///< after ready()
    qint64 bytesToWrite() const;
    End end() const { return m_end; } ///< set when all that came was read
    QString reason() const { return m_reason; }

signals:
    void ready();               ///< connected, and encrypted if that was asked
    void readable();            ///< read() until it gives nothing
    void written(qint64 bytes); ///< of what had to wait
    void ended();               ///< before ready(), or by an error; read() may still give something

private:
    void onConnected();
    QList<QTcpSocket *> proxySockets() const;
    void onReadyRead();
    void onError();
    void shakeHands();
    qint64 readTls(char *to, qint64 maximum);
    void judge(int result);
    void finish(End end, const QString &reason);

    QTcpSocket m_socket{this};
    Target m_target;
    TlsSession m_session{nullptr, SSL_free};
    bool m_isReady = false;
    End m_end = End::None;
    QString m_reason;
};

} // namespace danube::kube
