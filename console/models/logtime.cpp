// SPDX-License-Identifier: GPL-3.0-or-later
#include "console/models/logtime.h"

#include <QDateTime>

using namespace Qt::StringLiterals;

namespace danube::console {

namespace {

QString tenths(milliseconds time)
{
    return QString::number(time.count() / 100 % 10);
}

QString padded(qint64 number)
{
    return u"%1"_s.arg(number, 2, 10, '0'_L1);
}

// "0:12.3", "62:05.0"; minutes are enough for hours, too: the column stays narrow and sorts by eye.
QString minutesText(milliseconds time)
{
    const qint64 total = time.count() / 1000;
    return u"%1:%2.%3"_s.arg(total / 60).arg(padded(total % 60), tenths(time));
}

} // namespace

int widthOf(LogTimes times)
{
    switch (times) {
    case LogTimes::Off:
        return 0;
    case LogTimes::Absolute:
        return 10;
    case LogTimes::Relative:
        return 9;
    case LogTimes::Delta:
        return 8;
    }
    return 0;
}

QString logTimeText(LogTimes times, WallTime time, WallTime previous, WallTime start)
{
    if (time == WallTime{})
        return {};
    switch (times) {
    case LogTimes::Off:
        break;
    case LogTimes::Absolute:
        return QDateTime::fromMSecsSinceEpoch(time.time_since_epoch().count()).toString(u"HH:mm:ss.zzz"_s).chopped(2);
    case LogTimes::Relative: {
        const auto since = std::chrono::duration_cast<milliseconds>(time - start);
        return since < milliseconds(0) ? u"-"_s + minutesText(-since) : u"+"_s + minutesText(since);
    }
    case LogTimes::Delta: {
        const auto since = std::chrono::duration_cast<milliseconds>(time - previous);
        if (previous == WallTime{} || since < milliseconds(100))
            return {};
        return u"+%1.%2"_s.arg(since.count() / 1000).arg(tenths(since));
    }
    }
    return {};
}

} // namespace danube::console
