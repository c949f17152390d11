// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QJsonObject>

#include <map>
#include <string>

namespace danube::guard {

/// What one job did on the network: by host and port, and in all. Hosts that were reached and those that were refused
/// have bounds of their own, so that a flood of the one hides none of the other; what is beyond them is one row. Pure.
class Usage
{
public:
    static constexpr size_t maxPlaces = 200; ///< of each
    static constexpr std::string_view otherHosts = "(other hosts)";

    struct Traffic
    {
        quint64 connections = 0;
        quint64 sent = 0;     ///< bytes to the host
        quint64 received = 0; ///< bytes from it
    };
    Traffic &reached(const std::string &host, uint16_t port) { return at(m_reached, host, port); }
    /// Connections and (port 0) queries.
    void countRefused(const std::string &host, uint16_t port) { ++at(m_refused, host, port); }

    struct Counts
    {
        quint64 queries = 0;
        quint64 droppedQueries = 0;  ///< beyond the rate
        quint64 droppedHalfOpen = 0; ///< undecided connections that made room for others
    };
    Counts counts;

    /// {connections, sent, received, refused, queries, dropped_queries, dropped_half_open,
    /// hosts: [{host, port, connections, sent, received}], refused_hosts: [{host, port, count}]}
    QJsonObject toJson() const;

private:
    template <class Value> using Places = std::map<std::pair<std::string, uint16_t>, Value>;
    template <class Value> static Value &at(Places<Value> &places, const std::string &host, uint16_t port)
    {
        const std::pair key(host, port);
        const bool isFull = places.size() >= maxPlaces && !places.contains(key);
        return places[isFull ? std::pair<std::string, uint16_t>(otherHosts, 0) : key];
    }

    Places<Traffic> m_reached;
    Places<quint64> m_refused;
};

} // namespace danube::guard
