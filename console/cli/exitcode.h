// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "shared/core/result.h"
#include "shared/model/lifecycle.h"

namespace danube::cli {

/// What danubectl answers to its caller.
enum class ExitCode {
    Success = 0,
    Failure = 1,       ///< the job failed; for health: not ready
    Drift = 2,         ///< blueprint drift: somebody changed a policy
    Usage = 2,         ///< options, configuration, or a request the master refuses for good
    Timeout = 3,       ///< the job timed out
    Cancelled = 4,     ///< the job was cancelled, also by Ctrl-C during --follow
    Unknown = 5,       ///< the master cannot be reached, or nobody knows how it ended
    Interrupted = 130, ///< left by Ctrl-C without waiting
};

ExitCode exitCodeOf(JobState state); ///< Unknown for a state that is not final
ExitCode exitCodeOf(const Error &error);

} // namespace danube::cli
