// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "shared/protocol/logline.h"
#include "shared/protocol/sse.h"
#include "tests/unit/server/http/httpfixture.h"

namespace danube::test {

/// An EventSource that can be cut after any byte and goes on by Last-Event-ID.
class StreamClient
{
public:
    StreamClient(quint16 port, QByteArray target) : m_port(port), m_target(std::move(target)) {}

    void connectAgain()
    {
        m_parser.reset();
        m_used = 0;
        m_raw = std::make_unique<RawClient>(m_port);
        const QByteArray id = m_parser.lastEventId();
        m_raw->send(HttpFixture::get(m_target, id.isEmpty() ? QByteArray() : "Last-Event-ID: " + id + "\r\n"));
    }
    /// Waits for the head, then takes at most `bytes` of the body when they are there.
    bool take(qsizetype bytes)
    {
        const auto body = [this] { return m_raw->received.indexOf("\r\n\r\n") + 4; };
        const bool came =
            waitUntil([&] { return (body() > 3 && m_raw->received.size() >= body() + m_used + bytes) || isClosed(); });
        if (body() <= 3)
            return false;
        status = m_raw->received.mid(9, 3).toInt();
        const auto part = m_raw->received.mid(body() + m_used, bytes);
        m_used += part.size();
        const auto parsed = m_parser.feed(part);
        if (!parsed)
            qFatal("no valid event stream: %s", qPrintable(parsed.error().message));
        events += *parsed;
        return came;
    }
    /// Takes what comes until an event of this name is there.
    bool takeUntil(const QByteArray &name, int timeout = 5000)
    {
        return waitUntil(
            [&] {
                if (m_raw->received.contains("\r\n\r\n"))
                    takeAll();
                return std::ranges::contains(events, name, &protocol::SseEvent::event);
            },
            timeout);
    }
    bool takeCount(qsizetype count, int timeout = 5000)
    {
        return waitUntil(
            [&] {
                if (m_raw->received.contains("\r\n\r\n"))
                    takeAll();
                return events.size() >= count;
            },
            timeout);
    }
    void takeAll()
    {
        const auto body = m_raw->received.indexOf("\r\n\r\n") + 4;
        if (const auto there = m_raw->received.size() - body - m_used; there > 0)
            take(there);
    }
    bool isClosed() { return m_raw->socket().state() == QAbstractSocket::UnconnectedState; }
    bool closedByServer(int timeout = 5000)
    {
        return waitUntil([this] { return isClosed(); }, timeout);
    }
    bool isEnded() const { return !events.isEmpty() && events.last().event == "end"; }
    const protocol::SseParser &parser() const { return m_parser; }
    RawClient &raw() { return *m_raw; }
    void startFrom(const QByteArray &id) { m_parser.setLastEventId(id); }

    /// Per step and stream, what the lines say was printed.
    QMap<std::pair<uint32_t, int>, QByteArray> printed() const
    {
        QMap<std::pair<uint32_t, int>, QByteArray> out;
        for (const protocol::SseEvent &event : events) {
            if (!event.event.isEmpty())
                continue;
            const auto line = protocol::logLineFromJson(event.data);
            if (!line)
                qFatal("no log line: %s", event.data.constData());
            out[{toInt(line->step), static_cast<int>(line->stream)}] += line->printed();
        }
        return out;
    }

    QList<protocol::SseEvent> events;
    int status = 0;

private:
    quint16 m_port;
    QByteArray m_target;
    protocol::SseParser m_parser;
    std::unique_ptr<RawClient> m_raw;
    qsizetype m_used = 0;
};

} // namespace danube::test
