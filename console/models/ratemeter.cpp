// SPDX-License-Identifier: GPL-3.0-or-later
#include "console/models/ratemeter.h"

namespace danube::console {

void RateMeter::take(SteadyTime now, int64_t bytes)
{
    if (!m_taken.empty() && bytes < m_taken.back().second)
        m_taken.clear();
    if (!m_taken.empty() && m_taken.back().first >= now)
        m_taken.back().second = bytes;
    else
        m_taken.emplace_back(now, bytes);
    while (m_taken.size() > 1 && m_taken[1].first + window <= now)
        m_taken.pop_front();
}

int64_t RateMeter::perSecond(SteadyTime now) const
{
    if (m_taken.empty())
        return 0;
    const auto &[since, first] = m_taken.front();
    const auto passed = std::chrono::duration_cast<milliseconds>(now - since);
    return passed < seconds(1) ? 0 : (m_taken.back().second - first) * 1000 / passed.count();
}

} // namespace danube::console
