// SPDX-License-Identifier: GPL-3.0-or-later
#include "shared/egress/manifest.h"

using namespace Qt::StringLiterals;

namespace danube::egress {
namespace {

/// What "world" leaves out of the audit: private and link-local networks, and with them the cluster.
const QStringList &privateCidrs4()
{
    static const QStringList cidrs{u"10.0.0.0/8"_s,     u"100.64.0.0/10"_s, u"127.0.0.0/8"_s,
                                   u"169.254.0.0/16"_s, u"172.16.0.0/12"_s, u"192.168.0.0/16"_s};
    return cidrs;
}

const QStringList &privateCidrs6()
{
    static const QStringList cidrs{u"::1/128"_s, u"fc00::/7"_s, u"fe80::/10"_s};
    return cidrs;
}

QJsonObject portOf(const QString &port, QLatin1StringView protocol)
{
    bool isNumber = false;
    const int number = port.toInt(&isNumber);
    return {{u"port"_s, isNumber ? QJsonValue(number) : QJsonValue(port)}, {u"protocol"_s, protocol}};
}

QJsonObject toPeer(const Peer &peer)
{
    QJsonObject labels;
    for (const auto &[key, value] : peer.labels.asKeyValueRange())
        labels.insert(key, value);
    const QJsonObject nameSpace{{u"kubernetes.io/metadata.name"_s, peer.nameSpace}};
    return {{u"namespaceSelector"_s, QJsonObject{{u"matchLabels"_s, nameSpace}}},
            {u"podSelector"_s, QJsonObject{{u"matchLabels"_s, labels}}}};
}

QJsonObject dnsRule(const PolicySettings &settings)
{
    QJsonArray peers;
    for (const Peer &peer : settings.dns)
        peers.append(toPeer(peer));
    const QString port = QString::number(settings.dnsPort);
    return {{u"to"_s, peers}, {u"ports"_s, QJsonArray{portOf(port, "UDP"_L1), portOf(port, "TCP"_L1)}}};
}

QJsonObject serviceRule(const Peer &pods, const QStringList &targets)
{
    QJsonArray ports;
    for (const QString &target : targets)
        ports.append(portOf(target, "TCP"_L1));
    return {{u"to"_s, QJsonArray{toPeer(pods)}}, {u"ports"_s, ports}};
}

QJsonObject cidrRule(const QStringList &cidrs)
{
    QJsonArray peers;
    for (const QString &cidr : cidrs)
        peers.append(QJsonObject{{u"ipBlock"_s, QJsonObject{{u"cidr"_s, cidr}}}});
    return {{u"to"_s, peers}, {u"ports"_s, QJsonArray{portOf(u"443"_s, "TCP"_L1), portOf(u"80"_s, "TCP"_L1)}}};
}

QJsonObject worldRule()
{
    const auto block = [](const QString &cidr, const QStringList &except) {
        return QJsonObject{{u"ipBlock"_s, QJsonObject{{u"cidr"_s, cidr}, {u"except"_s, toJson(except)}}}};
    };
    return {{u"to"_s, QJsonArray{block(u"0.0.0.0/0"_s, privateCidrs4()), block(u"::/0"_s, privateCidrs6())}}};
}

QJsonObject policy(const ResolvedList &list, const QString &suffix, const QJsonObject &selector,
                   const QJsonArray &types, const QJsonArray &egress, const PolicySettings &settings)
{
    QJsonObject spec{{u"podSelector"_s, selector}, {u"policyTypes"_s, types}, {u"egress"_s, egress}};
    if (types.contains(u"Ingress"_s))
        spec.insert(u"ingress"_s, QJsonArray());
    const QJsonObject annotations{{u"danube.dev/enforcement"_s,
                                   u"weaker: this cluster's policies know addresses only; names are not enforced"_s}};
    return makeObject({"networking.k8s.io/v1"_L1, "NetworkPolicy"_L1, suffix, list.mode, list.label, annotations}, spec,
                      settings);
}

QJsonArray serviceRules(const ResolvedList &list)
{
    QJsonArray rules;
    for (const ServiceAccess &access : list.services)
        rules.append(serviceRule(access.pods, access.ports));
    return rules;
}

QJsonObject basePolicy(const ResolvedList &base, const PolicySettings &settings)
{
    QStringList masterPorts;
    for (const ServicePort &port : settings.master.ports)
        masterPorts.append(targetOf(port));
    QJsonArray egress{dnsRule(settings), serviceRule(settings.master.pods, masterPorts)};
    for (const auto &rule : serviceRules(base))
        egress.append(rule);
    if (!settings.fallbackCidrs.isEmpty())
        egress.append(cidrRule(settings.fallbackCidrs));
    return policy(base, {}, selectPods(settings, {}), {u"Ingress"_s, u"Egress"_s}, egress, settings);
}

QJsonObject auditPolicy(const ResolvedRequest &request, const PolicySettings &settings)
{
    QStringList enforced;
    for (const ResolvedList &list : request.pipelines) {
        if (list.mode == Mode::Enforce)
            enforced.append(list.label);
    }
    return policy(request.base, u"-audit"_s, selectPods(settings, {}, enforced), {u"Egress"_s}, {worldRule()},
                  settings);
}

QJsonObject pipelinePolicy(const ResolvedList &list, const PolicySettings &settings)
{
    QJsonArray egress = serviceRules(list);
    if (list.mode == Mode::Audit)
        egress.append(worldRule());
    return policy(list, u"-pipeline-"_s + list.label, selectPods(settings, list.label), {u"Egress"_s}, egress,
                  settings);
}

void noteNames(const ResolvedList &list, QStringList &notes)
{
    const QString whose = list.pipeline.isEmpty() ? u"config.json"_s : u"pipeline '%1'"_s.arg(list.pipeline);
    if (!list.names.isEmpty())
        notes.append(u"%1 of %2 are not opened by name: this cluster's policies know addresses only"_s.arg(
            list.names.size() == 1 ? u"1 entry"_s : u"%1 entries"_s.arg(list.names.size()), whose));
}

} // namespace

Result<PolicySet> compileFallback(const PolicyRequest &request, const PolicySettings &settings)
{
    auto resolved = resolve(request, settings);
    if (!resolved)
        return std::unexpected(resolved.error().in(u"compile egress policy"_s));
    ResolvedList base = resolved->base;
    base.mode = Mode::Enforce; // audit is a policy of its own, so that switching it touches one object
    noteNames(base, resolved->notes);
    QList<QJsonObject> objects{basePolicy(base, settings)};
    if (request.mode == Mode::Audit)
        objects.append(auditPolicy(*resolved, settings));
    for (const ResolvedList &list : resolved->pipelines) {
        noteNames(list, resolved->notes);
        const bool isAudited = list.mode == Mode::Audit && request.mode == Mode::Enforce;
        if (!list.services.isEmpty() || isAudited)
            objects.append(pipelinePolicy(list, settings));
    }
    return makeSet(std::move(objects), std::move(resolved->notes));
}

} // namespace danube::egress
