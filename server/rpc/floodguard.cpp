// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/rpc/floodguard.h"

namespace danube::rpc {

bool FloodGuard::take(SteadyTime now)
{
    const std::chrono::duration<double> passed = now - m_refilledAt;
    m_refilledAt = now;
    m_tokens = std::min(m_burst, m_tokens + passed.count() * m_perSecond);
    if (m_tokens < 1)
        return false;
    m_tokens -= 1;
    return true;
}

} // namespace danube::rpc
