// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "shared/core/clock.h"
#include "shared/core/result.h"

#include <QByteArray>
#include <QList>

#include <optional>

namespace danube::protocol {

/// One server-sent event (WHATWG HTML, "Server-sent events").
struct SseEvent
{
    QByteArray id;    ///< of this very event; empty = it has none (SseParser::lastEventId() still holds the last one)
    QByteArray event; ///< empty = "message"
    QByteArray data;  ///< UTF-8; may hold several lines
    bool operator==(const SseEvent &) const = default;
};

/// "id: …\nevent: …\ndata: …\n\n" with one data line per line of `data`. A CR in the data would end a line on the wire,
/// so escape it first (escapeCarriageReturns); one that comes here starts a new data line and cannot inject a field. An
/// id or event name with CR, LF or NUL is left out.
void appendSse(QByteArray &out, const SseEvent &event);
QByteArray encodeSse(const SseEvent &event);
QByteArray encodeSseComment(QByteArrayView text = {}); ///< heartbeat: ":\n\n" or ": text\n\n"
QByteArray encodeSseRetry(milliseconds delay);         ///< "retry: 2000\n\n"

/// The plain log form's only escape: CR becomes the two characters \r.
QByteArray escapeCarriageReturns(QByteArrayView line);

/// Sans-IO decoder: CR, LF and CRLF in any mix and cut anywhere, a leading byte order mark, comments, retry. Not
/// thread-safe.
class SseParser
{
public:
    struct Limits
    {
        qsizetype line = 1 << 20;  ///< bytes of one line
        qsizetype event = 4 << 20; ///< bytes of one event's data
    };
    SseParser() : SseParser(Limits()) {}
    explicit SseParser(Limits limits) : m_limits(limits) {}

    /// The events that `bytes` complete. ErrorCode::Protocol when a limit is passed; then until reset() for ever.
    Result<QList<SseEvent>> feed(QByteArrayView bytes);
    /// For a new connection: forgets the unfinished event, keeps lastEventId() and retry().
    void reset();

    const QByteArray &lastEventId() const { return m_lastId; }    ///< of the last finished event
    void setLastEventId(const QByteArray &id) { m_lastId = id; }  ///< where a resumed stream continues
    std::optional<milliseconds> retry() const { return m_retry; } ///< last retry field
    quint64 comments() const { return m_comments; }               ///< heartbeats seen so far

private:
    Result<void> endLine(QByteArrayView line, QList<SseEvent> &events);
    void dispatch(QList<SseEvent> &events);
    Result<void> field(QByteArrayView name, QByteArrayView value);
    std::unexpected<Error> tooLarge(const QString &what, qsizetype limit);

    Limits m_limits;
    QByteArray m_line; ///< unfinished line
    QByteArray m_event;
    QByteArray m_data;              ///< each line followed by LF
    std::optional<QByteArray> m_id; ///< of the unfinished event; becomes m_lastId when that is complete
    QByteArray m_lastId;
    std::optional<milliseconds> m_retry;
    quint64 m_comments = 0;
    bool m_afterCr = false; ///< an LF that comes first belongs to the CR before it
    bool m_atStart = true;  ///< a byte order mark may come
    bool m_failed = false;
};

} // namespace danube::protocol
