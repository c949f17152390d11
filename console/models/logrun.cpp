// SPDX-License-Identifier: GPL-3.0-or-later
#include "console/models/logrun.h"

namespace danube::console {

bool LogRuns::append(const LogRun &run)
{
    if (!m_runs.isEmpty()) {
        const LogRun &last = m_runs.constLast();
        if (last.source == run.source && run.time < last.time + resolution)
            return false;
    }
    m_runs.append(run);
    return true;
}

qsizetype LogRuns::indexAt(int64_t offset) const
{
    const auto after = std::upper_bound(m_runs.begin(), m_runs.end(), offset,
                                        [](int64_t value, const LogRun &run) { return value < run.offset; });
    return after - m_runs.begin() - 1;
}

LogRun LogRuns::at(int64_t offset) const
{
    const qsizetype index = indexAt(offset);
    return index < 0 ? LogRun{} : m_runs[index];
}

void LogRuns::truncate(int64_t size)
{
    while (!m_runs.isEmpty() && m_runs.constLast().offset >= size)
        m_runs.removeLast();
}

} // namespace danube::console
