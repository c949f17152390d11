// SPDX-License-Identifier: GPL-3.0-or-later
#include "console/models/policypreview.h"

#include "console/models/yaml.h"

#include <QSet>

#include <algorithm>

using namespace Qt::StringLiterals;

namespace danube::console {

namespace {

using Origin = PolicyLine::Origin;

/// Objects in the order they are applied, each as lines.
using Documents = QList<std::pair<QString, QStringList>>;

QString nameOf(const QJsonObject &object)
{
    return object.value("metadata"_L1).toObject().value("name"_L1).toString();
}

/// The digest follows from the rest, and would show every object as changed twice.
QJsonObject withoutDigest(QJsonObject object)
{
    QJsonObject metadata = object.value("metadata"_L1).toObject();
    QJsonObject annotations = metadata.value("annotations"_L1).toObject();
    annotations.remove("danube.dev/policy-digest"_L1);
    metadata.remove("annotations"_L1);
    if (!annotations.isEmpty())
        metadata.insert("annotations"_L1, annotations);
    object.insert("metadata"_L1, metadata);
    return object;
}

Documents documentsOf(const egress::PolicySet &set)
{
    Documents documents;
    for (const QJsonObject &object : set.objects)
        documents.append({nameOf(object), toYaml(withoutDigest(object))});
    return documents;
}

QStringList documentLines(const Documents &documents, const QString &name)
{
    const auto found = std::ranges::find(documents, name, &std::pair<QString, QStringList>::first);
    return found == documents.end() ? QStringList() : found->second;
}

/// Which lines of `lines` another version of the object has, too.
QList<bool> sharedWith(const QStringList &other, const QStringList &lines)
{
    QList<bool> shared;
    for (const DiffLine &line : diffLines(other, lines)) {
        if (line.kind != DiffLine::Kind::Removed)
            shared.append(line.kind == DiffLine::Kind::Same);
    }
    return shared;
}

/// What is written before "spec:" names the object and its digest: nobody's rule.
qsizetype headOf(const QStringList &lines)
{
    return std::max<qsizetype>(lines.indexOf(u"spec:"_s), 0);
}

void appendDocument(PolicyPreview &preview, const QStringList &before, const QStringList &after,
                    const QStringList &system)
{
    const QList<bool> isSystemBefore = sharedWith(system, before);
    const QList<bool> isSystemAfter = sharedWith(system, after);
    preview.lines.append({after.isEmpty()    ? DiffLine::Kind::Removed
                          : before.isEmpty() ? DiffLine::Kind::Added
                                             : DiffLine::Kind::Same,
                          Origin::System, u"---"_s});
    qsizetype old = 0;
    qsizetype fresh = 0;
    for (const DiffLine &line : diffLines(before, after)) {
        const bool gone = line.kind == DiffLine::Kind::Removed;
        const bool inHead = gone ? old < headOf(before) : fresh < headOf(after);
        const bool isSystem = inHead || (gone ? isSystemBefore[old] : isSystemAfter[fresh]);
        preview.lines.append({line.kind, isSystem ? Origin::System : Origin::Yours, line.text});
        preview.added += line.kind == DiffLine::Kind::Added ? 1 : 0;
        preview.removed += gone ? 1 : 0;
        old += line.kind != DiffLine::Kind::Added ? 1 : 0;
        fresh += gone ? 0 : 1;
    }
}

egress::Mode modeFrom(blueprint::EgressMode mode)
{
    return mode == blueprint::EgressMode::Audit ? egress::Mode::Audit : egress::Mode::Enforce;
}

egress::PolicyRequest withoutLists(egress::PolicyRequest request)
{
    request.allowlist.clear();
    for (egress::PipelineList &list : request.pipelines)
        list.allowlist.clear();
    return request;
}

} // namespace

QByteArray PolicyPreview::yaml() const
{
    QByteArray text;
    for (const PolicyLine &line : lines) {
        if (line.change != DiffLine::Kind::Removed)
            text += line.text.toUtf8() + '\n';
    }
    return text;
}

egress::PolicyRequest policyRequestOf(const blueprint::Snapshot &snapshot)
{
    const blueprint::ConfigDocument &config = snapshot.config;
    egress::PolicyRequest request{config.egressAllowlist, modeFrom(config.egressMode)};
    for (const auto &[name, document] : snapshot.pipelines.asKeyValueRange())
        request.pipelines.append(
            {name, document.egressAllowlist, modeFrom(document.egressMode.value_or(config.egressMode))});
    return request;
}

Result<PolicyPreview> previewPolicy(const egress::PolicyRequest &before, const egress::PolicyRequest &after,
                                    const egress::PolicySettings &settings)
{
    const auto next = egress::compileCilium(after, settings);
    if (!next)
        return std::unexpected(next.error());
    const auto now = egress::compileCilium(before, settings);
    const auto bare = egress::compileCilium(withoutLists(after), settings);
    const Documents wanted = documentsOf(*next);
    const Documents present = now ? documentsOf(*now) : Documents();
    const Documents system = bare ? documentsOf(*bare) : Documents();
    PolicyPreview preview;
    preview.notes = next->notes;
    for (const auto &[name, lines] : wanted)
        appendDocument(preview, documentLines(present, name), lines, documentLines(system, name));
    for (const auto &[name, lines] : present) {
        if (documentLines(wanted, name).isEmpty())
            appendDocument(preview, lines, {}, documentLines(system, name));
    }
    return preview;
}

} // namespace danube::console
