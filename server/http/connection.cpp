// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/http/connection.h"

#include "server/http/exchange.h"
#include "shared/protocol/problem.h"

#include <QLocale>
#include <QLoggingCategory>
#include <QScopedValueRollback>
#include <QTimeZone>

#include <fcntl.h>
#include <sys/socket.h>

using namespace Qt::StringLiterals;

Q_LOGGING_CATEGORY(lcHttpConnection, "danube.http.connection")

namespace danube::http {
namespace {

constexpr qsizetype maxDrained = 256 << 10; // bytes of a refused client read and thrown away, so that it sees why
constexpr qint64 pieceBytes = 64 << 10;

QByteArray refusalAnswer(const Refusal &refusal)
{
    const QByteArray body = protocol::toBytes(protocol::problemOfStatus(refusal.status, refusal.detail));
    QByteArray out = "HTTP/1.1 " + QByteArray::number(refusal.status) + ' ' +
                     protocol::titleOf(refusal.status).toLatin1() + "\r\nContent-Type: ";
    out.append(protocol::problemContentType).append("\r\nContent-Length: ").append(QByteArray::number(body.size()));
    if (refusal.status == 503)
        out.append("\r\nRetry-After: 2");
    return out.append("\r\nConnection: close\r\nCache-Control: no-store\r\nX-Content-Type-Options: nosniff\r\n\r\n")
        .append(body);
}

} // namespace

Connection::Connection(quint64 id, qintptr descriptor, const HttpLimits &limits, const Clock &clock, qint64 &held)
    : m_id(id), m_limits(limits), m_clock(clock), m_framer(limits.framer), m_held(held)
{
    m_socket.setReadBufferSize(limits.inputBytes);
    m_socket.setSocketDescriptor(descriptor);
    m_socket.setSocketOption(QAbstractSocket::LowDelayOption, 1);
    m_peer = m_socket.peerAddress();
    m_since = m_progressAt = clock.steady();
    connect(&m_socket, &QTcpSocket::readyRead, this, &Connection::onReadable);
    connect(&m_socket, &QTcpSocket::bytesWritten, this, &Connection::onBytesWritten);
    connect(&m_socket, &QTcpSocket::disconnected, this, &Connection::onDisconnected);
}

Connection::~Connection()
{
    m_socket.disconnect(this);
    closeWithReset();
    delete m_exchange; // before QtHttpServer's side goes
    if (m_gate)
        m_gate->drop();
}

void Connection::start()
{
    if (m_socket.state() != QAbstractSocket::ConnectedState)
        onDisconnected();
}

void Connection::onReadable()
{
    if (m_state == State::Lingering)
        drain();
    else if (m_state == State::Reading)
        process();
}

void Connection::process()
{
    if (m_processing)
        return;
    const QScopedValueRollback guard(m_processing, true);
    for (int answered = 0; m_state == State::Reading; ++answered) {
        if (answered == m_limits.pipelined) {
            QMetaObject::invokeMethod(this, &Connection::onReadable, Qt::QueuedConnection);
            return;
        }
        if (m_input.isEmpty())
            m_input = m_socket.readAll();
        if (m_input.isEmpty())
            return;
        judge();
    }
}

void Connection::judge()
{
    const auto before = m_framer.state();
    m_input.remove(0, m_framer.feed(m_input));
    const auto after = m_framer.state();
    if (after != before)
        mark();
    if (m_framer.takeContinue())
        m_socket.write("HTTP/1.1 100 Continue\r\n\r\n");
    countHeld();
    if (after == RequestFramer::State::Refused)
        refuse(m_framer.refusal());
    else if (after == RequestFramer::State::Complete)
        forward();
    else if (after == RequestFramer::State::Body)
        emit bodyGrew();
}

void Connection::countHeld()
{
    m_held.set(m_input.size() + m_request.body.size() + m_framer.bodyBytes());
}

void Connection::forward()
{
    m_request = m_framer.take();
    m_state = State::Handling;
    m_isFirst = false;
    m_headWritten = false;
    mark();
    emit requestTaken();
    if (!m_gate) {
        m_gate = new GatedSocket(m_peer, m_socket.peerPort(), [this](QByteArrayView bytes) { forwardWrite(bytes); });
        connect(m_gate, &GatedSocket::closeWanted, &m_socket, &QAbstractSocket::abort);
        emit gateMade(m_gate);
    }
    m_gate->offer(protocol::toText(m_request.method) + ' ' + m_request.target +
                  " HTTP/1.1\r\nHost: danube\r\nX-Danube-Connection: " + QByteArray::number(m_id) + "\r\n\r\n");
    if (m_state != State::Handling)
        return;
    if (!m_exchange) {
        qCCritical(lcHttpConnection) << "request-not-dispatched target=" << m_request.target;
        m_socket.abort();
    } else if (m_exchange->isFinished()) {
        exchangeFinished();
    }
}

bool Connection::awaitsExchange() const
{
    return m_state == State::Handling && !m_exchange;
}

void Connection::beginExchange(Exchange *exchange)
{
    exchange->setParent(this);
    m_exchange = exchange;
}

void Connection::forwardWrite(QByteArrayView bytes)
{
    if (m_state != State::Handling)
        return;
    const bool isHeadOnly = m_request.method == protocol::Method::Head;
    if (std::exchange(m_headWritten, true) && isHeadOnly)
        return;
    m_socket.write(bytes.data(), bytes.size());
}

QByteArray Connection::date() const
{
    const auto seconds = std::chrono::floor<std::chrono::seconds>(m_clock.wall());
    const auto time = QDateTime::fromSecsSinceEpoch(seconds.time_since_epoch().count(), QTimeZone::UTC);
    return QLocale::c().toString(time, u"ddd, dd MMM yyyy hh:mm:ss 'GMT'").toLatin1();
}

void Connection::writeHead(QByteArrayView head)
{
    m_headWritten = true;
    m_socket.write(head.data(), head.size());
}

void Connection::writeBody(std::unique_ptr<BodySource> body, bool chunked)
{
    m_body = std::move(body);
    m_chunked = chunked;
    m_progressAt = m_clock.steady();
    pump();
}

void Connection::pump()
{
    while (m_body && m_socket.bytesToWrite() < m_limits.outputBytes) {
        const auto piece = m_body->next(pieceBytes);
        if (!piece) {
            qCWarning(lcHttpConnection).noquote() << u"body-cut error=\"%1\""_s.arg(piece.error().message);
            cut();
            return;
        }
        if (m_chunked)
            m_socket.write(QByteArray::number(piece->size(), 16) + "\r\n");
        m_socket.write(*piece);
        if (m_chunked)
            m_socket.write("\r\n");
        if (piece->isEmpty()) {
            m_body.reset();
            m_exchange->finish();
        }
    }
}

/// Where an answer is under way: a client that tells the end of a body by the end of the connection would take what it
/// has for all there is.
void Connection::closeWithReset()
{
    if (!m_body && m_state != State::Flushing)
        return;
    const linger atOnce{1, 0};
    ::setsockopt(static_cast<int>(m_socket.socketDescriptor()), SOL_SOCKET, SO_LINGER, &atOnce, sizeof atOnce);
}

void Connection::cut()
{
    closeWithReset();
    m_socket.abort();
}

void Connection::exchangeFinished()
{
    if (m_exchange)
        m_exchange->deleteLater();
    m_exchange = nullptr;
    if (m_state != State::Handling)
        return;
    m_state = State::Flushing;
    m_progressAt = m_clock.steady();
    m_socket.flush();
    if (m_state == State::Flushing)
        afterFlush();
}

void Connection::afterFlush()
{
    if (m_socket.bytesToWrite() > 0)
        return;
    if (willClose()) {
        startLingering();
        return;
    }
    m_request = {};
    countHeld();
    m_state = State::Reading;
    mark();
    process();
}

void Connection::onBytesWritten()
{
    m_progressAt = m_clock.steady();
    if (m_state == State::Handling && m_body)
        pump();
    else if (m_state == State::Flushing || m_state == State::Lingering)
        m_state == State::Flushing ? afterFlush() : startLingering();
}

void Connection::refuse(const Refusal &refusal)
{
    qCDebug(lcHttpConnection).noquote() << u"refused status=%1 reason=\"%2\""_s.arg(refusal.status).arg(refusal.detail);
    emit refused(refusal.status);
    m_socket.write(refusalAnswer(refusal));
    m_input.clear();
    m_framer.forget();
    countHeld();
    m_state = State::Lingering;
    mark();
    m_socket.flush();
    startLingering();
}

Seat Connection::seat() const
{
    using enum Seat::State;
    switch (m_state) {
    case State::Reading:
        return {m_id, m_framer.state() == RequestFramer::State::Body ? Body : Head, m_since};
    case State::Handling:
        return {m_id, m_body ? Taking : Ours, m_progressAt};
    case State::Flushing:
        return {m_id, Taking, m_progressAt};
    case State::Lingering:
    case State::Gone:
        break;
    }
    return {m_id, Answered, m_since};
}

void Connection::makeRoom(const QString &reason)
{
    if (m_state != State::Reading)
        cut();
    else if (m_framer.state() == RequestFramer::State::Idle)
        startLingering();
    else
        refuse({503, reason});
}

/// Closes the write side and reads on for a moment: a close with unread input would be a reset, which can destroy
/// the answer before the client has read it.
void Connection::startLingering()
{
    if (m_state == State::Gone)
        return;
    if (m_state != State::Lingering)
        mark();
    m_state = State::Lingering;
    if (m_socket.bytesToWrite() > 0)
        return;
    ::shutdown(static_cast<int>(m_socket.socketDescriptor()), SHUT_WR);
    drain();
}

void Connection::drain()
{
    m_drained += m_socket.readAll().size();
    if (m_drained > maxDrained)
        m_socket.abort();
}

Result<int> Connection::takeOver()
{
    const int descriptor = ::fcntl(static_cast<int>(m_socket.socketDescriptor()), F_DUPFD_CLOEXEC, 3);
    if (descriptor < 0)
        return failErrno(u"take over a connection"_s, errno);
    m_socket.abort(); // closes one of two descriptors: nothing is sent
    return descriptor;
}

void Connection::finishSoon()
{
    m_finishing = true;
    if (m_state == State::Reading && m_framer.state() == RequestFramer::State::Idle)
        startLingering();
}

void Connection::onDisconnected()
{
    if (m_state == State::Gone)
        return;
    m_state = State::Gone;
    m_held.set(0);
    m_body.reset();
    const bool isLeft = m_exchange && !m_exchange->isInHandler();
    if (isLeft)
        m_exchange->abandon(); // it calls QtHttpServer's side, which goes with the gate
    if (m_gate)
        m_gate->drop();
    if (isLeft)
        m_exchange->deleteLater();
    emit gone(m_id);
    deleteLater();
}

Refusal Connection::overdue() const
{
    switch (m_framer.state()) {
    case RequestFramer::State::Head:
        return {408, u"the request head took longer than %1 ms"_s.arg(m_limits.headTime.count())};
    case RequestFramer::State::Body:
        return {408, u"the request body took longer than %1 ms"_s.arg(m_limits.bodyTime.count())};
    default:
        return {0, {}};
    }
}

void Connection::checkDeadline(SteadyTime now)
{
    const auto waited = now - m_since;
    const auto stalled = now - m_progressAt;
    switch (m_state) {
    case State::Reading: {
        const bool isIdle = m_framer.state() == RequestFramer::State::Idle && !m_isFirst;
        const bool isBody = m_framer.state() == RequestFramer::State::Body;
        if (waited < (isIdle ? m_limits.idleTime : isBody ? m_limits.bodyTime : m_limits.headTime))
            return;
        if (const Refusal late = overdue(); late.status != 0)
            refuse(late);
        else
            startLingering();
        return;
    }
    case State::Handling:
        if (m_body ? stalled >= m_limits.stallTime : waited >= m_limits.answerTime)
            cut();
        return;
    case State::Flushing:
        if (stalled >= m_limits.stallTime)
            cut();
        return;
    case State::Lingering:
        if (waited >= m_limits.lingerTime)
            m_socket.abort();
        return;
    case State::Gone:
        return;
    }
}

} // namespace danube::http
