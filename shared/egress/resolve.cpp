// SPDX-License-Identifier: GPL-3.0-or-later
#include "shared/egress/resolve.h"

#include "shared/egress/linter.h"
#include "shared/egress/lintrules.h"

#include <QSet>

#include <algorithm>

using namespace Qt::StringLiterals;

namespace danube::egress {
namespace {

QString nameOfList(const QString &pipeline)
{
    return pipeline.isEmpty() ? u"egress_allowlist"_s : u"egress_allowlist of pipeline '%1'"_s.arg(pipeline);
}

Result<QList<Entry>> parseList(const QStringList &list, const QString &pipeline, const ClusterNames &cluster)
{
    if (list.size() > maxEntries)
        return fail(ErrorCode::ResourceExhausted,
                    u"%1: %2 entries, at most %3"_s.arg(nameOfList(pipeline)).arg(list.size()).arg(maxEntries));
    QList<Entry> entries;
    for (qsizetype i = 0; i < list.size(); ++i) {
        auto entry = Entry::parse(list[i], cluster);
        if (!entry)
            return fail(ErrorCode::InvalidArgument,
                        u"%1[%2]: %3"_s.arg(nameOfList(pipeline))
                            .arg(i)
                            .arg(rules::defectFinding(list[i], entry.error(), cluster).message));
        if (!entries.contains(*entry))
            entries.append(*std::move(entry));
    }
    std::ranges::sort(entries, {}, &Entry::text);
    return entries;
}

const Service *findService(const Entry &entry, const PolicySettings &settings)
{
    const auto isNamed = [&](const Service &service) {
        return service.name == entry.service() && service.pods.nameSpace == entry.serviceNamespace();
    };
    const auto found = std::ranges::find_if(settings.services, isNamed);
    if (found != settings.services.end())
        return &*found;
    return isNamed(settings.master) ? &settings.master : nullptr;
}

/// Nothing is opened that is not known exactly; the error says what is missing.
std::expected<ServiceAccess, QString> accessTo(const Entry &entry, const PolicySettings &settings)
{
    const Service *service = findService(entry, settings);
    if (!service)
        return std::unexpected(u"'%1' is not opened: no such Service is known"_s.arg(entry.text()));
    if (service->pods.labels.isEmpty())
        return std::unexpected(u"'%1' is not opened: the Service has no selector"_s.arg(entry.text()));
    ServiceAccess access{service->pods, {}};
    for (const ServicePort &port : service->ports) {
        if (entry.opens(port.port))
            access.ports.append(targetOf(port));
    }
    if (access.ports.isEmpty())
        return std::unexpected(u"'%1' is not opened: the Service has no such TCP port"_s.arg(entry.text()));
    return access;
}

/// For an order that does not depend on how the entries were written.
QString keyOf(const Peer &peer)
{
    QStringList parts{peer.nameSpace};
    for (const auto &[key, value] : peer.labels.asKeyValueRange())
        parts.append(key + u'=' + value);
    return parts.join(u'\n');
}

void addService(ResolvedList &list, ServiceAccess access)
{
    const auto known = std::ranges::find(list.services, access.pods, &ServiceAccess::pods);
    if (known != list.services.end())
        known->ports.append(access.ports);
    else
        list.services.append(std::move(access));
}

void resolveEntries(const QList<Entry> &entries, const PolicySettings &settings, ResolvedList &list, QStringList &notes)
{
    for (const Entry &entry : entries) {
        if (!entry.isInCluster()) {
            list.names.append(entry);
        } else if (auto access = accessTo(entry, settings)) {
            addService(list, *std::move(access));
        } else {
            notes.append(access.error());
        }
    }
    std::ranges::sort(list.services, {}, [](const ServiceAccess &access) { return keyOf(access.pods); });
    for (ServiceAccess &access : list.services) {
        access.ports.sort();
        access.ports.removeDuplicates();
    }
}

Result<ResolvedList> resolvePipeline(const PipelineList &pipeline, const QList<Entry> &base,
                                     const PolicySettings &settings, QStringList &notes)
{
    ResolvedList list{pipeline.pipeline, pipelineLabel(pipeline.pipeline), pipeline.mode, {}, {}};
    if (list.label.isEmpty())
        return fail(ErrorCode::InvalidArgument, u"pipeline '%1': the name cannot be a label"_s.arg(pipeline.pipeline));
    auto entries = parseList(pipeline.allowlist, pipeline.pipeline, settings.cluster);
    if (!entries)
        return std::unexpected(entries.error());
    entries->removeIf([&](const Entry &entry) {
        return std::ranges::any_of(base, [&](const Entry &wider) { return wider.covers(entry, settings.cilium); });
    });
    resolveEntries(*entries, settings, list, notes);
    return list;
}

Result<void> checkMaster(const Service &master)
{
    if (master.pods.labels.isEmpty() || master.pods.nameSpace.isEmpty() || master.ports.isEmpty())
        return fail(ErrorCode::InvalidArgument,
                    u"egress policy: the master's Service has no namespace, selector or port"_s);
    return {};
}

Result<void> checkRanges(const QStringList &ranges)
{
    const auto bad = std::ranges::find_if_not(ranges, [](const QString &range) { return isAddressRange(range); });
    if (bad != ranges.end())
        return fail(ErrorCode::InvalidArgument,
                    u"egress policy: '%1': expected an address range such as 192.0.2.0/24"_s.arg(displayText(*bad)));
    return {};
}

} // namespace

// As the executor labels its pods.
QString pipelineLabel(const QString &pipeline)
{
    const auto isEdge = [](QChar c) { return c.unicode() < 0x80 && c.isLetterOrNumber(); };
    QString label = pipeline.first(std::min<qsizetype>(pipeline.size(), 63));
    while (!label.isEmpty() && !isEdge(label.front()))
        label.removeFirst();
    while (!label.isEmpty() && !isEdge(label.back()))
        label.chop(1);
    return label;
}

QString targetOf(const ServicePort &port)
{
    return port.target.isEmpty() ? QString::number(port.port) : port.target;
}

Result<ResolvedRequest> resolve(const PolicyRequest &request, const PolicySettings &settings)
{
    if (const auto checked = checkMaster(settings.master); !checked)
        return std::unexpected(checked.error());
    if (const auto checked = checkRanges(settings.deniedCidrs + settings.fallbackCidrs); !checked)
        return std::unexpected(checked.error());
    if (request.pipelines.size() > maxPipelines)
        return fail(ErrorCode::ResourceExhausted, u"egress policy: more than %1 pipelines"_s.arg(maxPipelines));
    const auto base = parseList(request.allowlist, {}, settings.cluster);
    if (!base)
        return std::unexpected(base.error());
    ResolvedRequest resolved{.base = {.pipeline = {}, .label = {}, .mode = request.mode, .names = {}, .services = {}},
                             .pipelines = {},
                             .notes = {}};
    resolveEntries(*base, settings, resolved.base, resolved.notes);
    QMap<QString, QString> pipelineOfLabel;
    for (const PipelineList &pipeline : request.pipelines) {
        auto list = resolvePipeline(pipeline, *base, settings, resolved.notes);
        if (!list)
            return std::unexpected(list.error());
        if (pipelineOfLabel.contains(list->label))
            return fail(ErrorCode::InvalidArgument, u"pipelines '%1' and '%2' have the same label '%3'"_s.arg(
                                                        pipelineOfLabel[list->label], pipeline.pipeline, list->label));
        pipelineOfLabel.insert(list->label, pipeline.pipeline);
        resolved.pipelines.append(*std::move(list));
    }
    std::ranges::sort(resolved.pipelines, {}, &ResolvedList::label);
    resolved.notes.removeDuplicates();
    return resolved;
}

} // namespace danube::egress
