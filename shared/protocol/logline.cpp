// SPDX-License-Identifier: GPL-3.0-or-later
#include "shared/protocol/logline.h"

#include "shared/protocol/text.h"

#include <simdjson.h>

#include <array>
#include <cstdio>

using namespace Qt::StringLiterals;

namespace danube::protocol {
namespace {

constexpr qint64 lastOffset = 900'000'000'000'000'000; // a position has 18 digits

/// toRfc3339 without QDateTime, which would cost more than the rest of the line.
void appendTime(QByteArray &out, WallTime time)
{
    if (time == WallTime())
        return;
    const auto day = std::chrono::floor<std::chrono::days>(time);
    const std::chrono::year_month_day date(day);
    const std::chrono::hh_mm_ss clock(time - day);
    std::array<char, 32> text{};
    const int length =
        std::snprintf(text.data(), text.size(), "%04d-%02u-%02uT%02d:%02d:%02d.%03dZ", static_cast<int>(date.year()),
                      static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()),
                      static_cast<int>(clock.hours().count()), static_cast<int>(clock.minutes().count()),
                      static_cast<int>(clock.seconds().count()), static_cast<int>(clock.subseconds().count()));
    out.append(text.data(), length);
}

std::optional<LogStream> streamFromText(std::string_view text)
{
    for (const auto stream : {LogStream::Stdout, LogStream::Stderr, LogStream::System}) {
        if (QLatin1StringView(QByteArrayView(text)) == toText(stream))
            return stream;
    }
    return std::nullopt;
}

std::unexpected<Error> broken(const QString &what)
{
    return fail(ErrorCode::Protocol, u"log event: "_s + what);
}

/// A decimal number without sign, at most 18 digits.
std::optional<qint64> number(QByteArrayView text)
{
    const auto isDigit = [](char c) { return c >= '0' && c <= '9'; };
    if (text.isEmpty() || text.size() > 18 || !std::ranges::all_of(text, isDigit))
        return std::nullopt;
    return text.toLongLong();
}

} // namespace

void appendJson(QByteArray &out, const LogLine &line)
{
    out.append("{\"offset\":").append(QByteArray::number(line.offset)).append(",\"time\":\"");
    appendTime(out, line.time);
    out.append("\",\"step\":").append(QByteArray::number(toInt(line.step)));
    out.append(",\"stream\":\"").append(toText(line.stream).toLatin1()).append("\",\"text\":\"");
    const bool isExact = isExactText(line.bytes);
    appendJsonEscaped(out, isExact ? line.bytes : textOf(line.bytes).toUtf8());
    out.append('"');
    // JSON libraries (Qt's too) drop a byte order mark at the start of a string.
    if (!isExact || line.bytes.startsWith("\xEF\xBB\xBF"))
        out.append(",\"b64\":\"").append(line.bytes.toBase64()).append('"');
    if (!line.eol)
        out.append(",\"eol\":false");
    out.append('}');
}

QByteArray toJson(const LogLine &line)
{
    QByteArray out;
    out.reserve(line.bytes.size() + 128);
    appendJson(out, line);
    return out;
}

Result<LogLine> logLineFromJson(const QByteArray &json)
{
    static thread_local simdjson::dom::parser parser; // keeps its buffers for the next line
    simdjson::dom::object object;
    if (parser.parse(json.constData(), static_cast<size_t>(json.size())).get(object))
        return broken(u"no JSON object"_s);
    std::string_view streamName, text, time, encoded;
    int64_t offset = -1;
    int64_t step = -1;
    bool eol = true;
    const bool isLine = !object["stream"].get(streamName) && !object["offset"].get(offset) &&
                        !object["step"].get(step) && !object["text"].get(text);
    const auto stream = streamFromText(streamName);
    if (!isLine || !stream || offset < 0 || offset > lastOffset || step < 0 || step > UINT32_MAX)
        return broken(u"offset, step, stream or text missing or wrong"_s);
    const bool hasTime = !object["time"].get(time);
    if (object["eol"].get(eol))
        eol = true;
    LogLine line{offset,
                 hasTime ? fromRfc3339(QString::fromUtf8(time)) : WallTime(),
                 StepNumber(static_cast<uint32_t>(step)),
                 *stream,
                 QByteArrayView(text).toByteArray(),
                 eol};
    const auto whole = object["b64"];
    if (whole.error() == simdjson::NO_SUCH_FIELD)
        return line;
    if (whole.get(encoded))
        return broken(u"b64 is no base64"_s);
    const auto decoded =
        QByteArray::fromBase64Encoding(QByteArrayView(encoded).toByteArray(), QByteArray::AbortOnBase64DecodingErrors);
    if (!decoded)
        return broken(u"b64 is no base64"_s);
    line.bytes = *decoded;
    return line;
}

QByteArray toText(const LogPosition &position)
{
    return QByteArray::number(position.generation) + ':' + QByteArray::number(position.offset) +
           (position.ended ? QByteArray(":end") : QByteArray());
}

std::optional<LogPosition> logPositionFromText(QByteArrayView text)
{
    LogPosition position;
    if (text.endsWith(":end")) {
        position.ended = true;
        text.chop(4);
    }
    const auto colon = text.indexOf(':');
    if (colon < 0)
        return std::nullopt;
    const auto generation = number(text.first(colon));
    const auto offset = number(text.sliced(colon + 1));
    if (!generation || !offset || *generation > UINT32_MAX)
        return std::nullopt;
    position.generation = static_cast<quint32>(*generation);
    position.offset = *offset;
    return position;
}

} // namespace danube::protocol
