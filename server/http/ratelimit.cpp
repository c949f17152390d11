// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/http/ratelimit.h"

#include <QHostAddress>

#include <algorithm>

using namespace Qt::StringLiterals;

namespace danube::http {

RateLimit::RateLimit(Rate rate, qsizetype most) : m_most(std::max<qsizetype>(most, 1))
{
    if (rate.perSecond <= 0)
        return;
    m_interval = std::chrono::nanoseconds(seconds(1)) / rate.perSecond;
    m_tolerance = m_interval * (std::max(rate.burst, 1) - 1);
}

RateLimit::Bucket &RateLimit::bucketOf(const QString &who)
{
    const auto found = m_buckets.constFind(who);
    if (found != m_buckets.cend()) {
        m_recent.splice(m_recent.begin(), m_recent, *found);
        return m_recent.front();
    }
    if (m_buckets.size() == m_most) {
        m_buckets.remove(m_recent.back().who);
        m_recent.pop_back();
    }
    m_recent.push_front({who, SteadyTime::min()});
    m_buckets.insert(who, m_recent.begin());
    return m_recent.front();
}

std::optional<std::chrono::nanoseconds> RateLimit::take(const QString &who, SteadyTime now)
{
    if (m_interval.count() == 0)
        return std::nullopt;
    Bucket &bucket = bucketOf(who);
    const SteadyTime fullAt = std::max(bucket.fullAt, now);
    if (fullAt - now > m_tolerance)
        return fullAt - now - m_tolerance;
    bucket.fullAt = fullAt + m_interval;
    return std::nullopt;
}

QString networkOf(const QHostAddress &peer)
{
    bool isIpv4 = false;
    const quint32 address = peer.toIPv4Address(&isIpv4); // also of ::ffff:192.0.2.7
    if (isIpv4)
        return QHostAddress(address).toString();
    Q_IPV6ADDR bytes = peer.toIPv6Address();
    std::fill(std::begin(bytes.c) + 8, std::end(bytes.c), quint8(0));
    return QHostAddress(bytes).toString() + "/64"_L1;
}

} // namespace danube::http
