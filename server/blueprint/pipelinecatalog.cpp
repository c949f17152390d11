// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/blueprint/pipelinecatalog.h"

#include "shared/blueprint/directory.h"
#include "shared/blueprint/validator.h"

#include <QDir>
#include <QLoggingCategory>

using namespace Qt::StringLiterals;

namespace danube::blueprint {
namespace {

Q_LOGGING_CATEGORY(catalogLog, "danube.blueprint.directory")

Error refusalOf(const QString &directory, const QList<Finding> &findings)
{
    QStringList errors;
    for (const Finding &finding : findings) {
        if (finding.severity == Severity::Error)
            errors.append(describe(finding));
    }
    const QString more = errors.size() > 1 ? u" (and %1 more)"_s.arg(errors.size() - 1) : QString();
    return {ErrorCode::InvalidArgument, u"%1/%2%3"_s.arg(directory, errors.value(0), more)};
}

} // namespace

Result<void> PipelineCatalog::load(const QString &directory)
{
    const bool isThere = !directory.isEmpty() && QDir(directory).exists();
    const auto files = isThere ? readDirectory(directory) : Result<Files>();
    if (!files)
        return std::unexpected(files.error());
    if (files->isEmpty()) {
        m_isKnown = true;
        m_documents.clear();
        m_directorySnapshot.reset();
        return {};
    }
    const Validation validation = validate(*files);
    if (!validation.isAccepted())
        return std::unexpected(refusalOf(QDir::cleanPath(directory), validation.findings));
    for (const Finding &finding : validation.findings)
        qCInfo(catalogLog).noquote() << u"finding=\"%1\""_s.arg(describe(finding).replace(u'"', u'\''));
    replace(*validation.snapshot);
    m_directorySnapshot = files->contains(u"config.json"_s) ? validation.snapshot : std::nullopt;
    return {};
}

void PipelineCatalog::replace(const Snapshot &snapshot)
{
    m_isKnown = true;
    m_documents.clear();
    for (const PipelineDocument &document : snapshot.pipelines)
        m_documents.insert(document.pipeline.name, document);
}

std::optional<Pipeline> PipelineCatalog::find(const QString &name) const
{
    const auto found = m_documents.find(name);
    return found == m_documents.end() ? std::nullopt : std::optional(found->pipeline);
}

QList<Pipeline> PipelineCatalog::all() const
{
    QList<Pipeline> pipelines;
    for (const PipelineDocument &document : m_documents)
        pipelines.append(document.pipeline);
    return pipelines;
}

} // namespace danube::blueprint
