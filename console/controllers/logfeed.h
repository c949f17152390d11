// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "console/models/connection.h"
#include "console/models/logdocument.h"
#include "shared/core/id.h"

#include <QObject>
#include <QPointer>

namespace danube::api {
class EventStream;
class Session;
} // namespace danube::api
namespace danube::protocol {
struct LogEnd;
struct SseEvent;
} // namespace danube::protocol

namespace danube::console {

class StreamSlots;

/// Brings a job's log from the master into its document, byte for byte: resumes where the document ends, drops what it
/// has, and when the master's file is another one than before (a higher generation, a gap, a wrong digest at the end),
/// fetches it anew.
class LogFeed : public QObject
{
    Q_OBJECT
public:
    /// `turns` outlives this object.
    LogFeed(api::Session &session, const JobId &job, LogDocument &document, const Clock &clock, StreamSlots &turns);
    ~LogFeed() override;
    const Connection &connection() const { return m_connection; }
    /// The job has moved on: asks again if the master had no log for it yet.
    void retryIfMissing();
    /// Somebody looks at this log: it goes before those that nobody looks at.
    void setWanted();
    bool isWaiting() const; ///< for its turn: too many logs are read at once

signals:
    void connectionChanged();
    void problem(const QString &text);

private:
    void takeTurn();
    void open();
    void close();
    void followState();
    void takeEvents(const QList<protocol::SseEvent> &events);
    Result<void> takeLine(const protocol::SseEvent &event);
    void takeGap(const protocol::SseEvent &event);
    void takeEnd(const protocol::SseEvent &event);
    void verify(const QByteArray &sha256);
    void stop();
    void fetchAnew(const QString &why);

    api::Session &m_session;
    JobId m_job;
    LogDocument &m_document;
    const Clock &m_clock;
    QPointer<api::EventStream> m_stream;
    Connection m_connection;
    StreamSlots &m_turns;
    bool m_done = false;       ///< the log is here as a whole, or will not be
    bool m_missing = false;    ///< the last answer was: no such log
    bool m_tokenIsNew = false; ///< since the last refusal
    bool m_refused = false;    ///< the last answer was: no such token
    int m_fetches = 0;         ///< times it was begun anew; a master that keeps lying is not asked for ever
    std::unique_ptr<QFutureWatcher<QByteArray>> m_digest;
};

} // namespace danube::console
