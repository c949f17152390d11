// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/blueprint/pipelinecatalog.h"

#include "shared/blueprint/cron.h"
#include "shared/core/jsonreader.h"

#include <QDir>

using namespace Qt::StringLiterals;

namespace danube::blueprint {
namespace {

// Of what the validator checks in a repository, the part that would be silent here.
Result<PipelineDocument> withReadableSchedules(PipelineDocument document)
{
    for (const Trigger &trigger : std::as_const(document.triggers)) {
        if (trigger.on != Trigger::On::Cron)
            continue;
        if (const auto schedule = CronSchedule::parse(trigger.schedule); !schedule)
            return std::unexpected(schedule.error().in(u"spec.triggers: schedule"_s));
    }
    return document;
}

Result<PipelineDocument> readPipeline(const QString &path)
{
    QFile file(path);
    if (!file.open(QIODevice::ReadOnly))
        return fail(ErrorCode::Io, u"read %1: %2"_s.arg(path, file.errorString()));
    return parseJsonObject(file.readAll())
        .and_then(pipelineDocumentFrom)
        .and_then(withReadableSchedules)
        .transform_error([&](const Error &error) { return error.in(path); });
}

} // namespace

Result<void> PipelineCatalog::load(const QString &directory)
{
    QMap<QString, PipelineDocument> loaded;
    const QDir folder(directory + u"/pipelines"_s);
    for (const QFileInfo &entry : folder.entryInfoList({u"*.json"_s}, QDir::Files | QDir::Readable, QDir::Name)) {
        const auto document = readPipeline(entry.filePath());
        if (!document)
            return std::unexpected(document.error());
        const QString &name = document->pipeline.name;
        if (loaded.contains(name))
            return fail(ErrorCode::InvalidArgument,
                        u"%1: metadata.name: pipeline '%2' is defined twice"_s.arg(entry.filePath(), name));
        loaded.insert(name, *document);
    }
    m_documents = std::move(loaded);
    return {};
}

void PipelineCatalog::replace(const Snapshot &snapshot)
{
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
