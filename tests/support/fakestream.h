// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "shared/protocol/sse.h"
#include "tests/support/fakehttp.h"

#include <QTimer>

#include <deque>

namespace danube::tests {

/// The events behind one stream URL, kept for ever, and the clients that follow them, each from its own place: a
/// client that names a Last-Event-ID gets what follows that event. Faults as a test wants them.
class FakeStream : public QObject
{
    Q_OBJECT
public:
    explicit FakeStream(QObject *parent = nullptr);

    void append(const protocol::SseEvent &event); ///< goes to all clients at once
    /// Serves a client, or answers 204 when it has seen the last event of an ended stream.
    void serve(const FakeRequest &request, FakeConnection &connection);

    /// Cuts each later connection after `next()` bytes of events; nullptr = never.
    void cutAfter(std::function<qint64()> next) { m_nextCut = std::move(next); }
    void setSilent(bool silent) { m_silent = silent; } ///< later writes are held back, heartbeats too
    void setHeartbeat(std::chrono::milliseconds interval) { m_heartbeat.start(interval); }
    void setRepeatLast(bool repeat) { m_repeatLast = repeat; } ///< resumes one event too early: duplicates
    void setEnded() { m_ended = true; }                        ///< close after the last event; later ones get 204

    int served() const { return m_served; }
    qint64 written() const; ///< bytes taken by the sockets of the clients that are still there

private:
    struct Client
    {
        QPointer<FakeConnection> connection;
        qsizetype next = 0;
        qint64 left = -1; ///< bytes until the cut; -1 = no cut
        qint64 sent = 0;
    };
    void pump(Client &client);
    void write(Client &client, const QByteArray &bytes);
    qsizetype positionOf(const QByteArray &id) const;

    std::vector<protocol::SseEvent> m_events;
    std::deque<Client> m_clients;
    std::function<qint64()> m_nextCut;
    QTimer m_heartbeat;
    int m_served = 0;
    bool m_silent = false;
    bool m_repeatLast = false;
    bool m_ended = false;
};

} // namespace danube::tests
