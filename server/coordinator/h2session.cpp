// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/coordinator/h2session.h"

#include <nghttp2/nghttp2.h>

#include <array>

using namespace Qt::StringLiterals;

namespace danube::coordinator {
namespace {

constexpr int32_t streamWindow = 1 << 20;
constexpr int32_t connectionWindow = 8 << 20;

nghttp2_nv headerOf(QByteArrayView name, QByteArrayView value, uint8_t flags = NGHTTP2_NV_FLAG_NONE)
{
    // nghttp2 copies both before submit returns, and takes them as mutable for no reason.
    const auto bytes = [](const char *text) { return reinterpret_cast<uint8_t *>(const_cast<char *>(text)); };
    return {bytes(name.data()), bytes(value.data()), static_cast<size_t>(name.size()),
            static_cast<size_t>(value.size()), flags};
}

Error protocolError(const char *attempt, ssize_t code)
{
    return {ErrorCode::Protocol,
            QLatin1StringView(attempt) + u": "_s + QString::fromLatin1(nghttp2_strerror(static_cast<int>(code)))};
}

} // namespace

struct H2Session::Callbacks
{
    static H2Session &self(void *user) { return *static_cast<H2Session *>(user); }

    static int header(nghttp2_session *, const nghttp2_frame *frame, const uint8_t *name, size_t nameLength,
                      const uint8_t *value, size_t valueLength, uint8_t, void *user)
    {
        const auto found = self(user).m_streams.find(frame->hd.stream_id);
        if (found == self(user).m_streams.end())
            return 0;
        const QByteArrayView key(name, static_cast<qsizetype>(nameLength));
        const QByteArrayView text(value, static_cast<qsizetype>(valueLength));
        if (key == ":status")
            found->second.status = text.toInt();
        else if (key == "retry-after")
            found->second.retryAfter = text.toByteArray();
        return 0;
    }

    static int frame(nghttp2_session *session, const nghttp2_frame *frame, void *user)
    {
        auto &me = self(user);
        if (frame->hd.type == NGHTTP2_GOAWAY)
            me.push({.kind = H2Event::Kind::GoAway});
        if (frame->hd.type == NGHTTP2_PING && (frame->hd.flags & NGHTTP2_FLAG_ACK))
            me.push({.kind = H2Event::Kind::Pong});
        const auto found = me.m_streams.find(frame->hd.stream_id);
        if (found == me.m_streams.end())
            return 0;
        auto &stream = found->second;
        // 1xx answers come before the real one.
        if (frame->hd.type == NGHTTP2_HEADERS && stream.status >= 200)
            me.push({H2Event::Kind::Head, found->first, stream.status, stream.retryAfter, {}, 0});
        const bool carriesEnd = frame->hd.type == NGHTTP2_HEADERS || frame->hd.type == NGHTTP2_DATA;
        if (carriesEnd && (frame->hd.flags & NGHTTP2_FLAG_END_STREAM)) {
            stream.answered = true;
            // An answer before the request was all sent (too large, not allowed): the rest is not wanted.
            if (!stream.sent)
                nghttp2_submit_rst_stream(session, NGHTTP2_FLAG_NONE, found->first, NGHTTP2_NO_ERROR);
        }
        return 0;
    }

    static int data(nghttp2_session *, uint8_t, int32_t stream, const uint8_t *bytes, size_t length, void *user)
    {
        self(user).push({.kind = H2Event::Kind::Data,
                         .stream = stream,
                         .bytes = QByteArray(reinterpret_cast<const char *>(bytes), static_cast<qsizetype>(length))});
        return 0;
    }

    static int closed(nghttp2_session *, int32_t stream, uint32_t error, void *user)
    {
        auto node = self(user).m_streams.extract(stream);
        if (node.empty())
            return 0;
        const auto kind = node.mapped().answered ? H2Event::Kind::End : H2Event::Kind::Reset;
        self(user).push({.kind = kind, .stream = stream, .error = error});
        return 0;
    }

    /// Header blocks that never left (the peer went away first).
    static int notSent(nghttp2_session *, const nghttp2_frame *frame, int, void *user)
    {
        if (frame->hd.type != NGHTTP2_HEADERS)
            return 0;
        auto node = self(user).m_streams.extract(frame->hd.stream_id);
        if (!node.empty())
            self(user).push(
                {.kind = H2Event::Kind::Reset, .stream = frame->hd.stream_id, .error = NGHTTP2_REFUSED_STREAM});
        return 0;
    }

