// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "shared/core/result.h"

#include <QByteArray>

#include <functional>
#include <map>
#include <memory>
#include <span>
#include <vector>

struct nghttp2_session;

namespace danube::coordinator {

/// Fills the span with the next bytes of a request body; 0 = the end, negative = they cannot be had (stream is reset).
using BodySource = std::move_only_function<qint64(std::span<char>)>;

struct H2Request
{
    QByteArray method;
    QByteArray authority; ///< host:port
    QByteArray path;      ///< with query, encoded
    QByteArray contentType;
    QByteArray authorization; ///< never indexed by HPACK
    qint64 contentLength = 0; ///< of `body`
    BodySource body;          ///< empty = none
};

struct H2Event
{
    enum class Kind {
        Head,   ///< status and retryAfter
        Data,   ///< bytes
        End,    ///< the whole answer has come
        Reset,  ///< the stream ended before its answer; error is an HTTP/2 error code
        GoAway, ///< no new streams on this connection
        Pong,
    };
    Kind kind{};
    int32_t stream = 0;
    int status = 0;
    QByteArray retryAfter{};
    QByteArray bytes{};
    uint32_t error = 0;
};

/// The client side of one HTTP/2 connection with prior knowledge (RFC 9113), without a socket: feed() takes what came
/// in, takeOutput() gives what is to go out. Requests beyond the peer's stream limit wait inside. One thread.
class H2Session
{
public:
    H2Session();
    ~H2Session();

    int32_t submit(H2Request request);
    void cancel(int32_t stream);
    void ping();
    /// Protocol error: the connection is of no use any more.
    Result<void> feed(QByteArrayView bytes);
    std::vector<H2Event> takeEvents();
    /// About `limit` bytes at most; empty = nothing to send now.
    Result<QByteArray> takeOutput(qsizetype limit);
    bool hasStreams() const { return !m_streams.empty(); }

private:
    struct Stream
    {
        BodySource body;
        int status = 0;
        QByteArray retryAfter;
        bool sent = true;      ///< request body completely handed out
        bool answered = false; ///< END_STREAM seen
    };
    struct Callbacks;
    struct SessionDeleter
    {
        void operator()(nghttp2_session *session) const;
    };
    void push(H2Event event) { m_events.push_back(std::move(event)); }

    std::unique_ptr<nghttp2_session, SessionDeleter> m_session;
    std::map<int32_t, Stream> m_streams;
    std::vector<H2Event> m_events;
};

} // namespace danube::coordinator
