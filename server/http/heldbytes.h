// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QtTypes>

#include <utility>

namespace danube::http {

/// One connection's part of what all of them hold in memory. `total` outlives it.
class HeldBytes
{
public:
    explicit HeldBytes(qint64 &total) : m_total(total) {}
    ~HeldBytes() { set(0); }
    HeldBytes(const HeldBytes &) = delete;
    HeldBytes &operator=(const HeldBytes &) = delete;
    void set(qint64 bytes)
    {
        if (bytes != m_own) // who holds nothing may outlive the total
            m_total += bytes - std::exchange(m_own, bytes);
    }

private:
    qint64 &m_total;
    qint64 m_own = 0;
};

} // namespace danube::http
