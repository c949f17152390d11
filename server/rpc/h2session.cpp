// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/rpc/h2session.h"

#include "server/rpc/h2callbacks.h"

#include <QVarLengthArray>

#include <array>
#include <charconv>
#include <cstring>
#include <new>

namespace danube::rpc {
namespace {

// Small enough that the acknowledgements one slice can ask for stay below maxQueuedAcks before the flood guard acts.
constexpr qsizetype feedSlice = 16 * 1024;
constexpr size_t maxQueuedAcks = 4000;

// A peer that takes answers says so. More often than this is a game: no client tells of less than a kilobyte each time,
// but some tell of the end of each answer, for the stream and for the connection.
constexpr int64_t bytesPerWindowUpdate = 1024;
constexpr int64_t creditPerAnswer = 2 * bytesPerWindowUpdate;

constexpr qsizetype leastTaken = 4096; // of an answer within the time of silence: less is a window opened by the byte

constexpr char http1Farewell[] = "HTTP/1.1 505 HTTP Version Not Supported\r\ncontent-type: text/plain\r\n"
                                 "connection: close\r\n\r\n"
                                 "This port speaks HTTP/2 with prior knowledge, and nothing else.\n";

template <class T, void (*destroy)(T *)> struct Deleter
{
    void operator()(T *object) const { destroy(object); }
};
using Callbacks =
    std::unique_ptr<nghttp2_session_callbacks, Deleter<nghttp2_session_callbacks, nghttp2_session_callbacks_del>>;
using Option = std::unique_ptr<nghttp2_option, Deleter<nghttp2_option, nghttp2_option_del>>;

nghttp2_session *makeSession(H2Session *self)
{
    nghttp2_session_callbacks *rawCallbacks = nullptr;
    nghttp2_option *rawOption = nullptr;
    nghttp2_session *session = nullptr;
    if (nghttp2_session_callbacks_new(&rawCallbacks) != 0 || nghttp2_option_new(&rawOption) != 0)
        qFatal("out of memory");
    const Callbacks callbacks(rawCallbacks);
    const Option option(rawOption);
    H2Callbacks::install(rawCallbacks);
    nghttp2_option_set_no_auto_window_update(rawOption, 1);
    nghttp2_option_set_max_outbound_ack(rawOption, maxQueuedAcks);
    if (nghttp2_session_server_new2(&session, rawCallbacks, self, rawOption) != 0)
        qFatal("out of memory");
    return session;
}

nghttp2_nv field(QByteArrayView name, QByteArrayView value)
{
    // nghttp2 copies both and wants no const.
    return {reinterpret_cast<uint8_t *>(const_cast<char *>(name.data())),
            reinterpret_cast<uint8_t *>(const_cast<char *>(value.data())), static_cast<size_t>(name.size()),
            static_cast<size_t>(value.size()), NGHTTP2_NV_FLAG_NONE};
}

/// A number's digits on the stack.
class Digits
{
public:
    explicit Digits(qint64 number)
        : m_size(std::to_chars(m_bytes.data(), m_bytes.data() + m_bytes.size(), number).ptr - m_bytes.data())
    {}
    QByteArrayView text() const { return {m_bytes.data(), m_size}; }

private:
    std::array<char, 20> m_bytes{};
    qsizetype m_size;
};

bool looksLikeHttp1(QByteArrayView bytes)
{
    const auto isMethodLetter = [](char c) { return (c >= 'A' && c <= 'Z') || c == ' '; };
    return bytes.size() >= 4 && std::ranges::all_of(bytes.first(4), isMethodLetter);
}

} // namespace

H2Session::H2Session(const H2Limits &limits)
    : m_limits(limits), m_session(makeSession(this)), m_flood(limits.floodBurst, limits.floodPerSecond)
{
    const std::array<nghttp2_settings_entry, 4> settings{{
        {NGHTTP2_SETTINGS_MAX_CONCURRENT_STREAMS, limits.concurrentStreams},
        {NGHTTP2_SETTINGS_INITIAL_WINDOW_SIZE, limits.streamWindow},
        {NGHTTP2_SETTINGS_MAX_HEADER_LIST_SIZE, limits.headerListSize},
        {NGHTTP2_SETTINGS_NO_RFC7540_PRIORITIES, 1},
    }};
    nghttp2_submit_settings(m_session, NGHTTP2_FLAG_NONE, settings.data(), settings.size());
    nghttp2_session_set_local_window_size(m_session, NGHTTP2_FLAG_NONE, 0,
                                          static_cast<int32_t>(limits.connectionWindow));
}

H2Session::~H2Session()
{
    nghttp2_session_del(m_session);
}

H2Session::Stream *H2Session::find(StreamId stream)
{
    const auto id = static_cast<int32_t>(stream);
    if (m_found && m_foundId == id)
        return m_found;
    const auto found = m_streams.find(id);
    m_foundId = id;
    m_found = found == m_streams.end() ? nullptr : &found->second;
    return m_found;
}

void H2Session::feed(QByteArrayView bytes, SteadyTime now)
{
    m_now = now;
    while (!bytes.isEmpty() && !m_isReadOver) {
        const auto slice = bytes.first(std::min(bytes.size(), feedSlice));
        const auto read = nghttp2_session_mem_recv2(m_session, reinterpret_cast<const uint8_t *>(slice.data()),
                                                    static_cast<size_t>(slice.size()));
        if (read < 0)
            return failRead(static_cast<int>(read), bytes);
        bytes = bytes.sliced(read);
    }
}

void H2Session::failRead(int code, QByteArrayView bytes)
{
    m_isReadOver = true;
    m_speaksHttp2 = code != NGHTTP2_ERR_BAD_CLIENT_MAGIC;
    if (!m_speaksHttp2) {
        m_farewell = looksLikeHttp1(bytes) ? http1Farewell : "";
        note(Refusal::NotHttp2);
    } else if (code == NGHTTP2_ERR_FLOODED || code == NGHTTP2_ERR_TOO_MANY_CONTINUATIONS)
        nghttp2_session_terminate_session(m_session, NGHTTP2_ENHANCE_YOUR_CALM);
    else
        nghttp2_session_terminate_session(m_session, NGHTTP2_PROTOCOL_ERROR);
}

void H2Session::countFrame()
{
    if (m_isReadOver || m_flood.take(m_now))
        return;
    m_isReadOver = true;
    nghttp2_session_terminate_session(m_session, NGHTTP2_ENHANCE_YOUR_CALM);
}

void H2Session::countWindowUpdate()
{
    if (m_windowCredit >= bytesPerWindowUpdate)
        m_windowCredit -= bytesPerWindowUpdate;
    else
        countFrame();
}

void H2Session::note(std::optional<Refusal> why)
{
    if (why)
        m_events.emplace_back(PeerRefused{*why});
}

void H2Session::takeOutput(QByteArray &into, qsizetype enough)
{
    if (!m_speaksHttp2) {
        into += std::exchange(m_farewell, {});
        return;
    }
    while (into.size() < enough) {
        const uint8_t *bytes = nullptr;
        const auto size = nghttp2_session_mem_send2(m_session, &bytes);
        if (size <= 0) {
            m_isReadOver = m_isReadOver || size < 0;
            return;
        }
        into.append(reinterpret_cast<const char *>(bytes), static_cast<qsizetype>(size));
    }
}

bool H2Session::isOver() const
{
    if (!m_speaksHttp2)
        return m_farewell.isEmpty();
    const bool canRead = !m_isReadOver && nghttp2_session_want_read(m_session) != 0;
    return !canRead && nghttp2_session_want_write(m_session) == 0;
}

void H2Session::respond(StreamId id, Response response)
{
    Stream *stream = find(id);
    if (!stream || stream->isAnswered)
        return;
    stream->isAnswered = true;
    stream->response = std::move(response);
    m_windowCredit += creditPerAnswer;
    const auto refused = refusalOfStatus(stream->response.status);
    note(refused);
    if (refused == Refusal::UnknownToken || refused == Refusal::LargeHead)
        countFrame(); // no honest client does that all the time
    Response &answer = stream->response;
    const Digits status(answer.status);
    const Digits size(answer.source ? answer.sourceSize : qint64(answer.body.size()));
    QVarLengthArray<nghttp2_nv, 8> fields{field(":status", status.text()), field("content-type", answer.contentType),
                                          field("content-length", size.text())};
    for (const auto &[name, value] : answer.headers)
        fields.push_back(field(name, value));
    if (stream->isHead) {
        answer.body.clear();
        answer.source.reset();
    }
    const nghttp2_data_provider2 provider{{.ptr = nullptr}, H2Callbacks::readBody};
    nghttp2_submit_response2(m_session, static_cast<int32_t>(id), fields.data(), static_cast<size_t>(fields.size()),
                             &provider);
}

std::optional<size_t> H2Session::readBody(Stream &stream, std::span<char> into, bool &isEnd)
{
    if (stream.isCut)
        return std::nullopt;
    Response &response = stream.response;
    const auto left = (response.source ? response.sourceSize : response.body.size()) - stream.bodyAt;
    into = into.first(std::min(into.size(), static_cast<size_t>(left)));
    if (response.source) {
        if (!into.empty() && !response.source->read(into))
            return std::nullopt;
    } else {
        std::memcpy(into.data(), response.body.constData() + stream.bodyAt, into.size());
    }
    stream.bodyAt += static_cast<qsizetype>(into.size());
    m_windowCredit += static_cast<int64_t>(into.size());
    isEnd = static_cast<size_t>(left) == into.size();
    return into.size();
}

void H2Session::reset(StreamId stream, uint32_t errorCode)
{
    if (find(stream))
        nghttp2_submit_rst_stream(m_session, NGHTTP2_FLAG_NONE, static_cast<int32_t>(stream), errorCode);
}

void H2Session::cutAnswer(StreamId id)
{
    Stream *stream = find(id);
    if (!stream || std::exchange(stream->isCut, true))
        return;
    stream->response = {};
    note(Refusal::StalledAnswer);
    reset(id, NGHTTP2_CANCEL);
}

void H2Session::forgetAnswers()
{
    for (auto &[id, stream] : m_streams) {
        stream.isCut = true;
        stream.response = {};
    }
}

void H2Session::consume(StreamId id, size_t bytes)
{
    Stream *stream = find(id);
    if (!stream)
        return;
    Q_ASSERT(bytes <= stream->unconsumed);
    stream->unconsumed -= bytes;
    nghttp2_session_consume(m_session, static_cast<int32_t>(id), bytes);
}

void H2Session::growWindow(StreamId stream, int32_t bytes)
{
    if (find(stream))
        nghttp2_session_set_local_window_size(m_session, NGHTTP2_FLAG_NONE, static_cast<int32_t>(stream), bytes);
}

void H2Session::endStalls(SteadyTime now, milliseconds silence)
{
    for (auto &[id, stream] : m_streams) {
        if (!stream.isAnswered)
            continue;
        const bool hasMoved = stream.bodyAt - stream.watchedAt >= leastTaken;
        const bool isStalled = stream.watchedSince && !hasMoved && now - *stream.watchedSince > silence;
        if (isStalled) {
            nghttp2_submit_rst_stream(m_session, NGHTTP2_FLAG_NONE, id, NGHTTP2_CANCEL);
            note(Refusal::StalledAnswer);
        }
        if (hasMoved || isStalled || !stream.watchedSince) {
            stream.watchedAt = stream.bodyAt;
            stream.watchedSince = now;
        }
    }
}

void H2Session::ping()
{
    nghttp2_submit_ping(m_session, NGHTTP2_FLAG_NONE, nullptr);
}

void H2Session::announceShutdown()
{
    nghttp2_submit_shutdown_notice(m_session);
}

void H2Session::shutDown(uint32_t errorCode)
{
    nghttp2_session_terminate_session(m_session, errorCode);
}

} // namespace danube::rpc
