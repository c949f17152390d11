// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "shared/core/result.h"

#include <QSocketNotifier>
#include <QTcpServer>

#include <memory>

namespace danube::rpc {

/// A listening port that hands accepted sockets over as bare descriptors. It accepts by itself, a few per turn:
/// QTcpServer's own loop accepts as long as anybody connects, also when it is told to pause, so that no bound would
/// hold in a storm. Rpc thread.
class Acceptor final : public QObject
{
    Q_OBJECT
public:
    explicit Acceptor(QObject *parent) : QObject(parent) {}
    ~Acceptor() override;

    Result<quint16> listen(const QHostAddress &address, quint16 port); ///< the port; once
    void pause();                                                      ///< whoever connects waits in the kernel's queue
    void resume();
    void close();

signals:
    void accepted(int descriptor);     ///< non-blocking; now the receiver's
    void failed(const QString &error); ///< out of descriptors, say; it is paused then

private:
    void acceptSome();
    bool acceptOne();

    QTcpServer m_server{this}; // moves to the thread that listens
    int m_descriptor = -1;     ///< duplicate, because QTcpServer's own notifier cannot be kept off the original
    std::unique_ptr<QSocketNotifier> m_notifier;
};

} // namespace danube::rpc
