// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/rpc/sharedmemory.h"

namespace danube::rpc {
namespace {

constexpr qint64 leastCounted = 1024; // nearly all calls and answers are smaller, and the call itself takes as much

} // namespace

bool SharedMemory::Share::grow(qint64 bytes)
{
    if (m_place == 0 && m_bytes + bytes < leastCounted) {
        m_bytes += bytes;
        return true;
    }
    Holding &holding = m_memory.m_holdings[m_job];
    const qint64 fresh = m_place == 0 ? m_bytes + bytes : bytes;
    if (m_place == 0) {
        m_place = ++m_memory.m_places;
        holding.shares.emplace(m_place, this);
    }
    m_bytes += bytes;
    holding.bytes += fresh;
    m_memory.m_held += fresh;
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

void SharedMemory::release(Share &share)
{
    const auto found = m_holdings.find(share.m_job);
    found->second.shares.erase(std::exchange(share.m_place, 0));
    found->second.bytes -= share.m_bytes;
    m_held -= std::exchange(share.m_bytes, 0);
    if (found->second.shares.empty())
        m_holdings.erase(found);
}

SharedMemory::Share &SharedMemory::mostDispensable() const
{
    const auto most = std::ranges::max_element(m_holdings, {}, [](const auto &each) { return each.second.bytes; });
    return *most->second.shares.rbegin()->second;
}

} // namespace danube::rpc
