// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>

#include <chrono>

namespace danube {

using WallTime = std::chrono::sys_time<std::chrono::milliseconds>; ///< for people and storage; may jump
using SteadyTime = std::chrono::steady_clock::time_point;          ///< for waits and durations; never jumps
using std::chrono::milliseconds;
using std::chrono::seconds;

/// Injected wherever time is read. Implementations are thread-safe.
class Clock
{
public:
    virtual ~Clock() = default;
    virtual WallTime wall() const = 0;
    virtual SteadyTime steady() const = 0;
};

class SystemClock final : public Clock
{
public:
    WallTime wall() const override;
    SteadyTime steady() const override;
};

/// RFC 3339 in UTC with milliseconds: 2026-01-31T12:00:00.123Z. An epoch-zero time gives an empty string.
QString toRfc3339(WallTime time);
/// Inverse of toRfc3339; also takes other offsets and no fraction. Epoch zero for text that is no time.
WallTime fromRfc3339(const QString &text);

} // namespace danube
