// SPDX-License-Identifier: GPL-3.0-or-later
#include "console/models/logdestination.h"

#include <QDateTime>
#include <QRegularExpression>

using namespace Qt::StringLiterals;

namespace danube::console {

namespace {

constexpr qint64 dayLength = 24 * 3600;

std::optional<LogDestination> lineNamed(QString text)
{
    static const QRegularExpression separators(u"[\\s,.'\u2019]"_s);
    bool isNumber = false;
    const qint64 line = text.remove(separators).toLongLong(&isNumber);
    if (!isNumber || line < 1)
        return std::nullopt;
    return LogDestination{LogDestination::Kind::Line, line - 1, {}};
}

std::optional<LogDestination> spanNamed(const QString &text)
{
    static const QRegularExpression units(u"^\\+(?:(\\d{1,6})h)?\\s*(?:(\\d{1,6})m)?\\s*(?:(\\d{1,6})s?)?$"_s);
    static const QRegularExpression colons(u"^\\+(?:(\\d{1,4}):)?(\\d{1,6}):(\\d{1,2})$"_s);
    auto match = units.match(text);
    if (!match.hasMatch())
        match = colons.match(text);
    if (!match.hasMatch() || text.size() < 2)
        return std::nullopt;
    const qint64 total =
        match.captured(1).toLongLong() * 3600 + match.captured(2).toLongLong() * 60 + match.captured(3).toLongLong();
    return LogDestination{LogDestination::Kind::SinceStart, 0, seconds(total)};
}

std::optional<LogDestination> clockNamed(const QString &text)
{
    static const QRegularExpression form(u"^(\\d{1,2}):(\\d{2})(?::(\\d{2}))?$"_s);
    const auto match = form.match(text);
    if (!match.hasMatch())
        return std::nullopt;
    const QTime time(match.captured(1).toInt(), match.captured(2).toInt(), match.captured(3).toInt());
    if (!time.isValid())
        return std::nullopt;
    return LogDestination{LogDestination::Kind::TimeOfDay, 0, milliseconds(time.msecsSinceStartOfDay())};
}

WallTime momentOf(const LogDestination &destination, WallTime first, WallTime start)
{
    if (destination.kind == LogDestination::Kind::SinceStart)
        return start + destination.time;
    const QDateTime from = QDateTime::fromMSecsSinceEpoch(first.time_since_epoch().count());
    QDateTime moment(from.date(), QTime::fromMSecsSinceStartOfDay(int(destination.time.count())));
    // The first line itself may be of a later tenth of the second that was named.
    if (moment.addSecs(1) <= from)
        moment = moment.addSecs(dayLength);
    return WallTime(milliseconds(moment.toMSecsSinceEpoch()));
}

} // namespace

std::optional<LogDestination> LogDestination::parse(const QString &text)
{
    const QString wanted = text.trimmed();
    if (wanted.startsWith(u'+'))
        return spanNamed(wanted);
    if (wanted.contains(u':'))
        return clockNamed(wanted);
    return lineNamed(wanted);
}

std::optional<int64_t> offsetOf(const LogDestination &destination, const LogRuns &runs, WallTime start)
{
    const auto timed = [](const LogRun &run) { return run.time != WallTime{}; };
    const auto first = std::ranges::find_if(runs.list(), timed);
    if (first == runs.list().end())
        return std::nullopt;
    const WallTime moment = momentOf(destination, first->time, start == WallTime{} ? first->time : start);
    const auto found = std::ranges::find_if(runs.list(), [&](const LogRun &run) { return run.time >= moment; });
    return found == runs.list().end() ? std::nullopt : std::optional(found->offset);
}

} // namespace danube::console
