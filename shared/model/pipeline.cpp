// SPDX-License-Identifier: GPL-3.0-or-later
#include "shared/model/pipeline.h"

#include "shared/core/id.h"
#include "shared/core/jsonreader.h"

using namespace Qt::StringLiterals;

namespace danube {
namespace {

void readSpec(JsonReader &spec, Pipeline &pipeline)
{
    pipeline.repository = spec.requiredString("repository"_L1);
    pipeline.branchFilter = spec.string("branch_filter"_L1).value_or(QString());
    pipeline.script = spec.string("script"_L1).value_or(u"danubefile.py"_s);
    pipeline.maxDuration = seconds(spec.integer("max_duration_seconds"_L1, 1, 7 * 86400).value_or(3600));
    pipeline.secrets = spec.stringList("secrets"_L1).value_or(QStringList());
    pipeline.maxConcurrent = static_cast<int>(spec.integer("concurrency"_L1, 0, 100000).value_or(0));
    pipeline.priority = static_cast<int>(spec.integer("priority"_L1, -1000, 1000).value_or(0));
    const auto isInside = [](const QString &path) {
        return !path.startsWith(u'/') && !path.split(u'/').contains(u".."_s) && !path.contains(QChar(0));
    };
    if (!isInside(pipeline.script))
        spec.refuse("script"_L1, u"a path inside the repository"_s);
}

} // namespace

Result<Pipeline> pipelineFromDocument(const QJsonObject &document)
{
    Pipeline pipeline;
    JsonReader envelope(document);
    if (envelope.requiredString("apiVersion"_L1) != "danube.dev/v1"_L1)
        envelope.refuse("apiVersion"_L1, u"\"danube.dev/v1\""_s);
    if (envelope.requiredString("kind"_L1) != "Pipeline"_L1)
        envelope.refuse("kind"_L1, u"\"Pipeline\""_s);
    const auto metadataObject = envelope.object("metadata"_L1);
    const auto specObject = envelope.object("spec"_L1);
    if (!metadataObject)
        envelope.refuse("metadata"_L1, u"an object"_s);
    if (!specObject)
        envelope.refuse("spec"_L1, u"an object"_s);
    if (auto read = envelope.finish(UnknownFields::Ignore); !read)
        return std::unexpected(read.error());

    JsonReader metadata(*metadataObject, u"metadata"_s);
    pipeline.name = metadata.requiredString("name"_L1);
    pipeline.description = metadata.string("description"_L1).value_or(QString());
    if (!isSafeId(pipeline.name))
        metadata.refuse("name"_L1, u"1 to 64 characters of a-z, 0-9 and -"_s);
    JsonReader spec(*specObject, u"spec"_s);
    readSpec(spec, pipeline);
    JsonReader worker(spec.object("worker"_L1).value_or(QJsonObject()), u"spec.worker"_s);
    pipeline.image = worker.string("image"_L1).value_or(QString());
    pipeline.images = worker.stringList("images"_L1).value_or(QStringList());
    for (const JsonReader *reader : {&metadata, &spec, &worker}) {
        if (auto read = reader->finish(UnknownFields::Ignore); !read)
            return std::unexpected(read.error());
    }
    return pipeline;
}

QJsonObject toJson(const Pipeline &pipeline)
{
    return {{u"name"_s, pipeline.name},
            {u"description"_s, pipeline.description},
            {u"repository"_s, pipeline.repository},
            {u"branch_filter"_s, pipeline.branchFilter},
            {u"script"_s, pipeline.script},
            {u"max_duration_seconds"_s, static_cast<qint64>(pipeline.maxDuration.count())},
            {u"image"_s, pipeline.image},
            {u"images"_s, QJsonArray::fromStringList(pipeline.images)},
            {u"secrets"_s, QJsonArray::fromStringList(pipeline.secrets)},
            {u"concurrency"_s, pipeline.maxConcurrent},
            {u"priority"_s, pipeline.priority}};
}

Pipeline pipelineFromJson(const QJsonObject &object)
{
    const auto list = [&object](QLatin1StringView key) { return object.value(key).toVariant().toStringList(); };
    Pipeline pipeline;
    pipeline.name = object.value("name"_L1).toString();
    pipeline.description = object.value("description"_L1).toString();
    pipeline.repository = object.value("repository"_L1).toString();
    pipeline.branchFilter = object.value("branch_filter"_L1).toString();
    pipeline.script = object.value("script"_L1).toString();
    pipeline.maxDuration = seconds(object.value("max_duration_seconds"_L1).toInteger(3600));
    pipeline.image = object.value("image"_L1).toString();
    pipeline.images = list("images"_L1);
    pipeline.secrets = list("secrets"_L1);
    pipeline.maxConcurrent = object.value("concurrency"_L1).toInt();
    pipeline.priority = object.value("priority"_L1).toInt();
    return pipeline;
}

} // namespace danube
