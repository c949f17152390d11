// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/http/gatedsocket.h"

#include <cstring>

namespace danube::http {

GatedSocket::GatedSocket(const QHostAddress &peer, quint16 peerPort, Sink sink) : m_sink(std::move(sink))
{
    setPeerAddress(peer);
    setPeerPort(peerPort);
    setSocketState(ConnectedState);
    setOpenMode(ReadWrite);
}

GatedSocket::~GatedSocket()
{
    setSocketState(UnconnectedState); // else the base class would try to close what was never open
}

void GatedSocket::offer(const QByteArray &requestHead)
{
    m_input = requestHead;
    m_read = 0;
    emit readyRead();
}

void GatedSocket::drop()
{
    m_sink = nullptr;
    if (state() == UnconnectedState)
        return;
    setSocketState(UnconnectedState);
    emit disconnected();
}

void GatedSocket::disconnectFromHost()
{
    if (m_sink)
        emit closeWanted();
}

qint64 GatedSocket::readData(char *data, qint64 maxSize)
{
    const qint64 size = std::min<qint64>(maxSize, m_input.size() - m_read);
    std::memcpy(data, m_input.constData() + m_read, static_cast<size_t>(size));
    m_read += size;
    return size;
}

qint64 GatedSocket::writeData(const char *data, qint64 size)
{
    if (m_sink)
        m_sink(QByteArrayView(data, size));
    return size;
}

} // namespace danube::http
