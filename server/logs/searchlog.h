// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "server/logs/logreader.h"
#include "shared/search/logpattern.h"

#include <atomic>

namespace danube::logs {

/// What to look for in a log, and how much of it to show.
struct SearchRequest
{
    search::LogQuery query;
    LogSelection selection;
    qint64 from = 0;               ///< byte offset: the lines before it are neither counted nor shown
    int limit = 100;               ///< lines to show
    milliseconds patience{10'000}; ///< then the answer says how far it got
};

/// A line with a match.
struct FoundLine
{
    qint64 offset = 0; ///< of the line's first byte in the log
    WallTime time{};
    StepNumber step{};
    LogStream stream = LogStream::Stdout;
    bool eol = true;                                ///< the newline is the step's own
    QByteArray bytes;                               ///< without the newline
    QList<std::pair<qsizetype, qsizetype>> matches; ///< begin and end in `bytes`, at most mostRanges
    static constexpr qsizetype mostRanges = 100;
};

struct SearchResult
{
    QList<FoundLine> lines;
    std::optional<qint64> next; ///< `from` of the page after this one, when there are more lines to show
    qint64 count = 0;           ///< matches between `from` and `searchedTo`: exact, whatever is shown
    qint64 lineCount = 0;       ///< lines with a match, the same way
    qint64 searchedTo = 0;      ///< the log's size when `isComplete`; else what to go on from
    bool isComplete = true;     ///< false: the patience was over
};

/// Searches a log as it is now, in whatever form, in memory for a block and the lines shown. A match lies within one
/// line; a line that was written in fragments is several. `stop` ends it early with Cancelled.
///
/// Time: the pattern may take 20 000 steps from each place, and the clock is looked at every 16 KiB; so the worst
/// pattern goes on for a second or two beyond the patience. One that needs more is refused: InvalidArgument.
Result<SearchResult> searchLog(const LogReader &reader, const SearchRequest &request, const Clock &clock,
                               const std::atomic<bool> &stop);

} // namespace danube::logs
