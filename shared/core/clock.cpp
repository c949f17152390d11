// SPDX-License-Identifier: GPL-3.0-or-later
#include "shared/core/clock.h"

#include <QDateTime>
#include <QTimeZone>

#include <array>
#include <optional>

using namespace Qt::StringLiterals;

namespace danube {
namespace {

/// Text of exactly toRfc3339's form, which nearly all is: QDateTime takes longer for it than JSON for a line of a log.
std::optional<WallTime> fromOwnForm(QStringView text)
{
    constexpr QLatin1StringView form("0000-00-00T00:00:00.000Z");
    if (text.size() != form.size())
        return std::nullopt;
    std::array<int, 7> fields{}; // year, month, day, hour, minute, second, millisecond
    std::size_t field = 0;
    for (qsizetype i = 0; i < form.size(); ++i) {
        const char16_t letter = text[i].unicode();
        if (form[i] == '0'_L1 && letter >= u'0' && letter <= u'9')
            fields[field] = fields[field] * 10 + (letter - u'0');
        else if (form[i] != '0'_L1 && letter == form[i].unicode())
            ++field;
        else
            return std::nullopt;
        if (field == fields.size())
            break; // the Z
    }
    const auto [year, month, day, hour, minute, second, millisecond] = fields;
    const std::chrono::year_month_day date{std::chrono::year(year), std::chrono::month(static_cast<unsigned>(month)),
                                           std::chrono::day(static_cast<unsigned>(day))};
    if (!date.ok() || year == 0 || hour > 23 || minute > 59 || second > 59)
        return std::nullopt;
    return std::chrono::sys_days(date) + std::chrono::hours(hour) + std::chrono::minutes(minute) + seconds(second) +
           milliseconds(millisecond);
}

} // namespace

WallTime SystemClock::wall() const
{
    return std::chrono::time_point_cast<milliseconds>(std::chrono::system_clock::now());
}

SteadyTime SystemClock::steady() const
{
    return std::chrono::steady_clock::now();
}

QString toRfc3339(WallTime time)
{
    const auto count = time.time_since_epoch().count();
    return count == 0 ? QString() : QDateTime::fromMSecsSinceEpoch(count, QTimeZone::UTC).toString(Qt::ISODateWithMs);
}

WallTime fromRfc3339(const QString &text)
{
    if (const auto known = fromOwnForm(text))
        return *known;
    const auto time = QDateTime::fromString(text, Qt::ISODateWithMs);
    return WallTime(milliseconds(time.isValid() ? time.toMSecsSinceEpoch() : 0));
}

} // namespace danube
