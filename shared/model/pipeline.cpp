// SPDX-License-Identifier: GPL-3.0-or-later
#include "shared/model/pipeline.h"

#include "shared/core/id.h"
#include "shared/core/jsonreader.h"

#include <QRegularExpression>

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

QString readQuantity(JsonReader &reader, QLatin1StringView key)
{
    static const QRegularExpression quantity(u"^[0-9]+(\\.[0-9]+)?(m|k|M|G|T|Ki|Mi|Gi|Ti)?\\z"_s);
    const QString text = reader.string(key).value_or(QString());
    if (!text.isEmpty() && !quantity.match(text).hasMatch())
        reader.refuse(key, u"a quantity such as \"500m\" or \"2Gi\""_s);
    return text;
}

Result<WorkerResources> readResources(const QJsonObject &object)
{
    WorkerResources resources;
    JsonReader outer(object, u"spec.worker.resources"_s);
    JsonReader requests(outer.object("requests"_L1).value_or(QJsonObject()), u"spec.worker.resources.requests"_s);
    JsonReader limits(outer.object("limits"_L1).value_or(QJsonObject()), u"spec.worker.resources.limits"_s);
    resources.cpuRequest = readQuantity(requests, "cpu"_L1);
    resources.memoryRequest = readQuantity(requests, "memory"_L1);
    resources.cpuLimit = readQuantity(limits, "cpu"_L1);
    resources.memoryLimit = readQuantity(limits, "memory"_L1);
    for (const JsonReader *reader : {&outer, &requests, &limits}) {
        if (auto read = reader->finish(UnknownFields::Ignore); !read)
            return std::unexpected(read.error());
    }
    return resources;
}

Result<WorkerSecurity> readSecurity(const QJsonObject &object)
{
    static const QRegularExpression capability(u"^[A-Z][A-Z_]{1,40}\\z"_s);
    WorkerSecurity security;
    JsonReader reader(object, u"spec.worker.security"_s);
    security.runAsRoot = reader.boolean("run_as_root"_L1).value_or(false);
    security.writableRoot = reader.boolean("writable_root"_L1).value_or(false);
    security.addCapabilities = reader.stringList("add_capabilities"_L1).value_or(QStringList());
    for (const QString &name : std::as_const(security.addCapabilities)) {
        if (!capability.match(name).hasMatch())
            reader.refuse("add_capabilities"_L1, u"names such as \"NET_BIND_SERVICE\""_s);
    }
    // An unknown field here could be a restriction that somebody relies on.
    if (auto read = reader.finish(UnknownFields::Refuse); !read)
        return std::unexpected(read.error());
    return security;
}

Result<void> readWorker(const QJsonObject &object, Pipeline &pipeline)
{
    JsonReader worker(object, u"spec.worker"_s);
    pipeline.image = worker.string("image"_L1).value_or(QString());
    pipeline.images = worker.stringList("images"_L1).value_or(QStringList());
    const auto resources = readResources(worker.object("resources"_L1).value_or(QJsonObject()));
    const auto security = readSecurity(worker.object("security"_L1).value_or(QJsonObject()));
    if (auto read = worker.finish(UnknownFields::Ignore); !read)
        return read;
    if (!resources || !security)
        return std::unexpected(resources ? security.error() : resources.error());
    pipeline.resources = *resources;
    pipeline.security = *security;
    return {};
}

QJsonObject withoutEmpty(QJsonObject object)
{
    for (const QString &key : object.keys()) {
        const QJsonValue value = object.value(key);
        if (value == QJsonValue(QString()) || value == QJsonValue(QJsonObject()))
            object.remove(key);
    }
    return object;
}

QJsonObject toJson(const WorkerResources &resources)
{
    return withoutEmpty(
        {{u"requests"_s, withoutEmpty({{u"cpu"_s, resources.cpuRequest}, {u"memory"_s, resources.memoryRequest}})},
         {u"limits"_s, withoutEmpty({{u"cpu"_s, resources.cpuLimit}, {u"memory"_s, resources.memoryLimit}})}});
}

WorkerResources resourcesFromJson(const QJsonObject &object)
{
    const QJsonObject requests = object.value("requests"_L1).toObject();
    const QJsonObject limits = object.value("limits"_L1).toObject();
    return {.cpuRequest = requests.value("cpu"_L1).toString(),
            .memoryRequest = requests.value("memory"_L1).toString(),
            .cpuLimit = limits.value("cpu"_L1).toString(),
            .memoryLimit = limits.value("memory"_L1).toString()};
}

QJsonObject toJson(const WorkerSecurity &security)
{
    return {{u"run_as_root"_s, security.runAsRoot},
            {u"writable_root"_s, security.writableRoot},
            {u"add_capabilities"_s, QJsonArray::fromStringList(security.addCapabilities)}};
}

WorkerSecurity securityFromJson(const QJsonObject &object)
{
    return {.runAsRoot = object.value("run_as_root"_L1).toBool(),
            .writableRoot = object.value("writable_root"_L1).toBool(),
            .addCapabilities = object.value("add_capabilities"_L1).toVariant().toStringList()};
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
    const auto worker = readWorker(spec.object("worker"_L1).value_or(QJsonObject()), pipeline);
    for (const JsonReader *reader : {&metadata, &spec}) {
        if (auto read = reader->finish(UnknownFields::Ignore); !read)
            return std::unexpected(read.error());
    }
    if (!worker)
        return std::unexpected(worker.error());
    return pipeline;
}

QJsonObject toJson(const Pipeline &pipeline)
{
    QJsonObject object{{u"name"_s, pipeline.name},
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
    if (pipeline.resources != WorkerResources())
        object.insert(u"resources"_s, toJson(pipeline.resources));
    if (pipeline.security != WorkerSecurity())
        object.insert(u"security"_s, toJson(pipeline.security));
    return object;
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
    pipeline.resources = resourcesFromJson(object.value("resources"_L1).toObject());
    pipeline.security = securityFromJson(object.value("security"_L1).toObject());
    pipeline.secrets = list("secrets"_L1);
    pipeline.maxConcurrent = object.value("concurrency"_L1).toInt();
    pipeline.priority = object.value("priority"_L1).toInt();
    return pipeline;
}

} // namespace danube
