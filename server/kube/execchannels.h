// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "server/kube/execstatus.h"

#include <QByteArrayView>

#include <optional>

namespace danube::kube {

/// Takes the messages of an exec apart by their channels: stdout is for whoever reads it, of stderr the first 4 KiB are
/// kept, and the first status, of at most 64 KiB. Pure.
class ExecChannels
{
public:
    /// A piece of a message, as FrameReader gives it. What of it is the command's stdout, within `piece`.
    QByteArrayView take(QByteArrayView piece, bool isFirst, bool isLast);
    const std::optional<ExecStatus> &status() const { return m_status; } ///< once it has come
    const QByteArray &standardError() const { return m_standardError; }

private:
    void onStatusMessage();

    std::optional<quint8> m_channel; ///< of the message at hand, once its first byte has come
    QByteArray m_statusMessage;
    QByteArray m_standardError;
    std::optional<ExecStatus> m_status;
};

} // namespace danube::kube
