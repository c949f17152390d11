// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/http/ssefeed.h"

#include "shared/protocol/sse.h"

namespace danube::http {

EventFeed::EventFeed(QByteArray epoch, qsizetype maxEvents, qsizetype maxBytes)
    : m_epoch(std::move(epoch)), m_maxEvents(maxEvents), m_maxBytes(maxBytes)
{}

void EventFeed::publish(const QByteArray &type, const QByteArray &json)
{
    m_events.push_back(protocol::encodeSse({idOf(head()), type, json}));
    m_bytes += m_events.back().size();
    while (!m_events.empty() && (std::ssize(m_events) > m_maxEvents || m_bytes > m_maxBytes)) {
        m_bytes -= m_events.front().size();
        m_events.pop_front();
        ++m_first;
    }
}

void EventFeed::forget()
{
    m_first = head() + 1; // one number nobody ever sees, so that all who follow the head are behind
    m_events.clear();
    m_bytes = 0;
}

std::optional<qint64> EventFeed::sequenceOf(QByteArrayView id) const
{
    if (!id.startsWith(m_epoch) || id.size() <= m_epoch.size() || id[m_epoch.size()] != ':')
        return std::nullopt;
    bool isNumber = false;
    const qint64 sequence = id.sliced(m_epoch.size() + 1).toLongLong(&isNumber);
    if (!isNumber || sequence < 0 || sequence >= head())
        return std::nullopt;
    return sequence;
}

QByteArray EventFeed::gapEvent() const
{
    return protocol::encodeSse({idOf(head() - 1), "gap", "{}"});
}

Result<QByteArray> EventFeed::begin(SsePosition &position)
{
    if (position.isResumed && position.next >= m_first)
        return QByteArray();
    const bool wasBehind = position.isResumed;
    position.isResumed = false;
    position.next = head();
    // A fresh client gets an id at once, so that a reconnect before the first event misses nothing.
    return wasBehind ? gapEvent() : QByteArray("id: " + idOf(head() - 1) + "\n\n");
}

Result<SseBlock> EventFeed::next(const SsePosition &position)
{
    if (position.next >= head())
        return SseBlock{};
    if (position.next < m_first)
        return SseBlock{gapEvent(), head(), false};
    const auto index = static_cast<size_t>(position.next - m_first);
    if (index + 1 == m_events.size())
        return SseBlock{m_events[index], head(), false};
    if (m_cachedFrom != position.next || m_cached.next != head()) {
        m_cached = {};
        m_cachedFrom = position.next;
        size_t at = index;
        for (; at < m_events.size() && m_cached.bytes.size() < blockBytes; ++at)
            m_cached.bytes.append(m_events[at]);
        m_cached.next = m_first + static_cast<qint64>(at);
    }
    return m_cached;
}

} // namespace danube::http
