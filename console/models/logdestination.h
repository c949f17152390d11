// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "console/models/logrun.h"

#include <QString>

#include <optional>

namespace danube::console {

/// Where somebody wants to go in a log: a line, a time of day, or a time since the job's start.
struct LogDestination
{
    enum class Kind { Line, TimeOfDay, SinceStart };
    Kind kind = Kind::Line;
    int64_t line = 0;     ///< from 0
    milliseconds time{0}; ///< since midnight, or since the start

    /// "1 234" or "1234" (a line, from 1), "14:02" or "14:02:11" (today's clock), "+90s", "+2m", "+1h", "+1:30" (since
    /// the start). nullopt: none of these.
    static std::optional<LogDestination> parse(const QString &text);
    bool operator==(const LogDestination &) const = default;
};

/// The offset of the first line at or after a time destination; nullopt when the log has no times, or ends before. A
/// time of day means the first such moment after the log's first line. `start` zero: the first line's time.
std::optional<int64_t> offsetOf(const LogDestination &destination, const LogRuns &runs, WallTime start);

} // namespace danube::console
