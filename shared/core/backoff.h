// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <chrono>
#include <functional>

namespace danube {

/// Exponential backoff with full jitter: the n-th delay is uniform in [base/2, min(cap, base·2ⁿ)].
class Backoff
{
public:
    using Random = std::function<double()>; ///< uniform in [0, 1)
    Backoff(std::chrono::milliseconds base, std::chrono::milliseconds cap, Random random = systemRandom());
    std::chrono::milliseconds next();
    void reset() { m_attempt = 0; }
    int attempt() const { return m_attempt; }
    static Random systemRandom();

private:
    std::chrono::milliseconds m_base;
    std::chrono::milliseconds m_cap;
    Random m_random;
    int m_attempt = 0;
};

} // namespace danube
