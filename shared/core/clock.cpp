// SPDX-License-Identifier: GPL-3.0-or-later
#include "shared/core/clock.h"

#include <QDateTime>
#include <QTimeZone>

namespace danube {

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
    const auto time = QDateTime::fromString(text, Qt::ISODateWithMs);
    return WallTime(milliseconds(time.isValid() ? time.toMSecsSinceEpoch() : 0));
}

} // namespace danube
