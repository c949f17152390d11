// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "shared/core/clock.h"

#include <mutex>

namespace danube::kube {

/// The client's own rate limit, as client-go's: a token bucket. Each caller reserves one place and waits as long as it
/// is told; places are given in the order of the calls. Threads: any.
class Limiter
{
public:
    /// `rate` requests a second in the long run (at least 0.001), at most `burst` at once (at least 1).
    Limiter(double rate, int burst);

    /// How long to wait before the request reserved now may go out; zero = at once.
    milliseconds reserve(SteadyTime now);
    /// The server said 429: nobody goes before `until`, and then one after the other, without a burst.
    void pauseUntil(SteadyTime until);
    /// To be asked when the told wait is over, for a pause may have begun meanwhile. Zero = go; else a new place was
    /// reserved: wait as long, and ask again.
    milliseconds renew(SteadyTime now);

private:
    milliseconds take(SteadyTime now);

    std::mutex m_mutex;
    double m_rate;
    double m_burst;
    double m_tokens;     ///< at m_last; may be negative: places given to those who wait
    SteadyTime m_last{}; ///< in the future during a pause
    SteadyTime m_pausedUntil{};
};

} // namespace danube::kube
