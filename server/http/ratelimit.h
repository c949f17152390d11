// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "shared/core/clock.h"

#include <QHash>
#include <QString>

#include <list>
#include <optional>

class QHostAddress;

namespace danube::http {

struct Rate
{
    int perSecond = 0; ///< in the long run; 0 = no limit
    int burst = 1;     ///< at once
    bool operator==(const Rate &) const = default;
};

/// A bucket of tokens for each of those who ask, full at first. Of more than `most` the one that asked the longest ago
/// is forgotten, so a forgotten one that comes back finds a full bucket. Not thread-safe.
class RateLimit
{
public:
    explicit RateLimit(Rate rate, qsizetype most = 4096);

    /// Takes a token: nullopt. Without one it takes nothing and says how long until there is one.
    std::optional<std::chrono::nanoseconds> take(const QString &who, SteadyTime now);
    qsizetype size() const { return m_buckets.size(); }

private:
    struct Bucket
    {
        QString who;
        SteadyTime fullAt; ///< says all there is to know of it: a token less is an interval later
    };
    using Buckets = std::list<Bucket>;
    Bucket &bucketOf(const QString &who);

    std::chrono::nanoseconds m_interval{0}; ///< between two tokens
    std::chrono::nanoseconds m_tolerance{0};
    qsizetype m_most;
    Buckets m_recent; ///< the last one to ask is the first
    QHash<QString, Buckets::iterator> m_buckets;
};

/// Whom a peer counts as: an IPv4 address, or the /64 that an IPv6 address is in, for who has one has all of it.
QString networkOf(const QHostAddress &peer);

} // namespace danube::http
