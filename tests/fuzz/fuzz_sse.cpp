// SPDX-License-Identifier: GPL-3.0-or-later
// Event streams and log events: any bytes, cut anywhere, give the same events, within the limits; what is encoded comes
// back the same.
#include "shared/protocol/logline.h"
#include "shared/protocol/sse.h"
#include "tests/fuzz/require.h"

using namespace danube;
using namespace danube::protocol;

namespace {

constexpr SseParser::Limits limits{.line = 200, .event = 500};

/// All events, or nothing when a limit was passed.
std::optional<QList<SseEvent>> parse(QByteArrayView bytes, qsizetype piece)
{
    SseParser parser(limits);
    QList<SseEvent> events;
    for (qsizetype at = 0; at < bytes.size(); at += piece) {
        auto some = parser.feed(bytes.sliced(at, std::min(piece, bytes.size() - at)));
        if (!some)
            return std::nullopt;
        events.append(std::move(*some));
    }
    return events;
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size == 0)
        return 0;
    const QByteArrayView bytes(reinterpret_cast<const char *>(data + 1), static_cast<qsizetype>(size - 1));
    const auto whole = parse(bytes, std::max<qsizetype>(bytes.size(), 1));
    require(whole == parse(bytes, data[0] % 7 + 1));
    for (const SseEvent &event : whole.value_or(QList<SseEvent>())) {
        if (event.event.contains('\0')) // the standard lets it in, the encoder leaves it out
            continue;
        SseParser parser;
        const auto again = parser.feed(encodeSse(event));
        require(again && again->size() == 1 && again->first() == event);
    }
    const LogLine line{1,
                       WallTime(milliseconds(data[0])),
                       StepNumber(data[0]),
                       LogStream::Stdout,
                       bytes.toByteArray(),
                       data[0] % 2 == 0};
    require(logLineFromJson(toJson(line)) == line);
    if (const auto parsed = logLineFromJson(bytes.toByteArray()))
        require(logLineFromJson(toJson(*parsed)).has_value() && parsed->offset + parsed->stored() > 0);
    if (const auto position = logPositionFromText(bytes))
        require(logPositionFromText(toText(*position)) == position);
    return 0;
}
