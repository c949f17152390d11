// SPDX-License-Identifier: GPL-3.0-or-later
#include "shared/model/step.h"

#include <array>

using namespace Qt::StringLiterals;

namespace danube {
namespace {

constexpr std::array outcomeNames{
    std::pair{OutcomeKind::Exited, "exited"_L1},   std::pair{OutcomeKind::Signalled, "signalled"_L1},
    std::pair{OutcomeKind::Timeout, "timeout"_L1}, std::pair{OutcomeKind::Cancelled, "cancelled"_L1},
    std::pair{OutcomeKind::Lost, "lost"_L1},
};

} // namespace

QString toText(OutcomeKind kind)
{
    return std::ranges::find(outcomeNames, kind, [](const auto &entry) { return entry.first; })->second;
}

std::optional<OutcomeKind> outcomeKindFromText(QStringView text)
{
    for (const auto &[kind, name] : outcomeNames) {
        if (text == name)
            return kind;
    }
    return std::nullopt;
}

QString describe(const StepOutcome &outcome)
{
    switch (outcome.kind) {
    case OutcomeKind::Exited:
        return u"exit code %1"_s.arg(outcome.exitCode);
    case OutcomeKind::Signalled:
        return u"killed by signal %1"_s.arg(outcome.signal);
    case OutcomeKind::Timeout:
        return u"timed out after %1 s"_s.arg(
            QString::number(static_cast<double>(outcome.duration.count()) / 1000, 'f', 1));
    case OutcomeKind::Cancelled:
        return u"cancelled"_s;
    case OutcomeKind::Lost:
        return outcome.message.isEmpty() ? u"lost"_s : u"lost: "_s + outcome.message;
    }
    return u"lost"_s;
}

QJsonObject toJson(const Step &step)
{
    QJsonObject object{{u"number"_s, static_cast<qint64>(toInt(step.number))},
                       {u"name"_s, step.name},
                       {u"command"_s, step.command},
                       {u"state"_s, toText(step.state)},
                       {u"started_at"_s, toRfc3339(step.startedAt)},
                       {u"finished_at"_s, toRfc3339(step.finishedAt)}};
    if (!step.image.isEmpty())
        object.insert(u"image"_s, step.image);
    if (step.timeout.count() > 0)
        object.insert(u"timeout_ms"_s, static_cast<qint64>(step.timeout.count()));
    if (step.outcome) {
        object.insert(u"outcome"_s, toText(step.outcome->kind));
        object.insert(u"exit_code"_s, step.outcome->exitCode);
        object.insert(u"duration_ms"_s, static_cast<qint64>(step.outcome->duration.count()));
        if (step.outcome->signal != 0)
            object.insert(u"signal"_s, step.outcome->signal);
        if (!step.outcome->message.isEmpty())
            object.insert(u"message"_s, step.outcome->message);
    }
    return object;
}

Step stepFromJson(const QJsonObject &object)
{
    Step step;
    step.number = StepNumber(static_cast<uint32_t>(object.value("number"_L1).toInteger()));
    step.name = object.value("name"_L1).toString();
    step.command = object.value("command"_L1).toString();
    step.image = object.value("image"_L1).toString();
    step.state = stepStateFromText(object.value("state"_L1).toString()).value_or(StepState::Intended);
    step.startedAt = fromRfc3339(object.value("started_at"_L1).toString());
    step.finishedAt = fromRfc3339(object.value("finished_at"_L1).toString());
    step.timeout = milliseconds(object.value("timeout_ms"_L1).toInteger());
    if (const auto kind = outcomeKindFromText(object.value("outcome"_L1).toString()))
        step.outcome = StepOutcome{*kind, object.value("exit_code"_L1).toInt(-1), object.value("signal"_L1).toInt(),
                                   milliseconds(object.value("duration_ms"_L1).toInteger()),
                                   object.value("message"_L1).toString()};
    return step;
}

} // namespace danube
