// SPDX-License-Identifier: GPL-3.0-or-later
#include "shared/api/eventstream.h"

#include "shared/api/apiclient.h"
#include "shared/protocol/logline.h"
#include "shared/protocol/restmessages.h"

#include <QNetworkReply>

using namespace Qt::StringLiterals;

namespace danube::api {
namespace {

constexpr qint64 readSize = 256 << 10;
constexpr qint64 largeRead = 64 << 10;       ///< a backlog fills the buffers; a live stream, even a busy one, does not
constexpr qint64 maxRefusalBytes = 64 << 10; ///< of a refusal's body that are read
constexpr milliseconds steadyAfter{5'000};   ///< a connection that lived so long was a good one

bool isWorthRetrying(int status)
{
    return status == 408 || status == 425 || status == 429 || status >= 500;
}

} // namespace

QString toText(EventStream::State state)
{
    switch (state) {
    case EventStream::State::Offline:
        return u"offline"_s;
    case EventStream::State::Connecting:
        return u"connecting"_s;
    case EventStream::State::CatchingUp:
        return u"catching up"_s;
    case EventStream::State::Live:
        return u"live"_s;
    case EventStream::State::Stale:
        return u"stale"_s;
    case EventStream::State::Ended:
        return u"ended"_s;
    }
    return u"offline"_s;
}

EventStream::EventStream(Endpoint endpoint, QUrl url, QObject *parent)
    : EventStream(std::move(endpoint), std::move(url), Settings(), parent)
{}

EventStream::EventStream(Endpoint endpoint, QUrl url, Settings settings, QObject *parent)
    : QObject(parent),
      m_endpoint(std::move(endpoint)),
      m_url(std::move(url)),
      m_settings(std::move(settings)),
      m_backoff(m_settings.backoffBase, m_settings.backoffCap, m_settings.random)
{
    for (QTimer *timer : {&m_retryTimer, &m_watchdog, &m_quietTimer})
        timer->setSingleShot(true);
    connect(&m_retryTimer, &QTimer::timeout, this, &EventStream::connectNow);
    connect(&m_watchdog, &QTimer::timeout, this, &EventStream::watch);
    connect(&m_quietTimer, &QTimer::timeout, this, [this] {
        if (m_state == State::CatchingUp)
            setState(State::Live);
    });
}

EventStream::~EventStream()
{
    dropReply();
}

void EventStream::start()
{
    if (m_reply || m_state == State::Ended)
        return;
    m_backoff.reset();
    m_reconnects = 0;
    connectNow();
}

void EventStream::stop()
{
    m_retryTimer.stop();
    dropReply();
    if (m_state != State::Ended)
        setState(State::Offline);
}

void EventStream::retryNow()
{
    if (!m_retryTimer.isActive())
        return;
    m_retryTimer.stop();
    connectNow();
}

void EventStream::setPaused(bool paused)
{
    m_paused = paused;
    if (m_accepted)
        startWatchdog();
    if (!paused && m_reply)
        QMetaObject::invokeMethod(this, &EventStream::takeBytes, Qt::QueuedConnection);
}

// Of an accepted stream. While it is paused, silence is our own doing.
void EventStream::startWatchdog()
{
    if (m_paused)
        m_watchdog.stop();
    else
        m_watchdog.start(m_settings.heartbeat * 5 / 2);
}

void EventStream::connectNow()
{
    m_retryTimer.stop();
    dropReply();
    m_parser.reset();
    m_accepted = m_progress = false;
    QNetworkRequest request = m_endpoint.request(m_url);
    request.setRawHeader("Accept", "text/event-stream");
    request.setRawHeader("Cache-Control", "no-store");
    if (!m_lastId.isEmpty())
        request.setRawHeader("Last-Event-ID", m_lastId);
    request.setTransferTimeout(0); // a quiet stream is a healthy one; the watchdog judges
    m_reply = m_network.get(request);
    m_reply->setReadBufferSize(m_settings.readBuffer);
    connect(m_reply, &QNetworkReply::metaDataChanged, this, &EventStream::takeHead);
    connect(m_reply, &QNetworkReply::readyRead, this, &EventStream::takeBytes);
    connect(m_reply, &QNetworkReply::finished, this, &EventStream::takeEnd);
    m_watchdog.start(m_settings.connectTimeout);
    setState(State::Connecting);
}

void EventStream::takeHead()
{
    if (!m_reply || m_accepted || statusOf(*m_reply) != 200)
        return;
    const QString type = m_reply->header(QNetworkRequest::ContentTypeHeader).toString();
    if (!type.startsWith("text/event-stream"_L1, Qt::CaseInsensitive))
        return loseConnection({ErrorCode::Protocol, u"follow %1: answered with %2 instead of an event stream"_s.arg(
                                                        m_url.toDisplayString(QUrl::RemoveQuery), type)});
    m_accepted = true;
    m_connectedAt = std::chrono::steady_clock::now();
    startWatchdog();
    m_quietTimer.start(m_settings.quiet);
    setState(State::CatchingUp);
}

void EventStream::takeBytes()
{
    const QPointer<EventStream> self(this); // whoever gets the events may destroy or stop the stream
    const QPointer<QNetworkReply> reply = m_reply;
    while (self && reply && reply == m_reply && m_accepted && !m_paused && reply->bytesAvailable() > 0) {
        if (!readSome())
            return;
    }
    if (self && reply && reply == m_reply && reply->isFinished() && !m_paused)
        takeEnd();
}

bool EventStream::readSome()
{
    const QByteArray bytes = m_reply->read(readSize);
    if (bytes.isEmpty())
        return false;
    startWatchdog();
    if (bytes.size() >= largeRead && m_state == State::CatchingUp)
        m_quietTimer.start(m_settings.quiet);
    auto events = m_parser.feed(bytes);
    if (!events) {
        loseConnection(events.error());
        return false;
    }
    handOut(std::move(*events));
    return true;
}

void EventStream::handOut(QList<protocol::SseEvent> events)
{
    QList<protocol::SseEvent> fresh;
    fresh.reserve(events.size());
    bool isEnd = false;
    for (protocol::SseEvent &event : events) {
        if (isRepeated(event))
            continue;
        if (!event.id.isEmpty())
            m_lastId = event.id;
        isEnd = event.event == protocol::endEventName;
        fresh.append(std::move(event));
        if (isEnd)
            break;
    }
    // An id that came without an event counts too: it is how a fresh client learns where it stands.
    if (const QByteArray id = m_parser.lastEventId(); !isEnd && !id.isEmpty() && !isRepeated({id, {}, {}}))
        m_lastId = id;
    if (fresh.isEmpty())
        return;
    m_progress = true;
    m_backoff.reset();
    const QPointer<EventStream> self(this);
    emit eventsReceived(fresh);
    if (self && isEnd)
        end();
}

bool EventStream::isRepeated(const protocol::SseEvent &event) const
{
    // A gap moves backwards on purpose.
    const bool isNews = event.event == protocol::gapEventName || event.event == protocol::resetEventName;
    if (isNews || event.id.isEmpty() || m_lastId.isEmpty())
        return false;
    const auto last = protocol::logPositionFromText(m_lastId);
    const auto position = protocol::logPositionFromText(event.id);
    if (!last || !position || last->generation != position->generation)
        return event.id == m_lastId;
    return position->offset < last->offset || (position->offset == last->offset && (last->ended || !position->ended));
}

void EventStream::takeEnd()
{
    if (!m_reply || (m_accepted && m_paused))
        return;
    if (m_accepted && m_reply->bytesAvailable() > 0)
        return takeBytes();
    const int status = statusOf(*m_reply);
    if (status == 204)
        return end();
    if (status >= 300)
        return refuse(status);
    if (m_accepted && m_reply->error() == QNetworkReply::NoError)
        return loseConnection({ErrorCode::Unavailable, u"the master closed the event stream"_s});
    loseConnection(errorOfReply(*m_reply, {}));
}

void EventStream::refuse(int status)
{
    const Error why = errorOfReply(*m_reply, m_reply->read(maxRefusalBytes));
    if (isWorthRetrying(status))
        return loseConnection(why, State::Offline, retryAfterOf(*m_reply, m_settings.backoffCap));
    giveUp(why);
}

void EventStream::watch()
{
    if (m_accepted && m_reply && m_reply->bytesAvailable() > 0)
        return takeBytes();
    if (!m_accepted)
        return loseConnection(
            {ErrorCode::Timeout, u"follow %1: no answer in time"_s.arg(m_url.toDisplayString(QUrl::RemoveQuery))});
    loseConnection({ErrorCode::Timeout, u"the event stream is silent: no heartbeat in time"_s}, State::Stale);
}

void EventStream::loseConnection(const Error &why, State meanwhile, milliseconds atLeast)
{
    const bool wasSteady = m_accepted && std::chrono::steady_clock::now() - m_connectedAt > steadyAfter;
    const bool isFast = m_progress || wasSteady;
    dropReply();
    m_lastError = why;
    if (isFast)
        m_backoff.reset();
    // Jitter on the fast retry too: after a restart of the master all its clients come at once.
    const auto fast = milliseconds(
        static_cast<int64_t>(static_cast<double>(m_settings.firstRetry.count()) * (1 + m_settings.random())));
    const auto delay = std::max(atLeast, isFast ? fast : m_backoff.next());
    ++m_reconnects;
    m_retryTimer.start(delay);
    const QPointer<EventStream> self(this);
    setState(meanwhile);
    if (self)
        emit reconnecting(why, delay);
}

void EventStream::giveUp(const Error &why)
{
    dropReply();
    m_lastError = why;
    const QPointer<EventStream> self(this);
    setState(State::Offline);
    if (!self)
        return;
    if (why.code == ErrorCode::Unauthenticated)
        emit signInNeeded();
    else
        emit failed(why);
}

void EventStream::end()
{
    dropReply();
    setState(State::Ended);
}

void EventStream::dropReply()
{
    m_watchdog.stop();
    m_quietTimer.stop();
    m_accepted = m_progress = false;
    if (!m_reply)
        return;
    QNetworkReply *reply = m_reply;
    m_reply = nullptr;
    reply->disconnect(this);
    reply->abort();
    reply->deleteLater();
}

void EventStream::setState(State state)
{
    if (std::exchange(m_state, state) != state)
        emit stateChanged(state);
}

} // namespace danube::api
