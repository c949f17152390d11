// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "console/models/logpattern.h"

#include <functional>

namespace danube::console {

/// Some tens of KiB of whole lines of a log, and what a search found there.
struct LogExtent
{
    int64_t begin;
    int64_t end;
    int64_t count = 0;
    int64_t lines = 0;  ///< that have hits
    uint64_t mask = 0;  ///< bit i: a hit begins in the i-th 64th of the extent, give or take a line
    int64_t before = 0; ///< hits in earlier extents
    int64_t linesBefore = 0;
};

/// Searches the extents of a log one after the other. When the pattern has a needle it looks for that in the raw
/// bytes, which is many times as fast, and at the lines that may have it; at all lines when there are many of those.
class ExtentScan
{
public:
    /// `isStopped` ends a scan early; its extent is then not complete.
    ExtentScan(const LogPattern &pattern, QByteArrayView log, std::function<bool()> isStopped);

    /// [begin, end) are whole lines. ResourceExhausted: the expression is too complex for them.
    Result<LogExtent> scan(int64_t begin, int64_t end);

private:
    Result<bool> scanLines(LogExtent &extent);
    Result<void> scanText(LogExtent &extent, int64_t from, int64_t to) const;
    void retune(const LogExtent &extent);

    LogPattern m_pattern;
    QByteArrayView m_log;
    std::function<bool()> m_isStopped;
    std::optional<search::LogNeedle> m_needle;
    int m_inVain = 0;   ///< lines looked at since the needle was tuned last, that had no hit
    int m_passOver = 0; ///< extents to scan whole before the needle is tried again
    int m_passedOver = 0;
};

} // namespace danube::console
