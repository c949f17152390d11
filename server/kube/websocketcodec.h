// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "shared/core/result.h"

#include <llhttp.h>

#include <QByteArray>
#include <QList>

#include <functional>
#include <optional>
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
    QByteArray body; ///< by Content-Length, chunks or end of the connection; at most 64 KiB, or what came of it
};

class WebSocketHandshake
{
public:
    /// `target`: path and query, encoded. `headers`: further lines "Name: value". `key`: 16 random bytes; empty = made
    /// here. Nothing of it may hold a line break.
    struct Settings
    {
        QByteArray target;
        QByteArray host;
        QList<QByteArray> headers = {};
        QByteArray subprotocols = {}; ///< "v5.channel.k8s.io, v4.channel.k8s.io"
        QByteArray key = {};
    };
    explicit WebSocketHandshake(const Settings &settings);

    QByteArray request() const { return m_request; }
    using Answer = std::variant<Upgraded, UpgradeRefused>;
    /// nullopt = more is needed. Protocol: not HTTP, a wrong Sec-WebSocket-Accept, a head over 64 KiB, an extension or
    /// a subprotocol that was not asked for. Call with ended = true when the connection closed (Unavailable: before
    /// the answer was there). Not to be called again after an answer or an error.
    Result<std::optional<Answer>> feed(QByteArrayView bytes, bool ended = false);
    /// After Upgraded: bytes that came behind the head.
    QByteArray takeRest() { return std::exchange(m_rest, {}); }

private:
    struct Callbacks;
    struct Head
    {
        QByteArray upgrade;
        QByteArray connection;
        QByteArray accept;
        QByteArray subprotocol;
        QByteArray extensions;
        QByteArray retryAfter;
    };
    Result<void> feedHead(QByteArrayView *bytes);
    llhttp_errno_t execute(QByteArrayView *bytes);
    void takeHeader();
    Result<std::optional<Answer>> answer() const;
    Result<std::optional<Answer>> upgraded() const;

    QByteArray m_request;
    QByteArray m_accept; ///< expected
    QByteArray m_subprotocols;
    llhttp_t m_parser{};
    qsizetype m_headBytes = 0;
    QByteArray m_name;
    QByteArray m_value;
    Head m_head;
    QByteArray m_body;
    QByteArray m_rest;
    bool m_isHeadComplete = false;
    bool m_isComplete = false;
};

/// Received frames. Payload is given out as it arrives, in pieces, so a large message is never held. Frames may lie in
/// one feed() or be cut anywhere; what follows a close frame is dropped.
class FrameReader
{
public:
    struct Sink
    {
        /// Binary or text. A piece points into the fed bytes; it is empty only where a frame is.
        std::function<void(QByteArrayView piece, bool isFirst, bool isLast)> message;
        std::function<void(QByteArray payload)> ping;
        std::function<void(QByteArray payload)> pong;
        std::function<void(quint16 code, QByteArray reason)> close; ///< 1005 when the frame had none
    };
    explicit FrameReader(Sink sink) : m_sink(std::move(sink)) {}
    /// Protocol: masked frame, reserved bits or opcode, control frame over 125 bytes or fragmented, stray
    /// continuation, close frame of one byte. Not to be called again after an error.
    Result<void> feed(QByteArrayView bytes);

private:
    Result<qsizetype> takeHead(QByteArrayView bytes);
    Result<void> beginFrame(QByteArrayView head);
    Result<void> takePayload(QByteArrayView piece);
    Result<void> endControl();

    Sink m_sink;
    QByteArray m_head;    ///< a head cut by the end of feed()'s bytes
    QByteArray m_control; ///< payload of a control frame
    quint64 m_left = 0;   ///< payload still to come
    quint8 m_opcode = 0;
    bool m_isFinal = false;
    bool m_inMessage = false;
    bool m_inFrame = false;
    bool m_isFirst = false;
    bool m_isClosed = false;
};

enum class Opcode : quint8 { Continuation = 0, Text = 1, Binary = 2, Close = 8, Ping = 9, Pong = 10 };

/// One whole masked frame, never fragmented (the servers do not reassemble). `mask`: 4 random bytes; empty = made here.
QByteArray makeFrame(Opcode opcode, QByteArrayView payload, QByteArrayView mask = {});
QByteArray makeCloseFrame(quint16 code, QByteArrayView reason = {});
/// A binary frame whose payload is the channel's byte and then `data`.
QByteArray makeChannelFrame(quint8 channel, QByteArrayView data, QByteArrayView mask = {});

} // namespace danube::kube
