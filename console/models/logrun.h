// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "shared/core/clock.h"
#include "shared/model/stream.h"

#include <QList>

#include <cstdint>

namespace danube::console {

/// Who wrote a line. Each source has its own colours: one step's open SGR state never paints another's lines.
struct LogSource
{
    uint32_t step = 0;
    LogStream stream = LogStream::Stdout;
    auto operator<=>(const LogSource &) const = default;
};

/// From `offset` up to the next run's, all lines are of one source and of about one time.
struct LogRun
{
    int64_t offset = 0; ///< bytes; always the start of a line
    WallTime time{};    ///< zero = unknown
    LogSource source;
    bool operator==(const LogRun &) const = default;
};

/// Runs ordered by offset. A copy is cheap and stays as it was (implicitly shared), so that a worker can read it.
class LogRuns
{
public:
    /// Adds what follows from `run.offset` on; swallowed when it has the source of the last run and a time less than
    /// `resolution` later. True when it became a run of its own.
    bool append(const LogRun &run);
    /// The run that covers `offset`; a default one before the first.
    LogRun at(int64_t offset) const;
    /// Calls visit(begin, end, source) for each piece of [begin, end) with one source.
    template <class Visit> void visit(int64_t begin, int64_t end, Visit &&call) const;
    void truncate(int64_t size); ///< forgets runs that start at `size` or later
    void clear() { m_runs.clear(); }
    const QList<LogRun> &list() const { return m_runs; }

    static constexpr milliseconds resolution{100};

private:
    qsizetype indexAt(int64_t offset) const; ///< -1 before the first
    QList<LogRun> m_runs;
};

template <class Visit> void LogRuns::visit(int64_t begin, int64_t end, Visit &&call) const
{
    qsizetype i = indexAt(begin);
    while (begin < end) {
        const LogSource source = i < 0 ? LogSource{} : m_runs[i].source;
        while (i + 1 < m_runs.size() && (m_runs[i + 1].source == source) && m_runs[i + 1].offset < end)
            ++i;
        const int64_t stop = i + 1 < m_runs.size() ? std::min(m_runs[i + 1].offset, end) : end;
        call(begin, stop, source);
        begin = stop;
        ++i;
    }
}

} // namespace danube::console
