// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/blueprint/pipelinecatalog.h"

#include "shared/core/jsonreader.h"

#include <QDir>

using namespace Qt::StringLiterals;

namespace danube::blueprint {
namespace {

Result<Pipeline> readPipeline(const QString &path)
{
    QFile file(path);
    if (!file.open(QIODevice::ReadOnly))
        return fail(ErrorCode::Io, u"read %1: %2"_s.arg(path, file.errorString()));
    return parseJsonObject(file.readAll()).and_then(pipelineFromDocument).transform_error([&](const Error &error) {
        return error.in(path);
    });
}

} // namespace

Result<void> PipelineCatalog::load(const QString &directory)
{
    QMap<QString, Pipeline> loaded;
    const QDir folder(directory + u"/pipelines"_s);
    for (const QFileInfo &entry : folder.entryInfoList({u"*.json"_s}, QDir::Files | QDir::Readable, QDir::Name)) {
        const auto pipeline = readPipeline(entry.filePath());
        if (!pipeline)
            return std::unexpected(pipeline.error());
        if (loaded.contains(pipeline->name))
            return fail(ErrorCode::InvalidArgument,
                        u"%1: metadata.name: pipeline '%2' is defined twice"_s.arg(entry.filePath(), pipeline->name));
        loaded.insert(pipeline->name, *pipeline);
    }
    m_pipelines = std::move(loaded);
    return {};
}

void PipelineCatalog::replace(const Snapshot &snapshot)
{
    m_pipelines.clear();
    for (const PipelineDocument &document : snapshot.pipelines)
        m_pipelines.insert(document.pipeline.name, document.pipeline);
}

std::optional<Pipeline> PipelineCatalog::find(const QString &name) const
{
    const auto found = m_pipelines.find(name);
    return found == m_pipelines.end() ? std::nullopt : std::optional(*found);
}

} // namespace danube::blueprint
