// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/support/h2client.h"

#include <QCoreApplication>
#include <QDeadlineTimer>
#include <QHostAddress>

#include <cstring>

namespace danube::tests {
namespace {

constexpr qint64 socketBacklog = 4 << 20;

nghttp2_nv field(QByteArrayView name, QByteArrayView value)
{
    return {reinterpret_cast<uint8_t *>(const_cast<char *>(name.data())),
            reinterpret_cast<uint8_t *>(const_cast<char *>(value.data())), static_cast<size_t>(name.size()),
            static_cast<size_t>(value.size()), NGHTTP2_NV_FLAG_NONE};
}

} // namespace

struct H2ClientSession::Callbacks
{
    static H2ClientSession &of(void *self) { return *static_cast<H2ClientSession *>(self); }

    static int onHeader(nghttp2_session *, const nghttp2_frame *frame, const uint8_t *name, size_t nameSize,
                        const uint8_t *value, size_t valueSize, uint8_t, void *self)
    {
        auto &answer = of(self).m_answers[frame->hd.stream_id];
        const QByteArray key(reinterpret_cast<const char *>(name), static_cast<qsizetype>(nameSize));
        const QByteArray text(reinterpret_cast<const char *>(value), static_cast<qsizetype>(valueSize));
        if (key == ":status")
            answer.status = text.toInt();
        else
            answer.headers.insert(key, text);
        return 0;
    }

    static int onData(nghttp2_session *session, uint8_t, int32_t stream, const uint8_t *bytes, size_t size, void *self)
    {
        auto &answer = of(self).m_answers[stream];
        answer.bodySize += static_cast<qint64>(size);
        if (of(self).keepsBodies)
            answer.body.append(reinterpret_cast<const char *>(bytes), static_cast<qsizetype>(size));
        return of(self).m_consumes ? nghttp2_session_consume(session, stream, size) : 0;
    }

    static int onFrame(nghttp2_session *, const nghttp2_frame *frame, void *self)
    {
        if (frame->hd.type == NGHTTP2_GOAWAY)
            of(self).m_goaway = frame->goaway.error_code;
        if (frame->hd.type == NGHTTP2_PING && !(frame->hd.flags & NGHTTP2_FLAG_ACK))
            ++of(self).m_pings;
        const bool carriesEnd = frame->hd.type == NGHTTP2_DATA || frame->hd.type == NGHTTP2_HEADERS;
        if (carriesEnd && frame->hd.flags & NGHTTP2_FLAG_END_STREAM)
            of(self).m_answers[frame->hd.stream_id].isWhole = true;
        return 0;
    }

    static int onClosed(nghttp2_session *, int32_t stream, uint32_t errorCode, void *self)
    {
        auto &answer = of(self).m_answers[stream];
        answer.isClosed = true;
        answer.errorCode = errorCode;
        of(self).m_requests.erase(stream);
        return 0;
    }

