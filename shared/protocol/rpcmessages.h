// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "shared/core/clock.h"
#include "shared/core/id.h"
#include "shared/core/result.h"
#include "shared/model/step.h"

#include <QJsonObject>

#include <optional>
#include <variant>

namespace danube::protocol {

inline constexpr qsizetype maxTextBytes = 4 << 10; ///< of ids, names and keys
inline constexpr qsizetype maxMessageCharacters = 1000;

/// POST /rpc/run-step (contract: "RPC, :9000").
struct RunStepRequest
{
    JobId job;
    QString stepName;                           ///< white space simplified; no control characters
    std::variant<QString, QStringList> command; ///< string: /bin/sh -c; array: argv
    QString image;
    QList<std::pair<QString, QString>> env;
    std::optional<seconds> timeout; ///< 1 s .. 7 days
    QString workingDirectory;       ///< "/workspace" or below it, cleaned; empty = /workspace
    bool captureOutput = false;
    RequestId request; ///< empty = the caller does not retry
};

struct RunStepAnswer
{
    StepOutcome outcome;
    std::optional<QByteArray> stdoutText; ///< masked, when captured
    bool truncated = false;
};

struct GetSecretRequest
{
    JobId job;
    QString key;
    bool operator==(const GetSecretRequest &) const = default;
};
struct ReportStatusRequest
{
    JobId job;
    std::optional<QString> state;   ///< "running" confirms the start; nothing else may be asked for
    std::optional<QString> message; ///< at most 1000 characters
    std::optional<double> progress; ///< 0..1
    bool operator==(const ReportStatusRequest &) const = default;
};

/// Readers refuse unknown fields and name the first wrong one. Strings are bounded: command 1 MiB, environment values
/// 128 KiB (the kernel's own limit), others 4 KiB; at most 4096 variables. A relative working_dir is taken below
/// /workspace; one that leaves it is refused. `state` may be any job state: whether it may be asked for is the engine's
/// question (409, not 400).
Result<RunStepRequest> runStepFromJson(const QJsonObject &body);
Result<GetSecretRequest> getSecretFromJson(const QJsonObject &body);
Result<ReportStatusRequest> reportStatusFromJson(const QJsonObject &body);
QJsonObject toJson(const RunStepRequest &request);
/// {exit_code, duration_ms, outcome, signal?, message?, stdout?, truncated?}; `stdout_b64` is added when the captured
/// bytes are no valid UTF-8 (`stdout` then holds U+FFFD in their place).
QJsonObject toJson(const RunStepAnswer &answer);

/// SHA-256 over what makes two run-step bodies the same request: everything but request_id, canonical order.
QByteArray bodyHash(const RunStepRequest &request);

} // namespace danube::protocol
