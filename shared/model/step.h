// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "shared/core/clock.h"
#include "shared/core/id.h"
#include "shared/model/lifecycle.h"

#include <QJsonObject>
#include <QMetaType>

#include <optional>

namespace danube {

/// How a step ended: an outcome, never an error. `Lost` = the container is gone or the agent dead, so nobody knows.
enum class OutcomeKind { Exited, Signalled, Timeout, Cancelled, Lost };
QString toText(OutcomeKind kind);
std::optional<OutcomeKind> outcomeKindFromText(QStringView text);

struct StepOutcome
{
    OutcomeKind kind = OutcomeKind::Lost;
    int exitCode = -1; ///< 0..255 when Exited, 128+signal when Signalled, -1 otherwise; never 0 unless exited with 0
    int signal = 0;    ///< when Signalled (also the KILL of a timeout)
    milliseconds duration{0}; ///< by the agent's steady clock
    QString message;          ///< one sentence for people; may be empty
    bool isSuccess() const { return kind == OutcomeKind::Exited && exitCode == 0; }
    bool operator==(const StepOutcome &) const = default;
};

/// "exit code 3", "killed by signal 9", "timed out after 2 s", "cancelled", "lost: …": for logs, CLI and console.
QString describe(const StepOutcome &outcome);

/// One row of the step table, also its REST form.
struct Step
{
    JobId job;
    StepNumber number{};
    QString name;    ///< shown; given by the caller or derived from the command
    QString command; ///< for display: the string, or the argv joined; never the environment
    QString image;   ///< empty = the pipeline's
    StepState state = StepState::Intended;
    std::optional<StepOutcome> outcome;
    RequestId request;   ///< the RPC request id that owns it
    QByteArray bodyHash; ///< SHA-256 of the canonical run-step body (without environment values in clear)
    WallTime startedAt{};
    WallTime finishedAt{};
    milliseconds timeout{0}; ///< 0 = none of its own
    bool captureOutput = false;
    bool operator==(const Step &) const = default;
};

QJsonObject toJson(const Step &step);
/// Inverse of toJson for API clients; missing members keep their defaults (`request` and `bodyHash` never travel).
Step stepFromJson(const QJsonObject &object);

} // namespace danube

Q_DECLARE_METATYPE(danube::StepOutcome)
