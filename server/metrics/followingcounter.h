// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "server/metrics/metrics.h"

#include <utility>

namespace danube::metrics {

/// A counter that shows a total which somebody else counts, and which never falls. Not thread-safe.
class FollowingCounter
{
public:
    explicit FollowingCounter(Counter counter) : m_counter(counter) {}
    void follow(int64_t total) { m_counter.add(static_cast<double>(total - std::exchange(m_seen, total))); }

private:
    Counter m_counter;
    int64_t m_seen = 0;
};

} // namespace danube::metrics
