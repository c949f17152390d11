// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "shared/core/clock.h"

#include <atomic>

namespace danube::tests {

/// Stands still until advanced. Thread-safe.
class FakeClock final : public Clock
{
public:
    explicit FakeClock(WallTime start = WallTime(milliseconds(1'750'000'000'000))) : m_start(start) {}
    WallTime wall() const override { return m_start + milliseconds(m_elapsed.load() + m_jumped.load()); }
    SteadyTime steady() const override { return SteadyTime(milliseconds(m_elapsed.load() + 1'000'000)); }
    void advance(milliseconds by) { m_elapsed += by.count(); }
    void setWall(WallTime time) { m_jumped += (time - wall()).count(); } ///< as when somebody sets the clock

private:
    WallTime m_start;
    std::atomic<int64_t> m_elapsed = 0;
    std::atomic<int64_t> m_jumped = 0;
};

} // namespace danube::tests
