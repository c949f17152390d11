// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "server/logs/searchlog.h"

#include <QThreadPool>

namespace danube::http {

/// Searches of logs beside the control thread: two at a time, a few more wait, others are refused. One nobody waits for
/// any more stops by itself. Control thread.
class LogSearches
{
public:
    using Done = std::move_only_function<void(Result<logs::SearchResult>)>;
    explicit LogSearches(const Clock &clock); ///< outlives this
    ~LogSearches();                           ///< stops what is going on, within a slice of a log
    Q_DISABLE_COPY_MOVE(LogSearches)

    /// Unavailable when too many wait. Else `done` in the context's thread, never when that is gone.
    Result<void> start(std::unique_ptr<logs::LogReader> reader, logs::SearchRequest request, QObject *context,
                       Done done);

    static constexpr int mostAtOnce = 2;
    static constexpr int mostWaiting = 14; ///< besides

private:
    const Clock &m_clock;
    QThreadPool m_pool;
    std::atomic<int> m_count = 0; ///< waiting and running
    std::vector<std::weak_ptr<std::atomic<bool>>> m_stops;
};

} // namespace danube::http
