// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/kube/limiter.h"

#include <algorithm>
#include <cmath>

namespace danube::kube {

using Seconds = std::chrono::duration<double>;

Limiter::Limiter(double rate, int burst) : m_rate(std::max(rate, 0.001)), m_burst(std::max(burst, 1)), m_tokens(m_burst)
{}

milliseconds Limiter::reserve(SteadyTime now)
{
    const std::lock_guard lock(m_mutex);
    return take(now);
}

milliseconds Limiter::renew(SteadyTime now)
{
    const std::lock_guard lock(m_mutex);
    return now >= m_pausedUntil ? milliseconds(0) : take(now);
}

void Limiter::pauseUntil(SteadyTime until)
{
    const std::lock_guard lock(m_mutex);
    if (until <= m_pausedUntil)
        return;
    m_pausedUntil = until;
    m_last = std::max(m_last, until);
    m_tokens = std::min(m_tokens, 1.0);
}

milliseconds Limiter::take(SteadyTime now)
{
    if (now > m_last) {
        m_tokens = std::min(m_burst, m_tokens + Seconds(now - m_last).count() * m_rate);
        m_last = now;
    }
    m_tokens -= 1;
    // Rounding errors of the sum must not make a millisecond of a place that is free.
    constexpr double nothing = 1e-6;
    const double debt = m_tokens < -nothing ? -m_tokens : 0;
    const Seconds wait = Seconds(m_last - now) + Seconds(debt / m_rate);
    return milliseconds(static_cast<int64_t>(std::ceil(wait.count() * 1000 - nothing)));
}

} // namespace danube::kube
