// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "shared/core/clock.h"

#include <deque>

namespace danube::console {

/// How fast a counter of bytes has grown during the last seconds.
class RateMeter
{
public:
    void take(SteadyTime now, int64_t bytes); ///< the counter now; one that went back begins anew
    int64_t perSecond(SteadyTime now) const;  ///< bytes; 0 until a second has been measured

    static constexpr seconds window{5};

private:
    std::deque<std::pair<SteadyTime, int64_t>> m_taken; ///< of the window, and the last one before it
};

} // namespace danube::console
