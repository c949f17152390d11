// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <chrono>
#include <cstdint>
#include <ctime>

namespace danube::agent {

/// Milliseconds of CLOCK_MONOTONIC: the same in the agent and in the supervisors it forks.
using SteadyMs = std::int64_t;
inline constexpr SteadyMs never = INT64_MAX;

inline SteadyMs clockMs(clockid_t clock)
{
    timespec now{};
    clock_gettime(clock, &now);
    return static_cast<SteadyMs>(now.tv_sec) * 1000 + now.tv_nsec / 1'000'000;
}
inline SteadyMs steadyMs()
{
    return clockMs(CLOCK_MONOTONIC);
}
/// Milliseconds since 1970; may jump.
inline std::int64_t wallMs()
{
    return clockMs(CLOCK_REALTIME);
}

} // namespace danube::agent
