// SPDX-License-Identifier: GPL-3.0-or-later
#include "console/models/words.h"

#include "console/models/connection.h"

#include <QCoreApplication>
#include <QDateTime>
#include <QLocale>

#include <limits>

using namespace Qt::StringLiterals;

namespace danube::console {

namespace {

constexpr milliseconds notStarted{-1};

QString say(const char *text)
{
    return QCoreApplication::translate("Words", text);
}

QDateTime local(WallTime time)
{
    return QDateTime::fromMSecsSinceEpoch(time.time_since_epoch().count());
}

milliseconds between(WallTime start, WallTime end, WallTime now)
{
    if (start == WallTime{})
        return notStarted;
    return std::max(milliseconds(0), std::chrono::duration_cast<milliseconds>((end == WallTime{} ? now : end) - start));
}

} // namespace

QString stateWord(JobState state)
{
    switch (state) {
    case JobState::Pending:
        return say(QT_TRANSLATE_NOOP("Words", "Queued"));
    case JobState::Scheduling:
        return say(QT_TRANSLATE_NOOP("Words", "Starting"));
    case JobState::Running:
        return say(QT_TRANSLATE_NOOP("Words", "Running"));
    case JobState::Success:
        return say(QT_TRANSLATE_NOOP("Words", "Succeeded"));
    case JobState::Failure:
        return say(QT_TRANSLATE_NOOP("Words", "Failed"));
    case JobState::Timeout:
        return say(QT_TRANSLATE_NOOP("Words", "Timed out"));
    case JobState::Cancelled:
        return say(QT_TRANSLATE_NOOP("Words", "Cancelled"));
    }
    return {};
}

QString stateWord(const Step &step)
{
    if (step.state == StepState::Intended)
        return stateWord(JobState::Scheduling);
    if (step.state == StepState::Running)
        return stateWord(JobState::Running);
    if (!step.outcome)
        return say(QT_TRANSLATE_NOOP("Words", "Result unknown"));
    switch (step.outcome->kind) {
    case OutcomeKind::Exited:
        return stateWord(step.outcome->isSuccess() ? JobState::Success : JobState::Failure);
    case OutcomeKind::Signalled:
        return say(QT_TRANSLATE_NOOP("Words", "Killed"));
    case OutcomeKind::Timeout:
        return stateWord(JobState::Timeout);
    case OutcomeKind::Cancelled:
        return stateWord(JobState::Cancelled);
    case OutcomeKind::Lost:
        return say(QT_TRANSLATE_NOOP("Words", "Lost"));
    }
    return {};
}

QString durationText(milliseconds duration)
{
    if (duration < milliseconds(0))
        return {};
    const qint64 total = duration.count() / 1000;
    const auto two = [](qint64 number) { return u"%1"_s.arg(number, 2, 10, '0'_L1); };
    if (duration < milliseconds(100))
        return QCoreApplication::translate("Words", "%1 ms").arg(duration.count());
    if (duration < seconds(10))
        return QCoreApplication::translate("Words", "%1 s")
            .arg(QLocale().toString(double(duration.count()) / 1000, 'f', 1));
    if (total < 60)
        return QCoreApplication::translate("Words", "%1 s").arg(total);
    if (total < 3600)
        return QCoreApplication::translate("Words", "%1 min %2 s").arg(total / 60).arg(two(total % 60));
    return QCoreApplication::translate("Words", "%1 h %2 min").arg(total / 3600).arg(two(total / 60 % 60));
}

QString timeText(WallTime time, WallTime now)
{
    if (time == WallTime{})
        return {};
    const QDateTime moment = local(time);
    const QString clock = moment.toString(u"HH:mm:ss"_s);
    if (moment.date() == local(now).date())
        return clock;
    return QLocale().toString(moment.date(), QLocale::ShortFormat) + u' ' + clock;
}

QString outcomeText(const StepOutcome &outcome)
{
    switch (outcome.kind) {
    case OutcomeKind::Exited:
        return say(QT_TRANSLATE_NOOP("Words", "exit code %1")).arg(outcome.exitCode);
    case OutcomeKind::Signalled:
        return say(QT_TRANSLATE_NOOP("Words", "killed by signal %1")).arg(outcome.signal);
    case OutcomeKind::Timeout:
        return say(QT_TRANSLATE_NOOP("Words", "timed out after %1")).arg(durationText(outcome.duration));
    case OutcomeKind::Cancelled:
        return say(QT_TRANSLATE_NOOP("Words", "cancelled"));
    case OutcomeKind::Lost:
        break;
    }
    return outcome.message.isEmpty() ? say(QT_TRANSLATE_NOOP("Words", "lost"))
                                     : say(QT_TRANSLATE_NOOP("Words", "lost: %1")).arg(outcome.message);
}

QString shortCommit(const QString &commit)
{
    return commit.left(10);
}

int pluralCount(int64_t count)
{
    return int(std::min<int64_t>(count, std::numeric_limits<int>::max()));
}

milliseconds runTime(const Job &job, WallTime now)
{
    return between(job.startedAt, job.finishedAt, now);
}

milliseconds runTime(const Step &step, WallTime now)
{
    if (step.outcome && step.outcome->duration > milliseconds(0))
        return step.outcome->duration;
    return between(step.startedAt, step.finishedAt, now);
}

milliseconds queueTime(const Job &job, WallTime now)
{
    return between(job.createdAt, job.startedAt != WallTime{} ? job.startedAt : job.finishedAt, now);
}

QString describe(const Connection &connection)
{
    const QString since =
        connection.lastHeard == WallTime{} ? QString() : local(connection.lastHeard).toString(u"HH:mm"_s);
    switch (connection.state) {
    case ConnectionState::Connecting:
        return say(QT_TRANSLATE_NOOP("Words", "Connecting"));
    case ConnectionState::Live:
        return say(QT_TRANSLATE_NOOP("Words", "Live"));
    case ConnectionState::CatchingUp:
        return say(QT_TRANSLATE_NOOP("Words", "Catching up"));
    case ConnectionState::SignInNeeded:
        return say(QT_TRANSLATE_NOOP("Words", "Sign-in needed"));
    case ConnectionState::Stale:
        return since.isEmpty() ? say(QT_TRANSLATE_NOOP("Words", "Stale"))
                               : QCoreApplication::translate("Words", "Stale since %1").arg(since);
    case ConnectionState::Offline:
        return since.isEmpty() ? say(QT_TRANSLATE_NOOP("Words", "Offline"))
                               : QCoreApplication::translate("Words", "Offline since %1").arg(since);
    }
    return {};
}

} // namespace danube::console
