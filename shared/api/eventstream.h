// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "shared/api/endpoint.h"
#include "shared/core/backoff.h"
#include "shared/protocol/sse.h"

#include <QNetworkAccessManager>
#include <QObject>
#include <QPointer>
#include <QTimer>

class QNetworkReply;

namespace danube::api {

/// One server-sent event stream that survives cuts, silence and restarts of the master: it resumes at the last finished
/// event (Last-Event-ID), so the events handed out are exact: none lost, none twice. Lives in one thread with a Qt
/// event loop; owns a QNetworkAccessManager of its own (streams on a shared one starve each other and REST after six).
/// Memory is bounded by `readBuffer` plus one unfinished event: a slow consumer makes the server wait.
class EventStream : public QObject
{
    Q_OBJECT
public:
    enum class State {
        Offline,    ///< no connection; the next attempt is timed (or stop() was called, or nothing started yet)
        Connecting, ///< request sent, no answer yet
        CatchingUp, ///< connected; events older than the connection are still coming in
        Live,       ///< connected and up to date
        Stale,      ///< connected, but silent for longer than the watchdog allows; reconnects at once
        Ended,      ///< the server said so: an `end` event or 204; nothing more will come
    };
    Q_ENUM(State)

    struct Settings
    {
        milliseconds backoffBase{1'000};
        milliseconds backoffCap{30'000};
        milliseconds firstRetry{50};    ///< after a stream that had been connected
        milliseconds heartbeat{15'000}; ///< the server's; the watchdog waits 2.5 × as long
        milliseconds connectTimeout{15'000};
        milliseconds quiet{100};     ///< without a large read for so long = caught up
        qint64 readBuffer = 1 << 20; ///< bytes
        Backoff::Random random = Backoff::systemRandom();
    };

    EventStream(Endpoint endpoint, QUrl url, Settings settings, QObject *parent = nullptr);
    EventStream(Endpoint endpoint, QUrl url, QObject *parent = nullptr);
    ~EventStream() override;

    /// Where to begin: the event after this id. Before start(); empty = from the beginning.
    void setLastEventId(const QByteArray &id) { m_lastId = id; }
    const QByteArray &lastEventId() const { return m_lastId; } ///< of the last event handed out
    /// For a renewed token; used by the next attempt.
    void setToken(std::shared_ptr<const Secret> token) { m_endpoint.token = std::move(token); }

    void start();    ///< also after signInNeeded() or failed()
    void stop();     ///< → Offline, no further attempts
    void retryNow(); ///< the network came back, or the machine woke up: do not wait for the timer; not when Ended
    void setPaused(bool paused); ///< stops reading; the server's and the system's buffers fill, nothing is lost

    State state() const { return m_state; }
    const Error &lastError() const { return m_lastError; } ///< why it is not connected
    int reconnects() const { return m_reconnects; }        ///< since start()

signals:
    void stateChanged(danube::api::EventStream::State state);
    /// What one read brought, in order: as many as there were, so that 50 000 lines/s are some hundred signals.
    void eventsReceived(const QList<danube::protocol::SseEvent> &events);
    void signInNeeded();                     ///< 401: no further attempts until start()
    void failed(const danube::Error &error); ///< 4xx that no retry mends (403, 404, 410): no further attempts
    void reconnecting(const danube::Error &why, std::chrono::milliseconds delay);

private:
    void connectNow();
    void takeHead();
    void takeBytes();
    void takeEnd();
    bool readSome();
    void handOut(QList<protocol::SseEvent> events);
    bool isRepeated(const protocol::SseEvent &event) const;
    void refuse(int status);
    void startWatchdog();
    void watch();
    void loseConnection(const Error &why, State meanwhile = State::Offline, milliseconds atLeast = milliseconds(0));
    void giveUp(const Error &why);
    void end();
    void dropReply();
    void setState(State state);

    Endpoint m_endpoint;
    QUrl m_url;
    Settings m_settings;
    QNetworkAccessManager m_network;
    QPointer<QNetworkReply> m_reply;
    protocol::SseParser m_parser;
    Backoff m_backoff;
    QTimer m_retryTimer;
    QTimer m_watchdog;
    QTimer m_quietTimer;
    QByteArray m_lastId;
    SteadyTime m_connectedAt;
    State m_state = State::Offline;
    Error m_lastError;
    int m_reconnects = 0;
    bool m_accepted = false; ///< this reply is 200 text/event-stream
    bool m_progress = false; ///< this connection brought something: the next retry is a fast one
    bool m_paused = false;
};

QString toText(EventStream::State state); ///< "connecting", "live", …

} // namespace danube::api
