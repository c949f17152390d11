// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/rpc/rpcconnection.h"

#include <cerrno>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <unistd.h>

namespace danube::rpc {
namespace {

constexpr qsizetype outputBatch = 256 * 1024;
constexpr int batchesPerTurn = 8;           // then others have their turn
constexpr qsizetype keptOutput = 64 * 1024; // of the buffer, when all is written
constexpr seconds lingerTime{2};

void prepare(int descriptor)
{
    const int on = 1;
    ::fcntl(descriptor, F_SETFL, ::fcntl(descriptor, F_GETFL) | O_NONBLOCK);
    ::setsockopt(descriptor, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
}

} // namespace

RpcConnection::RpcConnection(int descriptor, SocketPoller &poller, RpcRouter &router, const RpcSettings &settings,
                             const Clock &clock, std::span<char> scratch)
    : m_descriptor(descriptor),
      m_poller(poller),
      m_router(router),
      m_settings(settings),
      m_clock(clock),
      m_scratch(scratch),
      m_session(settings.http2),
      m_openedAt(clock.steady()),
      m_heardAt(m_openedAt),
      m_pingedAt(m_openedAt),
      m_progressAt(m_openedAt),
      m_busyAt(m_openedAt)
{
    prepare(descriptor);
}

RpcConnection::~RpcConnection()
{
    m_exchanges.clear(); // before the session they refer to
    closeSocket();
}

void RpcConnection::closeSocket()
{
    if (m_descriptor < 0)
        return;
    m_poller.remove(m_descriptor);
    ::close(std::exchange(m_descriptor, -1));
}

Result<void> RpcConnection::start()
{
    return m_poller.add(m_descriptor, *this);
}

void RpcConnection::onReady()
{
    if (m_state == State::Lingering)
        discardSome();
    else if (m_state == State::Open)
        m_wait == SocketPoller::Wait::ToRead ? readSome() : flush();
}

void RpcConnection::waitFor(SocketPoller::Wait wait)
{
    if (std::exchange(m_wait, wait) != wait)
        m_poller.change(m_descriptor, *this, wait);
}

void RpcConnection::readSome()
{
    const auto size = ::recv(m_descriptor, m_scratch.data(), m_scratch.size(), 0);
    if (size < 0 && (errno == EAGAIN || errno == EINTR))
        return;
    if (size <= 0)
        return close();
    m_heardAt = m_clock.steady();
    m_isFlushScheduled = true; // here, below
    m_session.feed(QByteArrayView(m_scratch.data(), size), m_heardAt);
    handleEvents();
    flush();
}

void RpcConnection::discardSome()
{
    const auto size = ::recv(m_descriptor, m_scratch.data(), m_scratch.size(), 0);
    if (size == 0 || (size < 0 && errno != EAGAIN && errno != EINTR))
        close();
}

void RpcConnection::handleEvents()
{
    for (m_session.takeEvents(m_events); !m_events.empty(); m_session.takeEvents(m_events)) {
        for (H2Event &event : m_events)
            std::visit([this](auto &&each) { handle(std::forward<decltype(each)>(each)); }, std::move(event));
    }
}

void RpcConnection::handle(RequestStarted &&event)
{
    const auto exchange = std::make_shared<Exchange>(
        m_session, event.stream, std::move(event.head), m_router.answers(), [this] { scheduleFlush(); }, m_heardAt);
    m_exchanges.emplace(event.stream, exchange);
    emit requestStarted();
    m_router.begin(exchange);
    if (exchange->isAdmitted() && !std::exchange(m_isKnown, true))
        m_job = exchange->caller();
}

void RpcConnection::handle(const BodyChunk &event)
{
    const auto found = m_exchanges.find(event.stream);
    if (found == m_exchanges.end())
        return m_session.consume(event.stream, static_cast<size_t>(event.bytes.size()));
    const auto keepAlive = found->second;
    keepAlive->takeBytes(event.bytes);
}

void RpcConnection::handle(const RequestEnded &event)
{
    const auto found = m_exchanges.find(event.stream);
    if (found == m_exchanges.end())
        return;
    const auto keepAlive = found->second;
    keepAlive->takeEnd();
}

void RpcConnection::handle(const StreamClosed &event)
{
    m_exchanges.erase(event.stream);
    m_busyAt = m_clock.steady();
}

// Answers come one by one from other threads; those of one turn leave in one write.
void RpcConnection::scheduleFlush()
{
    if (std::exchange(m_isFlushScheduled, true))
        return;
    QMetaObject::invokeMethod(this, &RpcConnection::flush, Qt::QueuedConnection);
}

void RpcConnection::flush()
{
    m_isFlushScheduled = false;
    // Not a word before the peer's preface: who speaks HTTP/1.1 is to read our answer, not our SETTINGS.
    if (m_state != State::Open || !m_session.hasHeard())
        return;
    bool canWrite = true;
    for (int batch = 0; batch < batchesPerTurn && canWrite; ++batch)
        canWrite = writeSome();
    if (m_state != State::Open)
        return;
    if (canWrite)
        scheduleFlush();
    const bool hasBacklog = m_outputAt < m_output.size();
    if (!canWrite && !hasBacklog && m_output.capacity() > keptOutput)
        m_output = {};
    waitFor(hasBacklog ? SocketPoller::Wait::ToWrite : SocketPoller::Wait::ToRead);
    if (!hasBacklog && m_session.isOver())
        linger();
}

bool RpcConnection::writeSome()
{
    if (m_outputAt == m_output.size()) {
        m_output.resize(0);
        m_outputAt = 0;
        m_session.takeOutput(m_output, outputBatch);
        handleEvents();
        m_progressAt = m_clock.steady();
    }
    if (m_output.isEmpty())
        return false;
    const auto size = ::send(m_descriptor, m_output.constData() + m_outputAt,
                             static_cast<size_t>(m_output.size() - m_outputAt), MSG_NOSIGNAL);
    if (size < 0 && errno != EAGAIN && errno != EINTR)
        close();
    if (size <= 0)
        return false;
    m_progressAt = m_clock.steady();
    if (m_wait == SocketPoller::Wait::ToWrite) // it takes a backlog, and is not read meanwhile
        m_heardAt = m_progressAt;
    m_outputAt += size;
    return m_outputAt == m_output.size();
}

void RpcConnection::linger()
{
    m_state = State::Lingering;
    m_exchanges.clear();
    m_session.forgetAnswers();
    m_progressAt = m_clock.steady();
    waitFor(SocketPoller::Wait::ToRead);
    ::shutdown(m_descriptor, SHUT_WR);
}

void RpcConnection::close()
{
    if (std::exchange(m_state, State::Closed) == State::Closed)
        return;
    m_exchanges.clear();
    closeSocket();
    emit closed();
}

void RpcConnection::giveUp(Refusal why)
{
    emit refused(why);
    close();
}

std::optional<SteadyTime> RpcConnection::dispensableSince() const
{
    if (m_state == State::Open)
        return m_isKnown ? std::nullopt : std::optional(m_openedAt);
    return m_progressAt;
}

void RpcConnection::makeRoom()
{
    if (m_state == State::Open) {
        m_session.shutDown(NGHTTP2_NO_ERROR);
        flush();
        emit refused(Refusal::MadeRoom);
    }
    if (m_state != State::Closed)
        discardSome(); // unread bytes would make a reset of the close, and take the goodbye with them
    close();
}

void RpcConnection::drain()
{
    if (m_state != State::Open)
        return;
    m_isDraining = true;
    m_session.announceShutdown();
    flush();
}

void RpcConnection::tick(milliseconds idleTimeout)
{
    const auto now = m_clock.steady();
    if (m_state == State::Lingering && now - m_progressAt > lingerTime)
        return close();
    if (m_state != State::Open)
        return;
    const auto open = m_exchanges; // an answer may close streams
    for (const auto &[stream, exchange] : open)
        exchange->checkTimeouts(now, m_settings.bodySilence);
    m_session.endStalls(now, m_settings.writeSilence);
    checkPeer(now, idleTimeout);
}

void RpcConnection::checkPeer(SteadyTime now, milliseconds idleTimeout)
{
    if (!m_exchanges.empty())
        m_busyAt = now;
    const bool isLate = !m_session.hasPreface() && (m_isDraining || now - m_openedAt > m_settings.prefaceTimeout);
    const bool isStuck = m_outputAt < m_output.size() && now - m_progressAt > m_settings.writeSilence;
    if (isLate)
        return m_isDraining ? close() : giveUp(Refusal::NoPreface);
    if (isStuck)
        return giveUp(Refusal::Stalled);
    if (now - m_heardAt > m_settings.peerSilence)
        return giveUp(Refusal::Silent);
    const bool isIdle = m_exchanges.empty() && (m_isDraining || now - m_busyAt > idleTimeout);
    if (isIdle)
        m_session.shutDown(NGHTTP2_NO_ERROR);
    else if (m_session.hasPreface() && now - std::max(m_heardAt, m_pingedAt) > m_settings.pingInterval) {
        m_pingedAt = now;
        m_session.ping();
    }
    flush();
}

} // namespace danube::rpc
