// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "shared/core/clock.h"
#include "shared/core/id.h"
#include "shared/core/result.h"
#include "shared/model/stream.h"

#include <QByteArray>

namespace danube::protocol {

/// One line of a job's log as it travels in `GET …/logs/stream?format=json`: exact for every byte.
/// JSON: {"offset":17,"time":"2026-01-31T12:00:00.123Z","step":1,"stream":"stdout","text":"…"}, plus `"b64":"…"` when
/// text alone would lose bytes (no valid UTF-8: U+FFFD in their place; a leading byte order mark), and then b64 counts;
/// plus `"eol":false` when the newline in the log file is none of the step's (a fragment, or a last line without end).
struct LogLine
{
    qint64 offset = 0; ///< of the line's first byte in the masked file; the event's id holds the offset after the line
    WallTime time{};
    StepNumber step{};
    LogStream stream = LogStream::Stdout;
    QByteArray bytes; ///< without the newline
    bool eol = true;  ///< a newline followed that the step itself wrote
    bool operator==(const LogLine &) const = default;

    /// What the step printed: bytes, and the newline where there was one.
    QByteArray printed() const { return eol ? bytes + '\n' : bytes; }
    /// Size in the masked file, where every line ends with a newline: offset + stored() is the id's offset.
    qint64 stored() const { return bytes.size() + 1; }
};

void appendJson(QByteArray &out, const LogLine &line); ///< compact, one line, no CR or LF in it
QByteArray toJson(const LogLine &line);
/// ErrorCode::Protocol for what no server of ours sends; unknown members are ignored.
Result<LogLine> logLineFromJson(const QByteArray &json);

/// The SSE id of a log position: "<generation>:<offset>", or "<generation>:<size>:end" for the last one.
struct LogPosition
{
    quint32 generation = 0;
    qint64 offset = 0;
    bool ended = false;
    bool operator==(const LogPosition &) const = default;
};
QByteArray toText(const LogPosition &position);
std::optional<LogPosition> logPositionFromText(QByteArrayView text); ///< nullopt for anything else

} // namespace danube::protocol
