// SPDX-License-Identifier: GPL-3.0-or-later
#include "console/models/progress.h"

namespace danube::console {

namespace {

int rank(JobState state)
{
    switch (state) {
    case JobState::Pending:
        return 0;
    case JobState::Scheduling:
        return 1;
    case JobState::Running:
        return 2;
    case JobState::Success:
    case JobState::Failure:
    case JobState::Timeout:
    case JobState::Cancelled:
        return 3;
    }
    return 0;
}

} // namespace

bool isOlder(const Job &one, const Job &other)
{
    if (rank(one.state) != rank(other.state))
        return rank(one.state) < rank(other.state);
    return !one.cancelRequested && other.cancelRequested; // an intent is never taken back
}

bool isOlder(const Step &one, const Step &other)
{
    return one.state < other.state;
}

} // namespace danube::console
