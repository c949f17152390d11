// SPDX-License-Identifier: GPL-3.0-or-later
#include "shared/protocol/sse.h"

#include <algorithm>
#include <cstring>

using namespace Qt::StringLiterals;

namespace danube::protocol {
namespace {

constexpr QByteArrayView byteOrderMark("\xEF\xBB\xBF");

bool isOneLine(QByteArrayView text)
{
    return std::ranges::none_of(text, [](char c) { return c == '\r' || c == '\n' || c == '\0'; });
}

/// Position of the first CR or LF at or after `from`, or size().
qsizetype findLineEnd(QByteArrayView bytes, qsizetype from)
{
    const char *begin = bytes.data() + from;
    const auto length = static_cast<size_t>(bytes.size() - from);
    const void *lf = length > 0 ? std::memchr(begin, '\n', length) : nullptr;
    const auto untilLf = lf ? static_cast<size_t>(static_cast<const char *>(lf) - begin) : length;
    const void *cr = untilLf > 0 ? std::memchr(begin, '\r', untilLf) : nullptr;
    return from + (cr ? static_cast<const char *>(cr) - begin : static_cast<qsizetype>(untilLf));
}

} // namespace

void appendSse(QByteArray &out, const SseEvent &event)
{
    if (!event.id.isEmpty() && isOneLine(event.id))
        out.append("id: ").append(event.id).append('\n');
    if (!event.event.isEmpty() && isOneLine(event.event))
        out.append("event: ").append(event.event).append('\n');
    const QByteArrayView data(event.data);
    for (qsizetype at = 0; at <= data.size();) {
        const auto end = findLineEnd(data, at);
        out.append("data: ").append(data.sliced(at, end - at)).append('\n');
        const bool isCrLf = end + 1 < data.size() && data[end] == '\r' && data[end + 1] == '\n';
        at = end + (isCrLf ? 2 : 1);
    }
    out.append('\n');
}

QByteArray encodeSse(const SseEvent &event)
{
    QByteArray out;
    appendSse(out, event);
    return out;
}

QByteArray encodeSseComment(QByteArrayView text)
{
    if (text.isEmpty() || !isOneLine(text))
        return ":\n\n";
    return QByteArray(": ").append(text).append("\n\n");
}

QByteArray encodeSseRetry(milliseconds delay)
{
    return "retry: " + QByteArray::number(delay.count()) + "\n\n";
}

QByteArray escapeCarriageReturns(QByteArrayView line)
{
    return line.toByteArray().replace("\r", "\\r");
}

Result<QList<SseEvent>> SseParser::feed(QByteArrayView bytes)
{
    QList<SseEvent> events;
    if (m_failed)
        return fail(ErrorCode::Protocol, u"event stream: fed after a limit was passed"_s);
    for (qsizetype at = 0; at < bytes.size();) {
        if (m_afterCr && bytes[at] == '\n')
            ++at;
        m_afterCr = false;
        const auto end = findLineEnd(bytes, at);
        const auto piece = bytes.sliced(at, end - at);
        if (m_line.size() + piece.size() > m_limits.line)
            return tooLarge(u"line"_s, m_limits.line);
        if (end == bytes.size()) {
            m_line.append(piece);
            break;
        }
        m_afterCr = bytes[end] == '\r';
        at = end + 1;
        const bool isWhole = m_line.isEmpty();
        if (!isWhole)
            m_line.append(piece);
        if (auto ended = endLine(isWhole ? piece : QByteArrayView(m_line), events); !ended)
            return std::unexpected(ended.error());
        m_line.clear();
    }
    return events;
}

void SseParser::reset()
{
    m_line.clear();
    m_event.clear();
    m_data.clear();
    m_id.reset();
    m_afterCr = false;
    m_atStart = true;
    m_failed = false;
}

Result<void> SseParser::endLine(QByteArrayView line, QList<SseEvent> &events)
{
    if (std::exchange(m_atStart, false) && line.startsWith(byteOrderMark))
        line = line.sliced(byteOrderMark.size());
    if (line.isEmpty()) {
        dispatch(events);
        return {};
    }
    if (line.front() == ':') {
        ++m_comments;
        return {};
    }
    const auto colon = line.indexOf(':');
    if (colon < 0)
        return field(line, {});
    auto value = line.sliced(colon + 1);
    if (value.startsWith(' '))
        value = value.sliced(1);
    return field(line.first(colon), value);
}

Result<void> SseParser::field(QByteArrayView name, QByteArrayView value)
{
    if (name == "data") {
        if (m_data.size() + value.size() + 1 > m_limits.event)
            return tooLarge(u"event"_s, m_limits.event);
        m_data.append(value).append('\n');
    } else if (name == "id") {
        if (!value.contains('\0'))
            m_id = value.toByteArray();
    } else if (name == "event") {
        m_event = value.toByteArray();
    } else if (name == "retry") {
        const bool isNumber = std::ranges::all_of(value, [](char c) { return c >= '0' && c <= '9'; });
        if (isNumber && !value.isEmpty() && value.size() < 10)
            m_retry = milliseconds(value.toLongLong());
    }
    return {};
}

void SseParser::dispatch(QList<SseEvent> &events)
{
    const auto id = std::exchange(m_id, std::nullopt);
    m_lastId = id.value_or(m_lastId);
    if (!m_data.isEmpty()) {
        m_data.chop(1);
        events.append(SseEvent{id.value_or(QByteArray()), std::exchange(m_event, {}), std::exchange(m_data, {})});
    }
    m_event.clear();
}

std::unexpected<Error> SseParser::tooLarge(const QString &what, qsizetype limit)
{
    m_failed = true;
    return fail(ErrorCode::Protocol, u"event stream: %1 of more than %2 bytes"_s.arg(what).arg(limit));
}

} // namespace danube::protocol
