// SPDX-License-Identifier: GPL-3.0-or-later
#include "shared/egress/ciliumrules.h"

#include <algorithm>

using namespace Qt::StringLiterals;

namespace danube::egress::cilium {
namespace {

constexpr int clusterDepth = 8;          // labels below the cluster's domain that may be asked for
constexpr qsizetype maxPortsOfRule = 40; // Cilium refuses more in one element of toPorts

QJsonObject portOf(const QString &port, QLatin1StringView protocol)
{
    return {{u"port"_s, port}, {u"protocol"_s, protocol}};
}

QJsonObject tcp(const QString &port)
{
    return portOf(port, "TCP"_L1);
}

QJsonObject portRule(const QJsonArray &ports)
{
    return {{u"ports"_s, ports}};
}

QJsonObject peerSelector(const Peer &peer)
{
    QJsonObject labels{{u"k8s:io.kubernetes.pod.namespace"_s, peer.nameSpace}};
    for (const auto &[key, value] : peer.labels.asKeyValueRange())
        labels.insert(u"k8s:"_s + key, value);
    return {{u"matchLabels"_s, labels}};
}

/// An older Cilium reads "**." as "*."; writing that out keeps an upgrade of Cilium from widening the policy unseen.
QString patternText(const Pattern &pattern, CiliumVersion version)
{
    return pattern.isAnyDepth() && !version.hasAnyDepthPrefix() ? pattern.text().sliced(1) : pattern.text();
}

QJsonObject nameSelector(const Pattern &pattern, CiliumVersion version)
{
    return {{pattern.isName() ? u"matchName"_s : u"matchPattern"_s, patternText(pattern, version)}};
}

QJsonArray nameSelectors(const QList<Entry> &names, CiliumVersion version)
{
    QJsonArray selectors;
    for (const Entry &entry : names) {
        const QJsonObject selector = nameSelector(entry.pattern(), version);
        if (!selectors.contains(selector))
            selectors.append(selector);
    }
    return selectors;
}

/// What the rules of one group share. Ordered, so that the output is.
struct Group
{
    QString port; ///< empty = 80 and 443
    bool checksServerName = false;
    auto operator<=>(const Group &) const = default;
};

Group groupOf(const Entry &entry, CiliumVersion version)
{
    const bool isChecked = entry.opens(443) && !entry.pattern().isMatchAll() && entry.pattern().isServerName(version);
    return {entry.port() ? QString::number(*entry.port()) : QString(), isChecked};
}

QJsonObject checkedPort(const QList<Entry> &names, CiliumVersion version)
{
    QStringList serverNames;
    for (const Entry &entry : names)
        serverNames.append(patternText(entry.pattern(), version));
    serverNames.removeDuplicates();
    QJsonObject rule = portRule({tcp(u"443"_s)});
    rule.insert(u"serverNames"_s, toJson(serverNames));
    return rule;
}

QJsonArray portRulesOf(const Group &group, const QList<Entry> &names, CiliumVersion version)
{
    const bool isUsual = group.port.isEmpty();
    if (group.checksServerName && isUsual)
        return {checkedPort(names, version), portRule({tcp(u"80"_s)})};
    if (group.checksServerName)
        return {checkedPort(names, version)};
    return {isUsual ? portRule({tcp(u"443"_s), tcp(u"80"_s)}) : portRule({tcp(group.port)})};
}

} // namespace

QJsonObject dnsRule(const DnsNames &names, const PolicySettings &settings)
{
    QJsonArray allowed = nameSelectors(names.names, settings.cilium);
    if (names.isOpen)
        allowed = {QJsonObject{{u"matchPattern"_s, u"*"_s}}};
    else if (names.withCluster)
        for (int depth = 1; depth <= clusterDepth; ++depth)
            allowed.append(QJsonObject{{u"matchPattern"_s, u"*."_s.repeated(depth) + settings.cluster.domain}});
    QJsonArray peers;
    for (const Peer &peer : settings.dns)
        peers.append(peerSelector(peer));
    const QString port = QString::number(settings.dnsPort);
    QJsonObject ports = portRule({portOf(port, "UDP"_L1), tcp(port)});
    ports.insert(u"rules"_s, QJsonObject{{u"dns"_s, allowed}});
    return {{u"toEndpoints"_s, peers}, {u"toPorts"_s, QJsonArray{ports}}};
}

QJsonObject endpointsRule(const ServiceAccess &access)
{
    QJsonArray portRules;
    for (qsizetype from = 0; from < access.ports.size(); from += maxPortsOfRule) {
        QJsonArray ports;
        for (const QString &port : access.ports.sliced(from, std::min(maxPortsOfRule, access.ports.size() - from)))
            ports.append(tcp(port));
        portRules.append(portRule(ports));
    }
    return {{u"toEndpoints"_s, QJsonArray{peerSelector(access.pods)}}, {u"toPorts"_s, portRules}};
}

QJsonArray nameRules(const QList<Entry> &names, const PolicySettings &settings)
{
    QMap<Group, QList<Entry>> groups;
    for (const Entry &entry : names)
        groups[groupOf(entry, settings.cilium)].append(entry);
    QJsonArray rules;
    for (const auto &[group, entries] : groups.asKeyValueRange())
        rules.append(QJsonObject{{u"toFQDNs"_s, nameSelectors(entries, settings.cilium)},
                                 {u"toPorts"_s, portRulesOf(group, entries, settings.cilium)}});
    return rules;
}

QJsonObject worldRule()
{
    return {{u"toEntities"_s, QJsonArray{u"world"_s}}};
}

QJsonArray denyRules(const PolicySettings &settings, Mode mode)
{
    QJsonArray rules;
    if (!settings.deniedCidrs.isEmpty())
        rules.append(QJsonObject{{u"toCIDR"_s, toJson(settings.deniedCidrs)}});
    // "world" may hold an API server outside the cluster; a list of names never does.
    if (mode == Mode::Audit)
        rules.append(QJsonObject{{u"toEntities"_s, QJsonArray{u"kube-apiserver"_s}}});
    return rules;
}

} // namespace danube::egress::cilium
