// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "shared/blueprint/cron.h"
#include "shared/blueprint/documents.h"

namespace danube::triggers {

/// A run that begins this late still counts as on time: a master that restarts over a due time misses nothing.
inline constexpr milliseconds punctual{60'000};
/// Missed runs that CatchUp::All makes up for, the latest ones. More would only be a queue of old news.
inline constexpr qsizetype maxCatchUp = 24;

/// What is to be done about a schedule's due times after `until`.
struct CronDecision
{
    QList<WallTime> due;  ///< to be run, oldest first; empty: all are given up, or none came
    bool givesUp = false; ///< due times before these (or all) are not run
    bool operator==(const CronDecision &) const = default;
};

/// Due times t with until < t <= now, by the policy: None takes the one that is on time, if any; Last the latest one,
/// however old; All the latest 24. A clock that was set back (until > now) has no due times: they come again as time
/// goes on, and whoever runs them finds that they were run. Cost does not grow with the time that was missed. Pure.
CronDecision decide(const blueprint::CronSchedule &schedule, blueprint::CatchUp policy, WallTime until, WallTime now);

} // namespace danube::triggers
