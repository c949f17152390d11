// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/coordinator/rpcconnection.h"

#include <QNetworkProxy>
#include <QUrl>

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>

using namespace Qt::StringLiterals;

namespace danube::coordinator {
namespace {

constexpr qsizetype writeChunk = 256 << 10;
constexpr int silenceParts = 4;

/// A body that is in memory already.
BodySource sourceOf(QByteArray bytes)
{
    return [bytes = std::move(bytes), offset = qsizetype(0)](std::span<char> target) mutable {
        const auto count = std::min<qsizetype>(bytes.size() - offset, std::ssize(target));
        std::copy_n(bytes.constData() + offset, count, target.data());
        offset += count;
        return static_cast<qint64>(count);
    };
}

} // namespace

QByteArray RpcEndpoint::authority() const
{
    return (host.contains(u':') ? u"[%1]:%2"_s : u"%1:%2"_s).arg(host).arg(port).toUtf8();
}

Result<RpcEndpoint> parseRpcUrl(const QString &url)
{
    const QUrl parsed(url, QUrl::StrictMode);
    const bool hasRest = !parsed.path().isEmpty() && parsed.path() != "/"_L1;
    if (!parsed.isValid() || parsed.scheme() != "http"_L1 || parsed.host().isEmpty() || parsed.port() <= 0 || hasRest)
        return fail(ErrorCode::InvalidArgument, u"DANUBE_RPC_URL: expected http://host:port, got '%1'"_s.arg(url));
    return RpcEndpoint{parsed.host(), static_cast<quint16>(parsed.port())};
}

RpcConnection::RpcConnection(RpcEndpoint endpoint, const Secret &token, RpcTiming timing, RpcDialer *dialer)
    : m_endpoint(std::move(endpoint)), m_authorization("Bearer " + token.reveal()), m_timing(timing)
{
    m_socket.setProxy(QNetworkProxy::NoProxy);
    connect(&m_socket, &QTcpSocket::connected, this, &RpcConnection::connected);
    connect(&m_socket, &QTcpSocket::readyRead, this, &RpcConnection::read);
    connect(&m_socket, &QTcpSocket::bytesWritten, this, &RpcConnection::write);
    connect(&m_socket, &QTcpSocket::errorOccurred, this, [this] {
        read(); // answers may stand in the buffer yet
        breakDown({ErrorCode::Unavailable,
                   u"connection to %1: %2"_s.arg(QString::fromUtf8(m_endpoint.authority()), m_socket.errorString())});
    });
    m_connectTimer.setSingleShot(true);
    connect(&m_connectTimer, &QTimer::timeout, this, [this] { giveUp(u"not established in time"_s); });
    connect(&m_pongTimer, &QTimer::timeout, this, &RpcConnection::noteSilence);
    connect(&m_pingTimer, &QTimer::timeout, this, &RpcConnection::checkPeer);
    m_connectTimer.start(m_timing.connect);
    if (dialer)
        dialer->dial(this, [this](const Result<int> &descriptor) { onDialled(descriptor); });
    else
        m_socket.connectToHost(m_endpoint.host, m_endpoint.port);
}

void RpcConnection::onDialled(const Result<int> &descriptor)
{
    if (!m_isOpen) {
        if (descriptor)
            ::close(*descriptor);
        return;
    }
    if (!descriptor)
        return breakDown(descriptor.error());
    if (!m_socket.setSocketDescriptor(*descriptor)) {
        ::close(*descriptor);
        return breakDown({ErrorCode::Unavailable, u"use the connection that was given: "_s + m_socket.errorString()});
    }
    connected();
}

RpcConnection::~RpcConnection()
{
    m_socket.disconnect(this);
    m_socket.abort();
}

void RpcConnection::connected()
{
    m_connectTimer.stop();
    m_socket.setSocketOption(QAbstractSocket::LowDelayOption, 1);
    m_socket.setSocketOption(QAbstractSocket::KeepAliveOption, 1);
    // Sent bytes that nobody acknowledges end the connection even between pings.
    const unsigned int limit = static_cast<unsigned int>((m_timing.pingEvery + m_timing.pongWithin).count());
    setsockopt(static_cast<int>(m_socket.socketDescriptor()), IPPROTO_TCP, TCP_USER_TIMEOUT, &limit, sizeof limit);
    m_pingTimer.start(m_timing.pingEvery);
    write();
}

void RpcConnection::send(HttpRequest request, Done done)
{
    H2Request frame;
    frame.method = request.method;
    frame.authority = m_endpoint.authority();
    frame.path = request.path;
    frame.contentType = request.contentType;
    frame.authorization = m_authorization.reveal();
    const bool isLong = static_cast<bool>(request.source);
    frame.contentLength = isLong ? request.sourceLength : request.body.size();
    if (isLong || request.method == "POST")
        frame.body = isLong ? std::move(request.source) : sourceOf(std::move(request.body));
    const auto stream = m_session.submit(std::move(frame));
    if (stream < 0 || !m_isOpen)
        return done(fail(ErrorCode::Unavailable, u"no more calls on this connection"_s));
    m_calls.emplace(stream, Call{std::move(done), std::move(request.sink), {}, {}});
    write();
}

void RpcConnection::read()
{
    const auto fed = m_session.feed(m_socket.readAll());
    for (const H2Event &event : m_session.takeEvents())
        handle(event);
    if (!fed)
        return breakDown(fed.error());
    m_pongTimer.stop(); // anything at all shows that the peer lives
    write();
}

void RpcConnection::write()
{
    while (m_socket.state() == QAbstractSocket::ConnectedState && m_socket.bytesToWrite() < writeChunk) {
        const auto output = m_session.takeOutput(writeChunk);
        if (!output)
            return breakDown(output.error());
        if (output->isEmpty())
            break;
        m_socket.write(*output);
    }
    for (const H2Event &event : m_session.takeEvents())
        handle(event);
}

void RpcConnection::handle(const H2Event &event)
{
    if (event.kind == H2Event::Kind::GoAway)
        m_isOpen = false;
    const auto found = m_calls.find(event.stream);
    if (found == m_calls.end())
        return;
    switch (event.kind) {
    case H2Event::Kind::Head:
        found->second.answer.status = event.status;
        found->second.answer.retryAfter = event.retryAfter;
        break;
    case H2Event::Kind::Data:
        takeData(event.stream, event.bytes);
        break;
    case H2Event::Kind::End:
        endCall(event.stream, {});
        break;
    case H2Event::Kind::Reset:
        endCall(event.stream, Error{ErrorCode::Unavailable, u"call ended by HTTP/2 error %1"_s.arg(event.error)});
        break;
    case H2Event::Kind::GoAway:
    case H2Event::Kind::Pong:
        break;
    }
}

void RpcConnection::takeData(int32_t stream, const QByteArray &bytes)
{
    auto &call = m_calls.at(stream);
    if (call.error)
        return;
    const bool isSuccess = call.answer.status >= 200 && call.answer.status < 300;
    if (call.sink && isSuccess) {
        if (!call.sink(bytes))
            call.error = Error{ErrorCode::Io, u"the answer cannot be stored"_s};
    } else if (call.answer.body.size() + bytes.size() > maxBody) {
        call.error = Error{ErrorCode::ResourceExhausted, u"the answer is larger than %1 MiB"_s.arg(maxBody >> 20)};
    } else {
        call.answer.body += bytes;
    }
    if (call.error)
        m_session.cancel(stream);
}

void RpcConnection::endCall(int32_t stream, std::optional<Error> error)
{
    auto call = std::move(m_calls.extract(stream).mapped());
    if (call.error)
        error = call.error;
    if (error)
        call.done(std::unexpected(*error));
    else
        call.done(std::move(call.answer));
    if (m_calls.empty())
        emit lastCallEnded();
}

void RpcConnection::breakDown(const Error &error)
{
    m_isOpen = false;
    m_connectTimer.stop();
    m_pingTimer.stop();
    m_pongTimer.stop();
    m_socket.disconnect(this);
    m_socket.abort();
    for (auto &[stream, call] : std::exchange(m_calls, {}))
        call.done(std::unexpected(call.error.value_or(error)));
    emit lastCallEnded();
}

void RpcConnection::checkPeer()
{
    if (m_pongTimer.isActive() || m_calls.empty())
        return;
    m_session.ping();
    m_silentParts = 0;
    m_pongTimer.start(m_timing.pongWithin / silenceParts);
    write();
}

// A process that was stopped, or starved, has heard nobody meanwhile: one late tick counts once, however late.
void RpcConnection::noteSilence()
{
    if (++m_silentParts >= silenceParts)
        giveUp(u"the peer went silent"_s);
}

void RpcConnection::giveUp(const QString &why)
{
    breakDown({ErrorCode::Timeout, u"connection to %1: %2"_s.arg(QString::fromUtf8(m_endpoint.authority()), why)});
}

} // namespace danube::coordinator
