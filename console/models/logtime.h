// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "shared/core/clock.h"

#include <QString>

namespace danube::console {

/// What the time column of a log says.
enum class LogTimes {
    Off,
    Absolute, ///< "14:02:11.3"
    Relative, ///< since the job's start: "+0:12.3"
    Delta,    ///< since the line before: "+12.3", empty below a tenth of a second
};

/// Characters a column of that kind needs, without space around it.
int widthOf(LogTimes times);
/// The text of one line; empty when `time` is zero (unknown). `previous` is the line before's, zero for the first.
QString logTimeText(LogTimes times, WallTime time, WallTime previous, WallTime start);

} // namespace danube::console