    static nghttp2_ssize readBody(nghttp2_session *, int32_t stream, uint8_t *buffer, size_t length, uint32_t *flags,
                                  nghttp2_data_source *, void *self)
    {
        auto &request = of(self).m_requests.at(stream);
        if (request.body.isEmpty() && request.more)
            request.body = request.more(static_cast<qsizetype>(length));
        if (request.body.isEmpty() && !request.endsBody)
            return NGHTTP2_ERR_DEFERRED;
        const auto size = std::min(length, static_cast<size_t>(request.body.size()));
        std::memcpy(buffer, request.body.constData(), size);
        request.body.slice(static_cast<qsizetype>(size));
        if (request.body.isEmpty() && !request.more && request.endsBody)
            *flags |= NGHTTP2_DATA_FLAG_EOF;
        if (size == 0 && request.more)
            *flags |= NGHTTP2_DATA_FLAG_EOF;
        return static_cast<nghttp2_ssize>(size);
    }
};

H2ClientSession::H2ClientSession()
{
    nghttp2_session_callbacks *callbacks = nullptr;
    nghttp2_option *option = nullptr;
    nghttp2_session_callbacks_new(&callbacks);
    nghttp2_option_new(&option);
    nghttp2_option_set_no_auto_window_update(option, 1);
    nghttp2_session_callbacks_set_on_header_callback(callbacks, Callbacks::onHeader);
    nghttp2_session_callbacks_set_on_data_chunk_recv_callback(callbacks, Callbacks::onData);
    nghttp2_session_callbacks_set_on_frame_recv_callback(callbacks, Callbacks::onFrame);
    nghttp2_session_callbacks_set_on_stream_close_callback(callbacks, Callbacks::onClosed);
    nghttp2_session_client_new2(&m_session, callbacks, this, option);
    nghttp2_session_callbacks_del(callbacks);
    nghttp2_option_del(option);
    nghttp2_submit_settings(m_session, NGHTTP2_FLAG_NONE, nullptr, 0);
}

H2ClientSession::~H2ClientSession()
{
    nghttp2_session_del(m_session);
}

int32_t H2ClientSession::send(H2Request request)
{
    const QByteArray authorization = "Bearer " + request.token;
    std::vector<nghttp2_nv> fields{field(":method", request.method), field(":scheme", "http"),
                                   field(":authority", "danube"), field(":path", request.target)};
    if (!request.token.isEmpty())
        fields.push_back(field("authorization", authorization));
    for (const auto &[name, value] : request.headers)
        fields.push_back(field(name, value));
    const nghttp2_data_provider2 body{{.ptr = nullptr}, Callbacks::readBody};
    const bool hasBody = !request.body.isEmpty() || request.more || !request.endsBody;
    const auto stream =
        nghttp2_submit_request2(m_session, nullptr, fields.data(), fields.size(), hasBody ? &body : nullptr, nullptr);
    m_answers[stream] = {};
    m_requests[stream] = std::move(request);
    return stream;
}

void H2ClientSession::finishBody(int32_t stream)
{
    m_requests.at(stream).endsBody = true;
    nghttp2_session_resume_data(m_session, stream);
}

void H2ClientSession::reset(int32_t stream, uint32_t errorCode)
{
    nghttp2_submit_rst_stream(m_session, NGHTTP2_FLAG_NONE, stream, errorCode);
}

void H2ClientSession::ping()
{
    nghttp2_submit_ping(m_session, NGHTTP2_FLAG_NONE, nullptr);
}

bool H2ClientSession::feed(QByteArrayView bytes)
{
    const auto read = nghttp2_session_mem_recv2(m_session, reinterpret_cast<const uint8_t *>(bytes.data()),
                                                static_cast<size_t>(bytes.size()));
    return read == bytes.size();
}

QByteArray H2ClientSession::takeOutput(qsizetype enough)
{
    QByteArray output;
    const uint8_t *bytes = nullptr;
    while (output.size() < enough) {
        const auto size = nghttp2_session_mem_send2(m_session, &bytes);
        if (size <= 0)
            break;
        output.append(reinterpret_cast<const char *>(bytes), static_cast<qsizetype>(size));
    }
    return output;
}

H2Client::H2Client(quint16 port)
{
    connect(&socket, &QTcpSocket::readyRead, this, [this] {
        session.feed(socket.readAll());
        pump();
    });
    connect(&socket, &QTcpSocket::bytesWritten, this, &H2Client::pump);
    connect(&socket, &QTcpSocket::connected, this, &H2Client::pump);
    socket.connectToHost(QHostAddress::LocalHost, port);
}

int32_t H2Client::send(H2Request request)
{
    const auto stream = session.send(std::move(request));
    pump();
    return stream;
}

H2Answer H2Client::call(H2Request request, std::chrono::milliseconds timeout)
{
    const auto stream = send(std::move(request));
    return waitFor(stream, timeout) ? session.answer(stream) : H2Answer{};
}

bool H2Client::waitFor(int32_t stream, std::chrono::milliseconds timeout)
{
    const QDeadlineTimer deadline(timeout);
    while (!session.answer(stream).isClosed && !deadline.hasExpired())
        QCoreApplication::processEvents(QEventLoop::WaitForMoreEvents | QEventLoop::AllEvents,
                                        QDeadlineTimer(std::min<qint64>(deadline.remainingTime(), 50)));
    return session.answer(stream).isClosed;
}

void H2Client::pump()
{
    if (socket.state() != QAbstractSocket::ConnectedState)
        return;
    while (socket.bytesToWrite() < socketBacklog) {
        const QByteArray bytes = session.takeOutput();
        if (bytes.isEmpty())
            return;
        socket.write(bytes);
    }
}

void H2Client::cut()
{
    socket.abort();
}

} // namespace danube::tests
