// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "server/rpc/floodguard.h"
#include "server/rpc/message.h"
#include "server/rpc/refusal.h"

#include <nghttp2/nghttp2.h>

#include <unordered_map>
#include <variant>

namespace danube::rpc {

enum class StreamId : int32_t {};

struct RequestStarted
{
    StreamId stream;
    RequestHead head;
};
struct BodyChunk
{
    StreamId stream;
    QByteArrayView bytes; ///< points into what feed() was given
};
struct RequestEnded
{
    StreamId stream;
};
struct StreamClosed ///< nothing may be said on the stream any more; also after a complete answer
{
    StreamId stream;
};
struct PeerRefused ///< for counting; what becomes of stream and connection is told by itself
{
    Refusal why;
};
using H2Event = std::variant<RequestStarted, BodyChunk, RequestEnded, StreamClosed, PeerRefused>;

struct H2Limits
{
    uint32_t concurrentStreams = 128;
    uint32_t streamWindow = 256 * 1024; ///< bytes a stream may send before anybody looked at it
    uint32_t connectionWindow = 16 * 1024 * 1024;
    uint32_t headerListSize = 32 * 1024; ///< then RequestHead::oversized
    /// PING, SETTINGS, PRIORITY, RST_STREAM, empty DATA, WINDOW_UPDATE beyond what answers call for,
    /// resets by us, and calls without a genuine token, together; then GOAWAY ENHANCE_YOUR_CALM.
    int floodBurst = 400;
    int floodPerSecond = 100;
};

/// The server side of one HTTP/2 connection with prior knowledge (RFC 9113 section 3.3), without a socket: feed()
/// bytes, takeEvents(), respond(), takeOutput(). Body bytes are given back to the peer's window only by consume(), so
/// that who handles them sets the pace. Not thread-safe; calls for streams that are gone are ignored.
class H2Session
{
public:
    explicit H2Session(const H2Limits &limits);
    ~H2Session();
    H2Session(const H2Session &) = delete;
    H2Session &operator=(const H2Session &) = delete;

    void feed(QByteArrayView bytes, SteadyTime now);
    /// Events since the last call; BodyChunk views live until the bytes fed last change.
    std::vector<H2Event> takeEvents() { return std::exchange(m_events, {}); }
    /// The same into memory that is used again, unless a burst made it large; what was in it is gone.
    void takeEvents(std::vector<H2Event> &into)
    {
        constexpr size_t kept = 256;
        into.clear();
        if (into.capacity() > kept)
            into.shrink_to_fit();
        into.swap(m_events);
    }
    /// Appends frames to `into` until it holds `enough` bytes or nothing is left to say. May cause events.
    void takeOutput(QByteArray &into, qsizetype enough);
    bool isOver() const; ///< nothing will be read any more; close after the last output

    void respond(StreamId stream, Response response); ///< once per stream; body bytes still coming are dropped
    void reset(StreamId stream, uint32_t errorCode);
    void cutAnswer(StreamId stream); ///< forgets what is left of the answer, and resets (CANCEL)
    void forgetAnswers();            ///< nothing more will be said: isOver(), and no output is left
    /// Reopens the peer's windows by body bytes that are dealt with. What is not consumed when a stream closes is given
    /// back to the connection by itself.
    void consume(StreamId stream, size_t bytes);
    void growWindow(StreamId stream, int32_t bytes);
    /// Resets answers of which the peer took less than 4 KiB for longer than `silence`. To be called about once a
    /// second.
    void endStalls(SteadyTime now, milliseconds silence);
    void ping();
    void announceShutdown();           ///< GOAWAY that still lets requests on their way arrive (RFC 9113 section 6.8)
    void shutDown(uint32_t errorCode); ///< GOAWAY and the end: streams still open are dropped
    bool hasHeard() const { return m_hasPreface || m_isReadOver; } ///< the peer said what it speaks
    bool hasPreface() const { return m_hasPreface; }               ///< the client's connection preface came

private:
    friend struct H2Callbacks;
    struct Stream
    {
        RequestHead head;
        size_t headerBytes = 0;
        size_t unconsumed = 0;
        bool isHead = false; ///< the answer has no body
        bool isAnswered = false;
        bool isCut = false; ///< the rest of the answer is gone
        Response response;
        qsizetype bodyAt = 0;
        qsizetype watchedAt = 0; ///< bodyAt when it last had moved on
        std::optional<SteadyTime> watchedSince;
    };

    Stream *find(StreamId stream);
    void failRead(int code, QByteArrayView bytes);
    void countFrame(); ///< one frame that may be a flood
    void countWindowUpdate();
    void note(std::optional<Refusal> why);
    std::optional<size_t> readBody(Stream &stream, std::span<char> into, bool &isEnd);

    H2Limits m_limits;
    nghttp2_session *m_session = nullptr;
    std::unordered_map<int32_t, Stream> m_streams;
    int32_t m_foundId = 0; ///< of the stream that was looked for last: most callbacks in a row are for one
    Stream *m_found = nullptr;
    RequestHead m_lastHead; ///< its texts, which most peers send with every call, are kept once
    std::vector<H2Event> m_events;
    FloodGuard m_flood;
    int64_t m_windowCredit = 0; ///< bytes of answers that no WINDOW_UPDATE came for yet
    SteadyTime m_now{};
    QByteArray m_farewell;     ///< said instead of HTTP/2 to a peer that does not speak it
    bool m_speaksHttp2 = true; ///< false: after the farewell nothing more is said
    bool m_hasPreface = false;
    bool m_isReadOver = false;
};

} // namespace danube::rpc
