// SPDX-License-Identifier: GPL-3.0-or-later
#include "console/cli/exitcode.h"

namespace danube::cli {

ExitCode exitCodeOf(JobState state)
{
    switch (state) {
    case JobState::Success:
        return ExitCode::Success;
    case JobState::Failure:
        return ExitCode::Failure;
    case JobState::Timeout:
        return ExitCode::Timeout;
    case JobState::Cancelled:
        return ExitCode::Cancelled;
    case JobState::Pending:
    case JobState::Scheduling:
    case JobState::Running:
        return ExitCode::Unknown;
    }
    return ExitCode::Unknown;
}

ExitCode exitCodeOf(const Error &error)
{
    switch (error.code) {
    case ErrorCode::InvalidArgument:
    case ErrorCode::Unauthenticated:
    case ErrorCode::PermissionDenied:
    case ErrorCode::NotFound:
    case ErrorCode::AlreadyExists:
    case ErrorCode::Conflict:
        return ExitCode::Usage;
    default:
        return ExitCode::Unknown;
    }
}

} // namespace danube::cli
