// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/rpc/sharedmemory.h"

namespace danube::rpc {
namespace {

constexpr qint64 leastCounted = 1024; // nearly all calls and answers are smaller, and the call itself takes as much

} // namespace

bool SharedMemory::Share::grow(qint64 bytes)
{
    m_bytes += bytes;
    if (m_place == 0 && m_bytes < leastCounted)
        return true;
    if (m_place == 0)
        m_memory.count(*this);
    else {
        m_holding->second.bytes += bytes;
        m_memory.m_held += bytes;
    }
    while (m_memory.m_held > m_memory.m_most) {
        Share &last = m_memory.mostDispensable();
        m_memory.release(last);
        if (&last == this)
            return false;
        last.m_giveWay();
    }
    return true;
}

void SharedMemory::Share::clear()
{
    if (m_place != 0)
        m_memory.release(*this);
    m_bytes = 0;
}

void SharedMemory::count(Share &share)
{
    share.m_place = ++m_places;
    share.m_holding = m_holdings.try_emplace(share.m_job.value_or(JobId())).first;
    share.m_holding->second.shares.emplace(share.m_place, &share);
    share.m_holding->second.bytes += share.m_bytes;
    m_held += share.m_bytes;
}

void SharedMemory::release(Share &share)
{
    Holding &holding = share.m_holding->second;
    holding.shares.erase(std::exchange(share.m_place, 0));
    holding.bytes -= share.m_bytes;
    m_held -= std::exchange(share.m_bytes, 0);
    if (holding.shares.empty())
        m_holdings.erase(share.m_holding);
}

SharedMemory::Share &SharedMemory::mostDispensable() const
{
    const auto most = std::ranges::max_element(m_holdings, {}, [](const auto &each) { return each.second.bytes; });
    return *most->second.shares.rbegin()->second;
}

} // namespace danube::rpc
