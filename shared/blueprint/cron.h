// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "shared/core/clock.h"
#include "shared/core/result.h"

#include <bitset>
#include <optional>

namespace danube::blueprint {

/// A schedule of five fields as crontab(5) has them: minute hour day-of-month month day-of-week, in UTC. Lists, ranges,
/// steps, names of months and days (three letters), 0 and 7 for Sunday, @hourly @daily @midnight @weekly @monthly
/// @yearly @annually. Where both day fields are restricted, either of them suffices.
class CronSchedule
{
public:
    /// InvalidArgument names the field and what was expected.
    static Result<CronSchedule> parse(const QString &text);

    /// The first minute after `time` that fits; nullopt when none comes within nine years (30 February).
    std::optional<WallTime> next(WallTime time) const;
    bool operator==(const CronSchedule &) const = default;

private:
    bool fitsDay(std::chrono::year_month_day day) const;

    std::bitset<60> m_minutes;
    std::bitset<24> m_hours;
    std::bitset<32> m_days;    ///< 1..31
    std::bitset<13> m_months;  ///< 1..12
    std::bitset<7> m_weekdays; ///< 0 = Sunday
    bool m_anyDay = true;      ///< the day field began with '*'
    bool m_anyWeekday = true;
};

} // namespace danube::blueprint
