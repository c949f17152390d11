// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "shared/core/clock.h"

#include <mutex>

namespace danube::kube {

/// The client's own rate limit, as client-go's: a token bucket. Each caller reserves one place and waits as long as it
/// is told. Threads: any.
class Limiter
{
public:
    /// `rate` requests a second in the long run, at most `burst` at once.
    Limiter(double rate, int burst);

    /// How long to wait before the request reserved now may go out; zero = at once.
    milliseconds reserve(SteadyTime now);
    /// The server said 429: nobody goes before `until`.
    void pauseUntil(SteadyTime until);

private:
    std::mutex m_mutex;
    double m_rate;
    double m_burst;
    double m_tokens; ///< may be negative: places given to those who wait
    SteadyTime m_last{};
    SteadyTime m_pausedUntil{};
};

} // namespace danube::kube
