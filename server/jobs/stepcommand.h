// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "server/jobs/executor.h"
#include "shared/protocol/rpcmessages.h"

namespace danube::jobs {

/// A string runs as `/bin/sh -c`, an array as it is.
QStringList argvOf(const std::variant<QString, QStringList> &command);
/// One text for people: the string, or the argv joined by blanks; at most 4000 characters.
QString commandText(const std::variant<QString, QStringList> &command);
/// The caller's name for the step, or the first line of the command; at most 80 characters.
QString stepNameOf(const protocol::RunStepRequest &request);

/// What the executor needs. The environment gets CI, DANUBE_JOB_ID and DANUBE_STEP unless the request sets them itself.
StepLaunch launchOf(const protocol::RunStepRequest &request, StepNumber number, const QString &stepName);
/// The row of a step not started yet.
Step rowOf(const protocol::RunStepRequest &request, StepNumber number);

} // namespace danube::jobs
