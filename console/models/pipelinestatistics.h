// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "console/models/durationhistory.h"

#include <span>

namespace danube::console {

/// Three percentiles by nearest rank: each is a value that was measured, the smallest one that so many percent do not
/// exceed. All zero when count is.
struct Percentiles
{
    qsizetype count = 0; ///< of values
    milliseconds p50{0};
    milliseconds p90{0};
    milliseconds p99{0};
    bool operator==(const Percentiles &) const = default;
};
Percentiles percentilesOf(std::vector<milliseconds> values);

/// What one pipeline did within a window of time. A job counts in the window it was created in.
struct PipelineStatistics
{
    QString pipeline;
    int succeeded = 0;
    int failed = 0;
    int timedOut = 0;
    int cancelled = 0;
    int unfinished = 0;           ///< waits or runs
    Percentiles run{};            ///< start to end of those that ended by themselves: a cancelled one says nothing
    Percentiles queue{};          ///< creation to start, of all that have started
    QList<PastDuration> recent{}; ///< the last mostRecent that ended, oldest first; duration negative = never started
    std::optional<Job> last{};    ///< that ended, by number
    QList<JobId> failures{};      ///< failed and timed out, newest first, at most mostFailures
    bool operator==(const PipelineStatistics &) const = default;

    int runs() const { return succeeded + failed + timedOut + cancelled + unfinished; }
    int judged() const { return succeeded + failed + timedOut; } ///< what the success rate is of
    std::optional<double> successRate() const;                   ///< 0..1; nullopt: nothing was judged

    static constexpr qsizetype mostRecent = 100;
    static constexpr qsizetype mostFailures = 50;
};

/// Of each pipeline in `jobs`, by name, also when none of its jobs lies in the window. `since` zero = no limit.
QList<PipelineStatistics> pipelineStatistics(std::span<const Job> jobs, WallTime since);

} // namespace danube::console
