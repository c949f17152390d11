// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/kube/execchannels.h"

namespace danube::kube {
namespace {

constexpr qsizetype maxStandardError = 4 << 10;

void appendUpTo(qsizetype maximum, QByteArray &kept, QByteArrayView piece)
{
    kept.append(piece.first(std::min(piece.size(), maximum - kept.size())));
}

} // namespace

QByteArrayView ExecChannels::take(QByteArrayView piece, bool isFirst, bool isLast)
{
    if (isFirst)
        m_channel.reset();
    if (!m_channel && !piece.isEmpty()) {
        m_channel = static_cast<quint8>(piece.front());
        piece = piece.sliced(1);
    }
    if (!m_channel)
        return {};
    switch (static_cast<Channel>(*m_channel)) {
    case Channel::Stdout:
        return piece;
    case Channel::Stderr:
        appendUpTo(maxStandardError, m_standardError, piece);
        return {};
    case Channel::Status:
        appendUpTo(largestExecStatus + 1, m_statusMessage, piece);
        if (isLast)
            onStatusMessage();
        return {};
    default:
        return {}; // other channels are for the client to write
    }
}

void ExecChannels::onStatusMessage()
{
    const QByteArray message = std::exchange(m_statusMessage, {});
    if (message.isEmpty() || m_status) // empty: a server that tells of its channel
        return;
    m_status = readExecStatus(message);
}

} // namespace danube::kube
