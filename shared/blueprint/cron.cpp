// SPDX-License-Identifier: GPL-3.0-or-later
#include "shared/blueprint/cron.h"

#include <QMap>
#include <QStringList>

using namespace Qt::StringLiterals;

namespace danube::blueprint {
namespace {

constexpr int maxLength = 200;
constexpr int searchedDays = 9 * 366; // a leap day is at most eight years away

struct Field
{
    QString name;
    int minimum;
    int maximum;
    QStringList names; ///< of minimum, minimum + 1, …
};

const Field minuteField{u"minute"_s, 0, 59, {}};
const Field hourField{u"hour"_s, 0, 23, {}};
const Field dayField{u"day of month"_s, 1, 31, {}};
const Field monthField{u"month"_s, 1, 12, u"jan feb mar apr may jun jul aug sep oct nov dec"_s.split(u' ')};
const Field weekdayField{u"day of week"_s, 0, 7, u"sun mon tue wed thu fri sat sun"_s.split(u' ')};

std::unexpected<Error> refuse(const Field &field, const QString &text)
{
    return fail(ErrorCode::InvalidArgument,
                u"%1: expected * or numbers from %2 to %3 with , - and /, got \"%4\""_s.arg(field.name)
                    .arg(field.minimum)
                    .arg(field.maximum)
                    .arg(text.left(40)));
}

std::optional<int> numberIn(const Field &field, const QString &text)
{
    if (const auto named = field.names.indexOf(text.toLower()); named >= 0)
        return field.minimum + static_cast<int>(named);
    const bool isNumber = !text.isEmpty() && text.size() <= 4 &&
                          std::ranges::all_of(text, [](QChar c) { return c >= u'0' && c <= u'9'; });
    const int number = text.toInt();
    return isNumber && number >= field.minimum && number <= field.maximum ? std::optional(number) : std::nullopt;
}

struct Range
{
    int first;
    int last;
    int step = 1;
};

std::optional<Range> rangeIn(const Field &field, const QString &text)
{
    const auto slash = text.split(u'/');
    const auto dash = slash[0].split(u'-');
    if (slash.size() > 2 || dash.size() > 2)
        return std::nullopt;
    Range range{field.minimum, field.maximum};
    if (slash[0] != "*"_L1) {
        const auto first = numberIn(field, dash[0]);
        const auto last = dash.size() == 2 ? numberIn(field, dash[1]) : first;
        if (!first || !last || *last < *first)
            return std::nullopt;
        // "5/15" is from 5 on; a single number without step is itself.
        range = {*first, slash.size() == 2 && dash.size() == 1 ? field.maximum : *last};
    }
    if (slash.size() == 2) {
        const auto step = numberIn({{}, 1, field.maximum, {}}, slash[1]);
        if (!step)
            return std::nullopt;
        range.step = *step;
    }
    return range;
}

template <size_t N> Result<void> parseField(std::bitset<N> &bits, const Field &field, const QString &text)
{
    for (const QString &part : text.split(u',')) {
        const auto range = rangeIn(field, part);
        if (!range)
            return refuse(field, text);
        // 7 is Sunday as 0 is; nowhere else is a number as large as its set.
        for (int i = range->first; i <= range->last; i += range->step)
            bits.set(static_cast<size_t>(i) % N);
    }
    return {};
}

QString withoutNickname(const QString &text)
{
    static const QMap<QString, QString> nicknames{{u"@hourly"_s, u"0 * * * *"_s},   {u"@daily"_s, u"0 0 * * *"_s},
                                                  {u"@midnight"_s, u"0 0 * * *"_s}, {u"@weekly"_s, u"0 0 * * 0"_s},
                                                  {u"@monthly"_s, u"0 0 1 * *"_s},  {u"@yearly"_s, u"0 0 1 1 *"_s},
                                                  {u"@annually"_s, u"0 0 1 1 *"_s}};
    return nicknames.value(text, text);
}

} // namespace

Result<CronSchedule> CronSchedule::parse(const QString &text)
{
    const auto fields = withoutNickname(text.left(maxLength + 1).simplified()).split(u' ', Qt::SkipEmptyParts);
    if (text.size() > maxLength || fields.size() != 5)
        return fail(ErrorCode::InvalidArgument,
                    u"expected five fields (minute hour day month weekday) or @daily and its like, got \"%1\""_s.arg(
                        text.left(60)));
    CronSchedule schedule;
    schedule.m_anyDay = fields[2].startsWith(u'*');
    schedule.m_anyWeekday = fields[4].startsWith(u'*');
    return parseField(schedule.m_minutes, minuteField, fields[0])
        .and_then([&] { return parseField(schedule.m_hours, hourField, fields[1]); })
        .and_then([&] { return parseField(schedule.m_days, dayField, fields[2]); })
        .and_then([&] { return parseField(schedule.m_months, monthField, fields[3]); })
        .and_then([&] { return parseField(schedule.m_weekdays, weekdayField, fields[4]); })
        .transform([&] { return schedule; });
}

bool CronSchedule::fitsDay(std::chrono::year_month_day day) const
{
    if (!m_months.test(static_cast<unsigned>(day.month())))
        return false;
    const bool dayFits = m_days.test(static_cast<unsigned>(day.day()));
    const bool weekdayFits = m_weekdays.test(std::chrono::weekday(day).c_encoding());
    return m_anyDay || m_anyWeekday ? dayFits && weekdayFits : dayFits || weekdayFits;
}

std::optional<WallTime> CronSchedule::next(WallTime time) const
{
    using namespace std::chrono;
    const auto start = floor<minutes>(time) + minutes(1);
    const auto firstDay = floor<days>(start);
    for (int i = 0; i < searchedDays; ++i) {
        const auto day = firstDay + days(i);
        if (!fitsDay(year_month_day(day)))
            continue;
        for (auto minute = std::max(start, time_point_cast<minutes>(day)); minute < day + days(1);
             minute += minutes(1)) {
            const auto ofDay = (minute - day).count();
            if (m_hours.test(static_cast<size_t>(ofDay / 60)) && m_minutes.test(static_cast<size_t>(ofDay % 60)))
                return minute;
        }
    }
    return std::nullopt;
}

} // namespace danube::blueprint
