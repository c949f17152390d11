// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/kube/execconnection.h"

#include "server/kube/localerror.h"
#include "server/kube/tlsstream.h"

#include <QAbstractEventDispatcher>
#include <QLoggingCategory>
#include <QNetworkProxy>
#include <QPointer>

using namespace Qt::StringLiterals;

namespace danube::kube {
namespace {

Q_LOGGING_CATEGORY(execLog, "danube.kube.exec")

constexpr qint64 maxToWrite = 8 << 20;
constexpr qint64 maxFrame = 64 << 10; ///< of stdin; the servers take up to 32 MiB, and hold each whole
constexpr qsizetype blockSize = 64 << 10;
constexpr qsizetype batchSize = 256 << 10; ///< between two turns of the event loop
constexpr qint64 backedUp = 64 << 10;
constexpr auto httpsPort = 443;
constexpr auto httpPort = 80;

QString sentenceOf(const UpgradeRefused &refused, const ApiError &error)
{
    return u"the API server refused the exec with %1: %2"_s.arg(refused.httpCode).arg(error.message);
}

} // namespace

ExecConnection::ExecConnection(std::shared_ptr<Credentials> credentials, const Request &request, Settings settings,
                               QObject *parent)
    : QIODevice(parent),
      m_credentials(std::move(credentials)),
      m_request(request),
      m_settings(std::move(settings)),
      m_reader({
          .message = [this](QByteArrayView piece, bool isFirst, bool isLast) { takeMessage(piece, isFirst, isLast); },
          .ping = [this](const QByteArray &payload) { send(makeFrame(Opcode::Pong, payload)); },
          .pong = [](const QByteArray &) {}, // any byte shows that the peer lives
          .close = [this](quint16 code, const QByteArray &reason) { onClosed(code, reason); },
      })
{
    m_limit.setSingleShot(true);
    connect(&m_limit, &QTimer::timeout, this, &ExecConnection::onLimit);
    connect(&m_ping, &QTimer::timeout, this, &ExecConnection::onPing);
    connect(&m_keepAlive, &QTimer::timeout, this, &ExecConnection::onKeepAlive);
    setOpenMode(ReadWrite | Unbuffered);
}

ExecConnection::~ExecConnection()
{
    dropStream();
}

void ExecConnection::start()
{
    if (m_state != State::Idle)
        return;
    m_limit.start(m_settings.connectLimit);
    connectToServer();
}

void ExecConnection::connectToServer()
{
    const auto url = m_credentials->url(m_request);
    if (!url)
        return breakOff(ApiError::Kind::BadRequest, url.error().message);
    const auto tls = m_credentials->tlsContext();
    if (!tls)
        return breakOff(ApiError::Kind::Tls, tls.error().message);
    const auto authorization = m_credentials->authorization();
    if (!authorization)
        return breakOff(ApiError::Kind::Unauthorized, authorization.error().message);

    WebSocketHandshake::Settings handshake;
    handshake.target = url->toEncoded(QUrl::RemoveScheme | QUrl::RemoveAuthority | QUrl::RemoveFragment);
    handshake.host = url->authority(QUrl::FullyEncoded).toLatin1();
    handshake.subprotocols = m_settings.subprotocols;
    handshake.headers.append("User-Agent: " + m_settings.userAgent);
    if (!authorization->isEmpty())
        handshake.headers.append("Authorization: " + *authorization);
    m_handshake.emplace(handshake);

    openStream(*url, *tls);
}

void ExecConnection::openStream(const QUrl &url, const TlsContext &tls)
{
    const bool isPlain = url.scheme() == "http"_L1;
    const QString verifyName = m_credentials->access().tlsServerName;
    TlsStream::Target target;
    target.host = url.host();
    target.port = static_cast<quint16>(url.port(isPlain ? httpPort : httpsPort));
    target.verifyName = verifyName.isEmpty() ? url.host() : verifyName;
    target.tls = isPlain ? TlsContext() : tls;
    target.proxy = m_credentials->proxy();
    m_host = u"%1:%2"_s.arg(target.host).arg(target.port);
    m_state = State::Connecting;
    m_stream = std::make_unique<TlsStream>();
    connect(m_stream.get(), &TlsStream::ready, this, &ExecConnection::onStreamReady);
    connect(m_stream.get(), &TlsStream::readable, this, &ExecConnection::scheduleDrain);
    connect(m_stream.get(), &TlsStream::ended, this, &ExecConnection::scheduleDrain);
    connect(m_stream.get(), &TlsStream::written, this, &ExecConnection::bytesWritten);
    m_stream->connectTo(target);
}

/// Perhaps from within one of its signals.
void ExecConnection::dropStream()
{
    if (!m_stream)
        return;
    m_stream->disconnect(this);
    m_stream->setParent(QAbstractEventDispatcher::instance()); // goes with its thread, where that ends first
    m_stream.release()->deleteLater();
}

void ExecConnection::onStreamReady()
{
    m_state = State::Handshake;
    m_stream->write(m_handshake->request());
}

/// Later: never from within a reader's call, and after all that the event loop has to do.
void ExecConnection::scheduleDrain()
{
    if (m_isDrainScheduled || !m_stream)
        return;
    m_isDrainScheduled = true;
    QMetaObject::invokeMethod(this, &ExecConnection::drain, Qt::QueuedConnection);
}

void ExecConnection::drain()
{
    m_isDrainScheduled = false;
    const QPointer<ExecConnection> self(this); // who is told may delete us
    if (m_state == State::Handshake)
        readHandshake();
    if (self && m_state == State::Connected)
        readFrames();
    if (self && m_stream && m_stream->end() != TlsStream::End::None)
        onStreamEnded();
    if (self && std::exchange(m_hasNews, false))
        emit readyRead();
}

/// There is nothing more to read.
void ExecConnection::onStreamEnded()
{
    const auto end = m_stream->end();
    if (m_state == State::Connected && end == TlsStream::End::Closed)
        return onClosed(0, {});
    const auto kind = end == TlsStream::End::Tls ? ApiError::Kind::Tls : ApiError::Kind::Network;
    breakOff(kind, u"API server %1: %2"_s.arg(m_host, m_stream->reason()));
}

void ExecConnection::readHandshake()
{
    QByteArray bytes(blockSize, Qt::Uninitialized);
    bytes.truncate(m_stream->read(bytes.data(), blockSize));
    const bool isEnd = m_stream->end() != TlsStream::End::None;
    if (bytes.isEmpty() && !isEnd)
        return;
    const auto answer = m_handshake->feed(bytes, isEnd);
    if (!answer && answer.error().code == ErrorCode::Protocol)
        return breakOff(ApiError::Kind::Protocol,
                        u"exec at the API server %1: %2"_s.arg(m_host, answer.error().message));
    if (!answer)
        return; // closed before an answer: the stream knows why
    if (!*answer)
        return scheduleDrain();
    if (const auto *refused = std::get_if<UpgradeRefused>(&**answer))
        return onRefused(*refused);
    onUpgraded(std::get<Upgraded>(**answer).subprotocol);
}

void ExecConnection::onRefused(const UpgradeRefused &refused)
{
    if (refused.httpCode == 401 && !std::exchange(m_triedNewToken, true)) {
        m_credentials->forget();
        dropStream();
        return connectToServer();
    }
    if (refused.httpCode < 400)
        return breakOff(ApiError::Kind::Protocol,
                        u"the API server answered the exec with %1 instead of a WebSocket"_s.arg(refused.httpCode));
    m_end.refusal = readRefusal(refused.httpCode, refused.retryAfter, refused.body);
    finish(ExecEnd::Kind::Refused, sentenceOf(refused, m_end.refusal));
}

void ExecConnection::onUpgraded(const QByteArray &subprotocol)
{
    if (subprotocol.isEmpty()) // then there is no typed status either
        return breakOff(ApiError::Kind::Protocol, u"the API server chose no channel protocol for the exec"_s);
    m_limit.stop();
    m_state = State::Connected;
    m_subprotocol = subprotocol;
    m_silence = {};
    m_ping.start(m_settings.pingInterval);
    m_keepAlive.start(m_settings.keepAlive);
    const QByteArray early = std::exchange(m_early, {});
    writeFrames(early);
    const QPointer<ExecConnection> self(this);
    emit connected();
    if (!self || m_state != State::Connected)
        return;
    m_block = m_handshake->takeRest();
    m_handshake.reset();
    feedFrames();
}

void ExecConnection::readFrames()
{
    qsizetype total = 0;
    while (m_state == State::Connected && mayRead() && total < batchSize) {
        if (m_block.isDetached() && m_block.capacity() >= blockSize)
            m_block.resize(blockSize);
        else
            m_block = QByteArray(blockSize, Qt::Uninitialized);
        const auto size = m_stream->read(m_block.data(), blockSize);
        if (size == 0)
            return;
        m_block.truncate(size);
        total += size;
        m_silence = {};
        feedFrames();
    }
    if (m_state == State::Connected && mayRead())
        scheduleDrain();
}

void ExecConnection::feedFrames()
{
    const auto fed = m_reader.feed(m_block);
    if (!fed && m_state == State::Connected)
        breakOff(ApiError::Kind::Protocol, u"exec at the API server %1: %2"_s.arg(m_host, fed.error().message));
}

void ExecConnection::takeMessage(QByteArrayView piece, bool isFirst, bool isLast)
{
    const bool hadStatus = m_channels.status().has_value();
    const QByteArrayView output = m_channels.take(piece, isFirst, isLast);
    if (!output.isEmpty()) {
        m_unread.append(m_block, output);
        m_hasNews = true;
    }
    if (!hadStatus && m_channels.status())
        m_limit.start(m_settings.closeLimit);
}

/// By a close frame, or (code 0) without one.
void ExecConnection::onClosed(int code, const QByteArray &reason)
{
    m_end.closeCode = code;
    if (m_channels.status())
        return finish(ExecEnd::Kind::Status, u"the command's status arrived"_s);
    QString how = u"without a close frame"_s;
    if (code != 0)
        how = u"with code %1"_s.arg(code);
    if (!reason.isEmpty())
        how += u" (%1)"_s.arg(QString::fromUtf8(reason));
    finish(ExecEnd::Kind::Closed, u"the API server closed the exec %1 and told no status"_s.arg(how));
}

void ExecConnection::onLimit()
{
    if (m_channels.status())
        return finish(ExecEnd::Kind::Status, u"the command's status arrived, the close did not"_s);
    breakOff(ApiError::Kind::Timeout, u"connect to the API server %1: no answer within %2 s"_s.arg(m_host).arg(
                                          std::chrono::ceil<seconds>(m_settings.connectLimit).count()));
}

bool ExecConnection::isBackedUp() const
{
    return bytesToWrite() > backedUp;
}

void ExecConnection::onPing()
{
    if (!mayRead()) {
        m_silence = {}; // it is us who do not listen
        return;
    }
    m_silence += m_settings.pingInterval;
    if (m_silence > m_settings.pingDeadline)
        return breakOff(ApiError::Kind::Timeout, u"the API server %1 has been silent for %2 s"_s.arg(m_host).arg(
                                                     std::chrono::ceil<seconds>(m_settings.pingDeadline).count()));
    if (!isBackedUp())
        send(makeFrame(Opcode::Ping, "danube"));
}

void ExecConnection::onKeepAlive()
{
    if (!isBackedUp())
        send(makeFrame(Opcode::Binary, {}));
}

void ExecConnection::abort(const QString &why)
{
    breakOff(ApiError::Kind::Network, why);
}

void ExecConnection::close()
{
    abort(u"the exec was given up"_s);
    QIODevice::close();
}

void ExecConnection::breakOff(ApiError::Kind kind, const QString &why)
{
    if (m_channels.status())
        return finish(ExecEnd::Kind::Status, u"the command's status arrived before: "_s + why);
    if (m_state == State::Ended)
        return;
    m_end.refusal = localError(kind, why);
    finish(ExecEnd::Kind::Broken, why);
}

void ExecConnection::finish(ExecEnd::Kind kind, const QString &message)
{
    if (m_state == State::Ended)
        return;
    m_state = State::Ended;
    m_limit.stop();
    m_ping.stop();
    m_keepAlive.stop();
    dropStream();
    m_end.kind = kind;
    m_end.status = m_channels.status().value_or(ExecStatus{});
    m_end.message = message;
    m_end.standardError = QString::fromUtf8(m_channels.standardError());
    qCDebug(execLog).noquote()
        << u"exec ended kind=%1 code=%2 message=\"%3\""_s.arg(static_cast<int>(kind)).arg(m_end.closeCode).arg(message);
    QMetaObject::invokeMethod(
        this,
        [this] {
            const QPointer<ExecConnection> self(this);
            emit readChannelFinished();
            if (self)
                emit ended(m_end);
        },
        Qt::QueuedConnection);
}

qint64 ExecConnection::bytesAvailable() const
{
    return m_unread.size() + QIODevice::bytesAvailable();
}

qint64 ExecConnection::bytesToWrite() const
{
    return m_early.size() + (m_stream ? m_stream->bytesToWrite() : 0);
}

qint64 ExecConnection::readData(char *data, qint64 maximum)
{
    const bool wasPaused = !mayRead();
    const auto taken = m_unread.take(data, maximum);
    if (wasPaused && mayRead())
        scheduleDrain();
    return taken == 0 && m_state == State::Ended ? -1 : taken;
}

qint64 ExecConnection::writeData(const char *data, qint64 size)
{
    if (m_state == State::Ended) {
        setErrorString(m_end.message);
        return -1;
    }
    if (bytesToWrite() + size > maxToWrite) {
        setErrorString(u"more than 8 MiB wait to be written to the exec"_s);
        return -1;
    }
    if (m_state == State::Connected)
        writeFrames({data, size});
    else
        m_early.append(data, size);
    return size;
}

void ExecConnection::writeFrames(QByteArrayView data)
{
    while (!data.isEmpty()) {
        const auto piece = data.first(std::min<qsizetype>(data.size(), maxFrame));
        send(makeChannelFrame(static_cast<quint8>(Channel::Stdin), piece));
        data = data.sliced(piece.size());
    }
}

void ExecConnection::send(const QByteArray &frame)
{
    if (m_stream && m_state == State::Connected)
        m_stream->write(frame);
}

} // namespace danube::kube
