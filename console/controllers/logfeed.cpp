// SPDX-License-Identifier: GPL-3.0-or-later
#include "console/controllers/logfeed.h"

#include "console/controllers/streamslots.h"
#include "shared/api/session.h"
#include "shared/core/jsonreader.h"
#include "shared/protocol/logline.h"

#include <QCryptographicHash>
#include <QThreadPool>

using namespace Qt::StringLiterals;

namespace danube::console {

namespace {

constexpr int mostFetches = 3;
constexpr qsizetype digestStep = 4 * 1024 * 1024;

ConnectionState stateOf(api::EventStream::State state)
{
    using State = api::EventStream::State;
    switch (state) {
    case State::Connecting:
        return ConnectionState::Connecting;
    case State::CatchingUp:
        return ConnectionState::CatchingUp;
    case State::Live:
    case State::Ended:
        return ConnectionState::Live;
    case State::Stale:
        return ConnectionState::Stale;
    case State::Offline:
        break;
    }
    return ConnectionState::Offline;
}

} // namespace

LogFeed::LogFeed(api::Session &session, const JobId &job, LogDocument &document, const Clock &clock, StreamSlots &turns)
    : m_session(session), m_job(job), m_document(document), m_clock(clock), m_turns(turns)
{
    // Where the log stood when the master refused the old token, it goes on with the new one.
    connect(&m_session, &api::Session::tokenChanged, this, [this] {
        if (std::exchange(m_refused, false) && m_stream)
            m_stream->start();
        else
            m_tokenIsNew = true; // an attempt with the old one may be under way
    });
    // The disk would be full for the next attempt, too; what is here stays.
    connect(&m_document, &LogDocument::failed, this, [this](const QString &why) {
        m_connection = {ConnectionState::Offline, m_clock.wall(), why};
        stop();
    });
    connect(&m_turns, &StreamSlots::turnsChanged, this, &LogFeed::takeTurn);
    m_turns.enter(this);
}

// By hand: what is connected to this object is still called while it is being destroyed.
LogFeed::~LogFeed()
{
    m_turns.disconnect(this);
    m_turns.leave(this);
    if (m_digest)
        m_digest->cancel();
}

bool LogFeed::isWaiting() const
{
    return !m_stream && !m_done;
}

void LogFeed::setWanted()
{
    if (!m_done)
        m_turns.enter(this);
}

void LogFeed::takeTurn()
{
    const bool wasWaiting = isWaiting();
    if (m_done || m_turns.hasTurn(this) == (m_stream != nullptr))
        return;
    if (m_stream)
        close();
    else
        open();
    if (wasWaiting != isWaiting())
        emit connectionChanged();
}

void LogFeed::close()
{
    m_stream->disconnect(this);
    m_stream->stop();
    m_stream->deleteLater();
    m_stream = nullptr;
}

void LogFeed::open()
{
    m_stream = m_session.openLog(m_job, this);
    connect(m_stream, &api::EventStream::stateChanged, this, &LogFeed::followState);
    connect(m_stream, &api::EventStream::eventsReceived, this, &LogFeed::takeEvents);
    connect(m_stream, &api::EventStream::signInNeeded, this, [this] {
        if (std::exchange(m_tokenIsNew, false))
            return m_stream->start();
        m_refused = true;
        followState();
    });
    connect(m_stream, &api::EventStream::failed, this, [this](const Error &error) {
        m_missing = error.code == ErrorCode::NotFound;
        if (!m_missing)
            emit problem(tr("Log: %1").arg(error.message));
    });
    if (m_document.receivedBytes() > 0)
        m_stream->setLastEventId(protocol::toText({m_document.generation(), m_document.receivedBytes(), false}));
    m_stream->start();
    followState();
}

void LogFeed::retryIfMissing()
{
    if (std::exchange(m_missing, false) && m_stream)
        m_stream->start();
}

void LogFeed::followState()
{
    Connection next = m_connection;
    next.state = stateOf(m_stream->state());
    next.detail = next.state == ConnectionState::Offline ? m_stream->lastError().message : QString();
    if (m_connection.state == ConnectionState::Live && next.state != ConnectionState::Live)
        next.lastHeard = m_clock.wall();
    if (next.state == ConnectionState::Connecting && m_connection.state == ConnectionState::Offline)
        return; // an attempt is not news
    if (std::exchange(m_connection, next) != next)
        emit connectionChanged();
}

void LogFeed::takeEvents(const QList<protocol::SseEvent> &events)
{
    const QPointer<api::EventStream> stream = m_stream;
    for (const protocol::SseEvent &event : events) {
        if (event.event == protocol::endEventName) {
            takeEnd(event);
        } else if (event.event == protocol::gapEventName) {
            takeGap(event);
        } else if (event.event.isEmpty() || event.event == "message") {
            if (const auto taken = takeLine(event); !taken)
                fetchAnew(taken.error().message);
        }
        if (stream != m_stream)
            return; // begun anew: the rest of these events is void
    }
}

Result<void> LogFeed::takeLine(const protocol::SseEvent &event)
{
    const auto position = protocol::logPositionFromText(event.id);
    auto line = protocol::logLineFromJson(event.data);
    if (!line)
        return std::unexpected(line.error());
    if (!position || position->offset != line->offset + line->stored())
        return fail(ErrorCode::Protocol, u"an event of the log at offset %1 has a wrong id"_s.arg(line->offset));
    const bool sameFile = position->generation == m_document.generation();
    if (!sameFile && line->offset == 0)
        m_document.restart(position->generation);
    else if (!sameFile)
        return fail(ErrorCode::DataLoss, u"the master's log is another one than before"_s);
    if (m_done)
        return {}; // it could not be emptied
    const int64_t known = m_document.receivedBytes();
    if (position->offset <= known)
        return {};
    if (line->offset != known)
        return fail(ErrorCode::DataLoss, u"bytes %1 to %2 of the log are missing"_s.arg(known).arg(line->offset));
    line->bytes += '\n';
    m_document.append(line->bytes, {line->offset, line->time, {toInt(line->step), line->stream}});
    return {};
}

// Lines that were here are void, and others may stand in their place: only the whole file is certain.
void LogFeed::takeGap(const protocol::SseEvent &event)
{
    const auto position = protocol::logPositionFromText(event.id);
    if (m_document.receivedBytes() == 0) {
        m_document.restart(position ? position->generation : 0);
        return;
    }
    m_fetches = 0; // the master's crash, not its mistake
    fetchAnew(tr("a crash of the master cut the log"));
}

void LogFeed::takeEnd(const protocol::SseEvent &event)
{
    const auto body = parseJsonObject(event.data);
    const auto end = body ? protocol::logEndFromJson(*body) : Result<protocol::LogEnd>(std::unexpected(body.error()));
    if (!end)
        return fetchAnew(end.error().message);
    if (end->bytes != m_document.receivedBytes())
        return fetchAnew(tr("the log has %1 bytes, %2 were received").arg(end->bytes).arg(m_document.receivedBytes()));
    m_document.finish();
    if (m_done)
        return; // its last lines could not be kept
    m_connection = {ConnectionState::Live, {}, {}};
    stop();
    verify(end->sha256);
}

void LogFeed::stop()
{
    if (m_stream)
        close();
    if (std::exchange(m_done, true))
        return;
    m_turns.leave(this);
    emit connectionChanged();
}

// The proof that this copy is the master's file, made beside the GUI.
void LogFeed::verify(const QByteArray &sha256)
{
    const auto log = m_document.wholeSnapshot();
    if (!log)
        return emit problem(tr("Log: %1").arg(log.error().message));
    m_digest = std::make_unique<QFutureWatcher<QByteArray>>();
    auto promise = std::make_shared<QPromise<QByteArray>>();
    connect(m_digest.get(), &QFutureWatcher<QByteArray>::resultReadyAt, this, [this, sha256](int i) {
        if (m_digest->resultAt(i) != sha256)
            fetchAnew(tr("the digest of the log is wrong"));
    });
    m_digest->setFuture(promise->future());
    promise->start();
    QThreadPool::globalInstance()->start([promise, log = *log] {
        QCryptographicHash hash(QCryptographicHash::Sha256);
        const QByteArrayView bytes = log.bytes();
        for (qsizetype at = 0; at < bytes.size() && !promise->isCanceled(); at += digestStep)
            hash.addData(bytes.sliced(at, std::min(digestStep, bytes.size() - at)));
        promise->addResult(hash.result().toHex());
        promise->finish();
    });
}

void LogFeed::fetchAnew(const QString &why)
{
    if (m_stream)
        close();
    if (++m_fetches > mostFetches) {
        stop();
        emit problem(tr("The log could not be fetched exactly: %1").arg(why));
        return;
    }
    m_done = false;
    m_document.restart(m_document.generation());
    if (m_done)
        return; // it could not be emptied
    m_turns.enter(this);
    takeTurn();
}

} // namespace danube::console