    static nghttp2_ssize body(nghttp2_session *, int32_t id, uint8_t *buffer, size_t length, uint32_t *flags,
                              nghttp2_data_source *, void *user)
    {
        const auto found = self(user).m_streams.find(id);
        if (found == self(user).m_streams.end())
            return NGHTTP2_ERR_TEMPORAL_CALLBACK_FAILURE;
        auto &stream = found->second;
        const auto got = stream.body({reinterpret_cast<char *>(buffer), length});
        if (got < 0)
            return NGHTTP2_ERR_TEMPORAL_CALLBACK_FAILURE;
        if (got == 0) {
            *flags |= NGHTTP2_DATA_FLAG_EOF;
            stream.sent = true;
        }
        return got;
    }
};

void H2Session::SessionDeleter::operator()(nghttp2_session *session) const
{
    nghttp2_session_del(session);
}

H2Session::H2Session()
{
    nghttp2_session_callbacks *callbacks = nullptr;
    nghttp2_session_callbacks_new(&callbacks);
    nghttp2_session_callbacks_set_on_header_callback(callbacks, Callbacks::header);
    nghttp2_session_callbacks_set_on_frame_recv_callback(callbacks, Callbacks::frame);
    nghttp2_session_callbacks_set_on_data_chunk_recv_callback(callbacks, Callbacks::data);
    nghttp2_session_callbacks_set_on_stream_close_callback(callbacks, Callbacks::closed);
    nghttp2_session_callbacks_set_on_frame_not_send_callback(callbacks, Callbacks::notSent);
    nghttp2_session *session = nullptr;
    nghttp2_session_client_new(&session, callbacks, this);
    nghttp2_session_callbacks_del(callbacks);
    m_session.reset(session);
    const std::array settings{nghttp2_settings_entry{NGHTTP2_SETTINGS_ENABLE_PUSH, 0},
                              nghttp2_settings_entry{NGHTTP2_SETTINGS_INITIAL_WINDOW_SIZE, streamWindow}};
    nghttp2_submit_settings(session, NGHTTP2_FLAG_NONE, settings.data(), settings.size());
    nghttp2_session_set_local_window_size(session, NGHTTP2_FLAG_NONE, 0, connectionWindow);
}

H2Session::~H2Session() = default;

int32_t H2Session::submit(H2Request request)
{
    const auto length = QByteArray::number(request.contentLength);
    std::vector<nghttp2_nv> headers{headerOf(":method", request.method), headerOf(":scheme", "http"),
                                    headerOf(":authority", request.authority), headerOf(":path", request.path)};
    if (!request.authorization.isEmpty())
        headers.push_back(headerOf("authorization", request.authorization, NGHTTP2_NV_FLAG_NO_INDEX));
    nghttp2_data_provider2 provider{};
    provider.read_callback = Callbacks::body;
    const bool hasBody = static_cast<bool>(request.body);
    if (hasBody) {
        headers.push_back(headerOf("content-type", request.contentType));
        headers.push_back(headerOf("content-length", length));
    }
    const auto id = nghttp2_submit_request2(m_session.get(), nullptr, headers.data(), headers.size(),
                                            hasBody ? &provider : nullptr, nullptr);
    if (id < 0)
        return id;
    m_streams.emplace(id, Stream{std::move(request.body), 0, {}, !hasBody, false});
    return id;
}

void H2Session::cancel(int32_t stream)
{
    nghttp2_submit_rst_stream(m_session.get(), NGHTTP2_FLAG_NONE, stream, NGHTTP2_CANCEL);
}

void H2Session::ping()
{
    nghttp2_submit_ping(m_session.get(), NGHTTP2_FLAG_NONE, nullptr);
}

Result<void> H2Session::feed(QByteArrayView bytes)
{
    const auto read = nghttp2_session_mem_recv2(m_session.get(), reinterpret_cast<const uint8_t *>(bytes.data()),
                                                static_cast<size_t>(bytes.size()));
    if (read < 0)
        return std::unexpected(protocolError("read HTTP/2", read));
    return {};
}

std::vector<H2Event> H2Session::takeEvents()
{
    return std::exchange(m_events, {});
}

Result<QByteArray> H2Session::takeOutput(qsizetype limit)
{
    QByteArray output;
    while (output.size() < limit) {
        const uint8_t *bytes = nullptr;
        const auto length = nghttp2_session_mem_send2(m_session.get(), &bytes);
        if (length < 0)
            return std::unexpected(protocolError("write HTTP/2", length));
        if (length == 0)
            break;
        output.append(reinterpret_cast<const char *>(bytes), static_cast<qsizetype>(length));
    }
    return output;
}

} // namespace danube::coordinator
