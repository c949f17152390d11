// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/guard/usage.h"

#include "server/guard/hostname.h"

#include <QJsonArray>

using namespace Qt::StringLiterals;

namespace danube::guard {
namespace {

QJsonObject toJsonObject(const Usage::Traffic &traffic)
{
    return {{u"connections"_s, qint64(traffic.connections)},
            {u"sent"_s, qint64(traffic.sent)},
            {u"received"_s, qint64(traffic.received)}};
}

} // namespace

QJsonObject Usage::toJson() const
{
    Traffic all;
    quint64 refused = 0;
    QJsonArray hosts;
    QJsonArray refusedHosts;
    for (const auto &[key, traffic] : m_reached) {
        all.connections += traffic.connections;
        all.sent += traffic.sent;
        all.received += traffic.received;
        QJsonObject host = toJsonObject(traffic);
        host.insert(u"host"_s, toQString(key.first));
        host.insert(u"port"_s, key.second);
        hosts.append(host);
    }
    for (const auto &[key, count] : m_refused) {
        refused += count;
        refusedHosts.append(
            QJsonObject{{u"host"_s, toQString(key.first)}, {u"port"_s, key.second}, {u"count"_s, qint64(count)}});
    }
    QJsonObject object = toJsonObject(all);
    object.insert(u"refused"_s, qint64(refused));
    object.insert(u"queries"_s, qint64(counts.queries));
    object.insert(u"dropped_queries"_s, qint64(counts.droppedQueries));
    object.insert(u"dropped_half_open"_s, qint64(counts.droppedHalfOpen));
    object.insert(u"hosts"_s, hosts);
    object.insert(u"refused_hosts"_s, refusedHosts);
    return object;
}

} // namespace danube::guard
