// SPDX-License-Identifier: GPL-3.0-or-later
#include "shared/core/backoff.h"

#include <QRandomGenerator>

#include <algorithm>

namespace danube {

Backoff::Backoff(std::chrono::milliseconds base, std::chrono::milliseconds cap, Random random)
    : m_base(base), m_cap(cap), m_random(std::move(random))
{}

std::chrono::milliseconds Backoff::next()
{
    const auto exponent = std::min(m_attempt++, 30);
    const auto ceiling = std::min<int64_t>(m_cap.count(), m_base.count() << exponent);
    const auto floor = std::min<int64_t>(m_base.count() / 2, ceiling);
    return std::chrono::milliseconds(floor + static_cast<int64_t>(m_random() * static_cast<double>(ceiling - floor)));
}

Backoff::Random Backoff::systemRandom()
{
    return [] { return QRandomGenerator::global()->generateDouble(); };
}

} // namespace danube
