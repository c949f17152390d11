// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/rpc/h2callbacks.h"

namespace danube::rpc {
namespace {

constexpr size_t headerOverhead = 32; // RFC 9113 section 6.5.2: how a header list's size is counted

H2Session &sessionOf(void *self)
{
    return *static_cast<H2Session *>(self);
}

bool isRequestHead(const nghttp2_frame *frame)
{
    return frame->hd.type == NGHTTP2_HEADERS && frame->headers.cat == NGHTTP2_HCAT_REQUEST;
}

/// `last` is what the peer said before, and shares its memory if that is the same again.
void keepText(QByteArray &text, QByteArrayView value, QByteArray &last)
{
    if (last.isNull() || last != value) // never null when it came, not even when empty
        last = value.toByteArray();
    text = last;
}

/// False: it came before and must not come twice, for two readers could take different ones (RFC 9110 section 5.3).
/// Pseudo-fields, Host and Content-Length that come twice are refused by nghttp2.
bool keepField(RequestHead &head, QByteArrayView name, QByteArrayView value, RequestHead &last)
{
    if (name == ":method")
        keepText(head.method, value, last.method);
    else if (name == ":path")
        keepText(head.target, value, last.target);
    else if (name == "content-length")
        head.contentLength = value.toLongLong(); // nghttp2 let only digits through
    else if (name == "authorization") {
        const bool isFirst = head.authorization.isNull();
        keepText(head.authorization, value, last.authorization);
        return isFirst;
    }
    return true;
}

// Frames that cost the peer little and us an answer or a turn. WINDOW_UPDATE has an account of its own: a fast download
// needs thousands.
bool mayBeFlood(const nghttp2_frame_hd *head)
{
    switch (head->type) {
    case NGHTTP2_DATA:
        return head->length == 0 && !(head->flags & NGHTTP2_FLAG_END_STREAM);
    case NGHTTP2_PING:
    case NGHTTP2_SETTINGS:
        return !(head->flags & NGHTTP2_FLAG_ACK);
    case NGHTTP2_HEADERS:      // a call: whoever may call may do so often
    case NGHTTP2_CONTINUATION: // nghttp2 bounds them
    case NGHTTP2_WINDOW_UPDATE:
        return false;
    default: // PRIORITY, RST_STREAM, GOAWAY; frames that nobody knows do not come here, nghttp2 skips them
        return true;
    }
}

} // namespace

void H2Callbacks::install(nghttp2_session_callbacks *callbacks)
{
    nghttp2_session_callbacks_set_on_begin_frame_callback(callbacks, onBeginFrame);
    nghttp2_session_callbacks_set_on_begin_headers_callback(callbacks, onBeginHeaders);
    nghttp2_session_callbacks_set_on_header_callback(callbacks, onHeader);
    nghttp2_session_callbacks_set_on_frame_recv_callback(callbacks, onFrame);
    nghttp2_session_callbacks_set_on_data_chunk_recv_callback(callbacks, onData);
    nghttp2_session_callbacks_set_on_frame_send_callback(callbacks, onFrameSent);
    nghttp2_session_callbacks_set_on_stream_close_callback(callbacks, onStreamClosed);
}

int H2Callbacks::onBeginFrame(nghttp2_session *handle, const nghttp2_frame_hd *head, void *self)
{
    auto &session = sessionOf(self);
    session.m_hasPreface = true;
    if (head->type == NGHTTP2_WINDOW_UPDATE)
        session.countWindowUpdate();
    else if (mayBeFlood(head))
        session.countFrame();
    if (head->type == NGHTTP2_PRIORITY && head->stream_id == 0) { // RFC 9113 section 6.3; nghttp2 passes over it
        session.m_isReadOver = true;
        nghttp2_session_terminate_session(handle, NGHTTP2_PROTOCOL_ERROR);
    }
    return 0;
}

int H2Callbacks::onBeginHeaders(nghttp2_session *, const nghttp2_frame *frame, void *self)
{
    auto &session = sessionOf(self);
    if (isRequestHead(frame)) {
        session.m_foundId = frame->hd.stream_id;
        session.m_found = &session.m_streams.try_emplace(frame->hd.stream_id).first->second;
    }
    return 0;
}

int H2Callbacks::onHeader(nghttp2_session *handle, const nghttp2_frame *frame, const uint8_t *name, size_t nameSize,
                          const uint8_t *value, size_t valueSize, uint8_t, void *self)
{
    auto &session = sessionOf(self);
    auto *stream = session.find(StreamId(frame->hd.stream_id));
    if (!stream || !isRequestHead(frame)) // trailers mean nothing here
        return 0;
    stream->headerBytes += nameSize + valueSize + headerOverhead;
    stream->head.oversized = stream->headerBytes > session.m_limits.headerListSize;
    if (stream->head.oversized ||
        keepField(stream->head, QByteArrayView(name, static_cast<qsizetype>(nameSize)),
                  QByteArrayView(value, static_cast<qsizetype>(valueSize)), session.m_lastHead))
        return 0;
    nghttp2_submit_rst_stream(handle, NGHTTP2_FLAG_NONE, frame->hd.stream_id, NGHTTP2_PROTOCOL_ERROR);
    return NGHTTP2_ERR_TEMPORAL_CALLBACK_FAILURE; // the rest of the block is unpacked and not told
}

int H2Callbacks::onFrame(nghttp2_session *, const nghttp2_frame *frame, void *self)
{
    auto &session = sessionOf(self);
    const StreamId id{frame->hd.stream_id};
    auto *stream = session.find(id);
    if (!stream || (frame->hd.type != NGHTTP2_HEADERS && frame->hd.type != NGHTTP2_DATA))
        return 0;
    const bool ends = frame->hd.flags & NGHTTP2_FLAG_END_STREAM;
    if (frame->hd.type == NGHTTP2_DATA && !ends && frame->hd.length && frame->hd.length == frame->data.padlen)
        session.countFrame(); // empty but for its padding
    if (isRequestHead(frame)) {
        stream->head.endsHere = ends;
        stream->isHead = stream->head.method == "HEAD";
        session.m_events.emplace_back(RequestStarted{id, std::exchange(stream->head, {})});
    }
    if (ends && !stream->isAnswered)
        session.m_events.emplace_back(RequestEnded{id});
    return 0;
}

int H2Callbacks::onData(nghttp2_session *handle, uint8_t, int32_t streamId, const uint8_t *bytes, size_t size,
                        void *self)
{
    auto &session = sessionOf(self);
    auto *stream = session.find(StreamId(streamId));
    if (!stream || stream->isAnswered)
        return nghttp2_session_consume(handle, streamId, size);
    stream->unconsumed += size;
    session.m_events.emplace_back(BodyChunk{StreamId(streamId), QByteArrayView(bytes, static_cast<qsizetype>(size))});
    return 0;
}

int H2Callbacks::onFrameSent(nghttp2_session *, const nghttp2_frame *frame, void *self)
{
    auto &session = sessionOf(self);
    if (frame->hd.type == NGHTTP2_GOAWAY)
        session.note(refusalOfGoaway(frame->goaway.error_code));
    if (frame->hd.type != NGHTTP2_RST_STREAM || frame->rst_stream.error_code == NGHTTP2_NO_ERROR)
        return 0;
    session.note(refusalOfReset(frame->rst_stream.error_code));
    session.countFrame(); // a peer that makes us reset its streams costs as much as one that resets them itself
    return 0;
}

int H2Callbacks::onStreamClosed(nghttp2_session *handle, int32_t streamId, uint32_t, void *self)
{
    auto &session = sessionOf(self);
    const auto found = session.m_streams.find(streamId);
    if (found == session.m_streams.end())
        return 0;
    nghttp2_session_consume_connection(handle, found->second.unconsumed);
    session.m_streams.erase(found);
    session.m_found = nullptr;
    session.m_events.emplace_back(StreamClosed{StreamId(streamId)});
    return 0;
}

nghttp2_ssize H2Callbacks::readBody(nghttp2_session *session, int32_t streamId, uint8_t *buffer, size_t length,
                                    uint32_t *flags, nghttp2_data_source *, void *self)
{
    auto *stream = sessionOf(self).find(StreamId(streamId));
    bool isEnd = false;
    const auto read =
        stream ? sessionOf(self).readBody(*stream, {reinterpret_cast<char *>(buffer), length}, isEnd) : std::nullopt;
    if (!read)
        return NGHTTP2_ERR_TEMPORAL_CALLBACK_FAILURE; // resets this stream only
    if (isEnd) {
        *flags |= NGHTTP2_DATA_FLAG_EOF;
        // Answered before the whole request came: ask the peer to stop sending it (RFC 9113 section 8.1).
        if (nghttp2_session_get_stream_remote_close(session, streamId) == 0)
            nghttp2_submit_rst_stream(session, NGHTTP2_FLAG_NONE, streamId, NGHTTP2_NO_ERROR);
    }
    return static_cast<nghttp2_ssize>(*read);
}

} // namespace danube::rpc
