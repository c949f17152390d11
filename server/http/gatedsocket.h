// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QTcpSocket>

#include <functional>

namespace danube::http {

/// What QtHttpServer sees of a connection: a socket without a descriptor. It reads the heads offer() gives it, which
/// are ours, canonical and complete, and never a byte of the network; what it writes goes to `sink`. So its lenient
/// parser has nothing left to be lenient about (docs/adr/0010-http-framing.md). Control thread; owned by QtHttpServer.
class GatedSocket final : public QTcpSocket
{
    Q_OBJECT
public:
    using Sink = std::function<void(QByteArrayView)>;
    GatedSocket(const QHostAddress &peer, quint16 peerPort, Sink sink);
    ~GatedSocket() override;

    void offer(const QByteArray &requestHead); ///< runs the handler before it returns
    void drop();                               ///< the real peer is gone; no write reaches the sink from now on

    // Past QAbstractSocket on purpose: it would ask a socket engine that this one does not have.
    // NOLINTNEXTLINE(bugprone-parent-virtual-call)
    qint64 bytesAvailable() const override { return m_input.size() - m_read + QIODevice::bytesAvailable(); }
    qint64 bytesToWrite() const override { return 0; }
    void disconnectFromHost() override;
    void close() override { disconnectFromHost(); }

signals:
    void closeWanted(); ///< QtHttpServer gave the connection up

protected:
    qint64 readData(char *data, qint64 maxSize) override;
    qint64 writeData(const char *data, qint64 size) override;

private:
    Sink m_sink;
    QByteArray m_input;
    qsizetype m_read = 0;
};

} // namespace danube::http
