// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "shared/api/apiclient.h"
#include "shared/api/eventstream.h"

namespace danube::api {

/// One master as a client sees it: its REST client, its job and step events (`/events/stream`), and whether it can be
/// reached. Lives in one thread. Streams made here share the token: setToken() reaches them at their next attempt.
class Session : public QObject
{
    Q_OBJECT
public:
    using State = EventStream::State; ///< of the master's event stream

    explicit Session(const Endpoint &endpoint, QObject *parent = nullptr);
    Session(const Endpoint &endpoint, const EventStream::Settings &settings, QObject *parent = nullptr);

    const Endpoint &endpoint() const { return m_client.endpoint(); }
    ApiClient &client() { return m_client; }
    State state() const { return m_events.state(); }
    const Error &lastError() const { return m_events.lastError(); }

    void start() { m_events.start(); } ///< opens the event stream
    void stop() { m_events.stop(); }
    void retryNow() { m_events.retryNow(); }
    void setToken(const std::shared_ptr<const Secret> &token);

    /// A job's log as events in the exact form (protocol::LogLine), not started. Owned by `parent`, which must not
    /// outlive the session.
    EventStream *openLog(const JobId &job, QObject *parent, const LogQuery &query = {});

signals:
    void stateChanged(danube::api::EventStream::State state);
    void jobChanged(const danube::Job &job);
    void stepChanged(const danube::JobId &job, const danube::Step &step);
    /// Events may have been missed (first connection, or a resume the server could not honour): fetch the lists again.
    void resyncNeeded();
    void signInNeeded();
    void tokenChanged(); ///< by setToken()

private:
    void takeEvents(const QList<protocol::SseEvent> &events);

    EventStream::Settings m_settings;
    ApiClient m_client;
    EventStream m_events;
    QList<QPointer<EventStream>> m_logs;
};

} // namespace danube::api
