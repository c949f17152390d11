// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "server/jobs/executor.h"
#include "server/jobs/redaction.h"
#include "shared/protocol/rpcmessages.h"

namespace danube::jobs {

/// A string runs as `/bin/sh -c`, an array as it is.
QStringList argvOf(const std::variant<QString, QStringList> &command);
/// One text for people: the string, or the argv joined by blanks; whole.
QString commandText(const std::variant<QString, QStringList> &command);
/// The caller's name for the step, or the first line of the command; whole.
QString stepNameOf(const protocol::RunStepRequest &request);

/// What the executor needs. The environment gets CI, DANUBE_JOB_ID and DANUBE_STEP unless the request sets them itself.
/// Equal for equal requests: the agent refuses another start of the same step that differs.
StepLaunch launchOf(const protocol::RunStepRequest &request, StepNumber number);
/// The row of a step not started yet: granted secrets redacted, the name cut to 80 characters, the command to 4000.
Step rowOf(const protocol::RunStepRequest &request, StepNumber number, const GrantedSecrets &secrets);

} // namespace danube::jobs
