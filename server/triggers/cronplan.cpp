// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/triggers/cronplan.h"

namespace danube::triggers {
namespace {

constexpr milliseconds firstWindow{3'600'000};

QList<WallTime> dueBetween(const blueprint::CronSchedule &schedule, WallTime after, WallTime now)
{
    QList<WallTime> due;
    for (auto next = schedule.next(after); next && *next <= now; next = schedule.next(*next))
        due.append(*next);
    return due;
}

// Looks back from now, twice as far each time: years of absence are not counted through minute by minute.
CronDecision latest(const blueprint::CronSchedule &schedule, WallTime until, WallTime now, qsizetype wanted)
{
    for (milliseconds window = firstWindow;; window *= 2) {
        const bool isWhole = now - window <= until;
        auto due = dueBetween(schedule, isWhole ? until : now - window, now);
        if (!isWhole && due.size() <= wanted)
            continue;
        const bool isMore = due.size() > wanted;
        return {isMore ? due.last(wanted) : due, isMore};
    }
}

} // namespace

CronDecision decide(const blueprint::CronSchedule &schedule, blueprint::CatchUp policy, WallTime until, WallTime now)
{
    if (until >= now)
        return {};
    auto decision = latest(schedule, until, now, policy == blueprint::CatchUp::All ? maxCatchUp : 1);
    const bool onlyPunctual = policy == blueprint::CatchUp::None;
    if (onlyPunctual && !decision.due.isEmpty() && now - decision.due.last() > punctual)
        decision = {{}, true};
    return decision;
}

} // namespace danube::triggers
