// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "shared/core/result.h"

#include <QByteArray>
#include <QList>

#include <functional>
#include <variant>

namespace danube::kube {

/// Client side of RFC 6455 as far as the exec endpoint needs it, sans I/O. Two parts: the opening handshake, which
/// keeps a refusal's status, headers and body, and the frames.

struct Upgraded
{
    QByteArray subprotocol; ///< may be empty
};
struct UpgradeRefused
{
    int httpCode = 0;
    QByteArray retryAfter;
    QByteArray body; ///< whole, by Content-Length, chunks or end of the connection; at most 64 KiB
};

class WebSocketHandshake
{
public:
    /// `target`: path and query, encoded. `headers`: further lines "Name: value". `key`: 16 random bytes; empty = made
    /// here.
    struct Settings
    {
        QByteArray target;
        QByteArray host;
        QList<QByteArray> headers;
        QByteArray subprotocols; ///< "v5.channel.k8s.io, v4.channel.k8s.io"
        QByteArray key;
    };
    explicit WebSocketHandshake(const Settings &settings);

    QByteArray request() const { return m_request; }
    using Answer = std::variant<Upgraded, UpgradeRefused>;
    /// nullopt = more is needed. Protocol: not HTTP, a wrong Sec-WebSocket-Accept, a head over 64 KiB, an extension or
    /// a subprotocol that was not asked for. Call with ended = true when the connection closed.
    Result<std::optional<Answer>> feed(QByteArrayView bytes, bool ended = false);
    /// After Upgraded: bytes that came behind the head.
    QByteArray takeRest();

private:
    QByteArray m_request;
    QByteArray m_accept;
    QByteArray m_subprotocols;
    QByteArray m_received;
};

/// Received frames. Payload is given out as it arrives, in pieces, so a large message is never held.
class FrameReader
{
public:
    struct Sink
    {
        std::function<void(QByteArrayView piece, bool isFirst, bool isLast)> message; ///< binary or text
        std::function<void(QByteArray payload)> ping;
        std::function<void(QByteArray payload)> pong;
        std::function<void(quint16 code, QByteArray reason)> close; ///< 1005 when the frame had none
    };
    explicit FrameReader(Sink sink);
    /// Protocol: masked frame, reserved bits or opcode, control frame over 125 bytes or fragmented, stray continuation.
    Result<void> feed(QByteArrayView bytes);

private:
    Sink m_sink;
    QByteArray m_head;
    QByteArray m_control;
    quint64 m_left = 0;
    quint8 m_opcode = 0;
    bool m_isFinal = false;
    bool m_inMessage = false;
    bool m_inFrame = false;
    bool m_isFirst = false;
};

enum class Opcode : quint8 { Continuation = 0, Text = 1, Binary = 2, Close = 8, Ping = 9, Pong = 10 };

/// One whole masked frame, never fragmented (the servers do not reassemble). `mask`: 4 random bytes; empty = made here.
QByteArray makeFrame(Opcode opcode, QByteArrayView payload, QByteArrayView mask = {});
QByteArray makeCloseFrame(quint16 code, QByteArrayView reason = {});

} // namespace danube::kube
