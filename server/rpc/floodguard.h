// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "shared/core/clock.h"

namespace danube::rpc {

/// Token bucket for what a peer may do sometimes but not all the time.
class FloodGuard
{
public:
    FloodGuard(int burst, int perSecond) : m_burst(burst), m_perSecond(perSecond), m_tokens(burst) {}
    /// Takes one token; false = none left, the peer floods.
    bool take(SteadyTime now);

private:
    double m_burst;
    double m_perSecond;
    double m_tokens;
    SteadyTime m_refilledAt{};
};

} // namespace danube::rpc
