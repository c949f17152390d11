// SPDX-License-Identifier: GPL-3.0-or-later
#include "shared/egress/ciliumrules.h"

using namespace Qt::StringLiterals;

namespace danube::egress {
namespace {

Manifest manifestOf(const QString &suffix, Mode mode, const QString &pipelineLabel = {})
{
    return {"cilium.io/v2"_L1, "CiliumNetworkPolicy"_L1, suffix, mode, pipelineLabel, {}};
}

void append(QJsonArray &rules, const QJsonArray &more)
{
    for (const auto &rule : more)
        rules.append(rule);
}

void appendServices(QJsonArray &rules, const ResolvedList &list)
{
    for (const ServiceAccess &access : list.services)
        rules.append(cilium::endpointsRule(access));
}

ServiceAccess masterAccess(const PolicySettings &settings)
{
    ServiceAccess access{settings.master.pods, {}};
    for (const ServicePort &port : settings.master.ports)
        access.ports.append(targetOf(port));
    return access;
}

/// Every pod of the namespace: refuses all that no policy allows, in and out. An empty rule allows nothing and still
/// turns on the refusal of its direction; an empty list would not (Sanitize in pkg/policy/api/rule_validation.go).
QJsonObject basePolicy(const ResolvedList &base, const PolicySettings &settings)
{
    QJsonArray egress{cilium::dnsRule({.names = base.names, .withCluster = true, .isOpen = false}, settings),
                      cilium::endpointsRule(masterAccess(settings))};
    appendServices(egress, base);
    append(egress, cilium::nameRules(base.names, settings));
    QJsonObject spec{
        {u"description"_s, u"What every job may reach. Made by Danube from the Blueprint's config.json."_s},
        {u"endpointSelector"_s, selectPods(settings, {})},
        {u"ingress"_s, QJsonArray{QJsonObject()}},
        {u"egress"_s, egress}};
    if (const QJsonArray denied = cilium::denyRules(settings, Mode::Enforce); !denied.isEmpty())
        spec.insert(u"egressDeny"_s, denied);
    return makeObject(manifestOf({}, Mode::Enforce), spec, settings);
}

QJsonObject auditSpec(const QString &description, const QJsonObject &selector, QJsonArray egress,
                      const PolicySettings &settings)
{
    egress.prepend(cilium::dnsRule({.names = {}, .withCluster = false, .isOpen = true}, settings));
    egress.append(cilium::worldRule());
    return {{u"description"_s, description},
            {u"endpointSelector"_s, selector},
            {u"egress"_s, egress},
            {u"egressDeny"_s, cilium::denyRules(settings, Mode::Audit)}};
}

/// Policies add up, so pipelines that enforce are left out of the base's audit.
QJsonObject auditPolicy(const ResolvedRequest &request, const PolicySettings &settings)
{
    QStringList enforced;
    for (const ResolvedList &list : request.pipelines) {
        if (list.mode == Mode::Enforce)
            enforced.append(list.label);
    }
    const QJsonObject spec = auditSpec(u"Audit: the world is open, what the lists would refuse is only reported."_s,
                                       selectPods(settings, {}, enforced), {}, settings);
    return makeObject(manifestOf(u"-audit"_s, Mode::Audit), spec, settings);
}

QJsonObject pipelinePolicy(const ResolvedList &list, const PolicySettings &settings)
{
    const QJsonObject selector = selectPods(settings, list.label);
    QJsonArray egress;
    if (list.mode == Mode::Enforce && !list.names.isEmpty())
        egress.append(cilium::dnsRule({.names = list.names, .withCluster = false, .isOpen = false}, settings));
    appendServices(egress, list);
    append(egress, cilium::nameRules(list.names, settings));
    const Manifest manifest = manifestOf(u"-pipeline-"_s + list.label, list.mode, list.label);
    if (list.mode == Mode::Audit)
        return makeObject(
            manifest,
            auditSpec(u"Audit of pipeline %1: the world is open, what the lists would refuse is only reported."_s.arg(
                          list.label),
                      selector, egress, settings),
            settings);
    return makeObject(manifest,
                      {{u"description"_s,
                        u"What pipeline %1 may reach besides. Made by Danube from the Blueprint."_s.arg(list.label)},
                       {u"endpointSelector"_s, selector},
                       {u"egress"_s, egress}},
                      settings);
}

void noteUnchecked(const ResolvedList &list, const PolicySettings &settings, QStringList &notes)
{
    for (const Entry &entry : list.names) {
        if (entry.opens(443) && !entry.pattern().isServerName(settings.cilium) && !entry.pattern().isMatchAll())
            notes.append(
                u"'%1': Cilium %2 cannot check TLS names by such a pattern; every site at its addresses is reachable"_s
                    .arg(entry.text(), toText(settings.cilium)));
        if (entry.pattern().isAnyDepth() && !settings.cilium.hasAnyDepthPrefix())
            notes.append(u"'%1' is compiled as '%2': Cilium %3 has no pattern of any depth"_s.arg(
                entry.text(), entry.text().sliced(1), toText(settings.cilium)));
    }
}

} // namespace

Result<PolicySet> compileCilium(const PolicyRequest &request, const PolicySettings &settings)
{
    auto resolved = resolve(request, settings);
    if (!resolved)
        return std::unexpected(resolved.error().in(u"compile egress policy"_s));
    noteUnchecked(resolved->base, settings, resolved->notes);
    QList<QJsonObject> objects{basePolicy(resolved->base, settings)};
    if (request.mode == Mode::Audit)
        objects.append(auditPolicy(*resolved, settings));
    for (const ResolvedList &list : resolved->pipelines) {
        noteUnchecked(list, settings, resolved->notes);
        const bool isAuditedAlready = request.mode == Mode::Audit && list.mode == Mode::Audit;
        if (!list.isEmpty() || (list.mode == Mode::Audit && !isAuditedAlready))
            objects.append(pipelinePolicy(list, settings));
    }
    return makeSet(std::move(objects), std::move(resolved->notes));
}

} // namespace danube::egress
