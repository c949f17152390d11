// SPDX-License-Identifier: GPL-3.0-or-later
#include "shared/protocol/openapi.h"

#include "shared/model/egressrefusal.h"
#include "shared/protocol/logsearch.h"
#include "shared/protocol/openapioperation.h"
#include "shared/protocol/problem.h"
#include "shared/protocol/restmessages.h"

#include <QJsonDocument>

using namespace Qt::StringLiterals;

namespace danube::protocol {
namespace {

constexpr auto json = "application/json"_L1;

QJsonObject typed(const QString &type)
{
    return {{u"type"_s, type}};
}

QJsonObject arrayOf(const QJsonObject &items)
{
    return {{u"type"_s, u"array"_s}, {u"items"_s, items}};
}

QJsonObject mapOf(const QJsonValue &type)
{
    return {{u"type"_s, u"object"_s}, {u"additionalProperties"_s, QJsonObject{{u"type"_s, type}}}};
}

QJsonObject refTo(const QString &place, const QString &name)
{
    return {{u"$ref"_s, u"#/components/%1/%2"_s.arg(place, name)}};
}

QJsonObject schema(const QString &name)
{
    return refTo(u"schemas"_s, name);
}

QJsonObject typeOf(const QString &type)
{
    if (type == "strings"_L1)
        return arrayOf(typed(u"string"_s));
    if (type == "texts"_L1)
        return mapOf(u"string"_s);
    if (type == "files"_L1)
        return mapOf(QJsonArray{u"string"_s, u"null"_s});
    if (type.contains(u'|'))
        return {{u"type"_s, u"string"_s}, {u"enum"_s, QJsonArray::fromStringList(type.split(u'|'))}};
    return typed(type);
}

struct Field
{
    QString name;
    QString type;
    bool isRequired = false;
};

QList<Field> fieldsOf(const char *text)
{
    QList<Field> fields;
    for (const QString &word : QString::fromLatin1(text).split(u' ', Qt::SkipEmptyParts)) {
        const auto parts = word.split(u':');
        const bool isRequired = parts[0].endsWith(u'!');
        fields.append({parts[0].chopped(isRequired ? 1 : 0), parts[1], isRequired});
    }
    return fields;
}

QJsonObject parameter(const Field &field, const QString &place)
{
    QJsonObject object{{u"name"_s, field.name}, {u"in"_s, place}, {u"schema"_s, typeOf(field.type)}};
    if (field.isRequired)
        object.insert(u"required"_s, true);
    return object;
}

QJsonArray parametersOf(const QString &path, const Operation &operation)
{
    QJsonArray parameters;
    for (const QString &part : path.split(u'/')) {
        if (part.startsWith(u'{'))
            parameters.append(parameter({part.sliced(1).chopped(1), u"string"_s, true}, u"path"_s));
    }
    for (const Field &field : fieldsOf(operation.query))
        parameters.append(parameter(field, u"query"_s));
    return parameters;
}

QJsonObject bodyOf(const Operation &operation)
{
    QJsonObject properties;
    QJsonArray required;
    for (const Field &field : fieldsOf(operation.body)) {
        properties.insert(field.name, typeOf(field.type));
        if (field.isRequired)
            required.append(field.name);
    }
    QJsonObject shape{{u"type"_s, u"object"_s}, {u"properties"_s, properties}};
    if (!required.isEmpty())
        shape.insert(u"required"_s, required);
    return {{u"required"_s, operation.needsBody},
            {u"content"_s, QJsonObject{{json, QJsonObject{{u"schema"_s, shape}}}}}};
}

QJsonObject contentOf(const Operation &operation)
{
    const auto words = QString::fromLatin1(operation.answer).split(u' ');
    const auto shape = words.size() > 1 ? schema(words[1]) : typed(words[0] == json ? u"object"_s : u"string"_s);
    return {{words[0], QJsonObject{{u"schema"_s, shape}}}};
}

QJsonObject responsesOf(const Operation &operation)
{
    QJsonObject responses{{u"default"_s, refTo(u"responses"_s, u"Problem"_s)}};
    for (const QString &status : QString::fromLatin1(operation.statuses).split(u' ')) {
        QJsonObject response{{u"description"_s, titleOf(status.toInt())}};
        if (status != "204"_L1 && status != "304"_L1)
            response.insert(u"content"_s, contentOf(operation));
        responses.insert(status, response);
    }
    return responses;
}

QJsonObject describe(const Route &route)
{
    const Operation operation = operationOf(route.id);
    QJsonObject object{{u"operationId"_s, QString::fromLatin1(operation.id)},
                       {u"summary"_s, QString::fromLatin1(operation.summary)},
                       {u"responses"_s, responsesOf(operation)}};
    if (const auto parameters = parametersOf(QString::fromLatin1(route.path), operation); !parameters.isEmpty())
        object.insert(u"parameters"_s, parameters);
    if (operation.body)
        object.insert(u"requestBody"_s, bodyOf(operation));
    if (route.right == Right::None)
        object.insert(u"security"_s, QJsonArray());
    else if (route.right == Right::Metrics)
        object.insert(u"security"_s, QJsonArray{QJsonObject{{u"bearer"_s, QJsonArray()}}, QJsonObject()});
    return object;
}

// Shapes, read off examples: `full` has every member there can be, `least` those that always are.

QJsonObject shapeOf(const QJsonValue &value)
{
    switch (value.type()) {
    case QJsonValue::Bool:
        return typed(u"boolean"_s);
    case QJsonValue::Double:
        return typed(value.toDouble() == static_cast<double>(value.toInteger()) ? u"integer"_s : u"number"_s);
    case QJsonValue::Array:
        return arrayOf(value.toArray().isEmpty() ? QJsonObject() : shapeOf(value.toArray().first()));
    case QJsonValue::Object: {
        QJsonObject properties;
        const QJsonObject object = value.toObject();
        for (auto it = object.begin(); it != object.end(); ++it)
            properties.insert(it.key(), shapeOf(it.value()));
        return {{u"type"_s, u"object"_s}, {u"properties"_s, properties}};
    }
    default:
        return typed(u"string"_s);
    }
}

QJsonObject shapeOf(const QJsonObject &full, const QJsonObject &least)
{
    QJsonObject shape = shapeOf(full);
    shape.insert(u"required"_s, QJsonArray::fromStringList(least.keys()));
    return shape;
}

QJsonObject listShape(const QString &member, const QString &of)
{
    return {{u"type"_s, u"object"_s},
            {u"properties"_s, QJsonObject{{member, arrayOf(schema(of))}}},
            {u"required"_s, QJsonArray{member}}};
}

QJsonObject jobShape()
{
    Job full;
    full.retryOf = JobId(u"id"_s);
    full.triggerRef = u"ref"_s;
    full.progress = 0.5;
    QJsonObject shape = shapeOf(toJson(full), toJson(Job()));
    QJsonObject properties = shape.value("properties"_L1).toObject();
    properties.insert(u"params"_s, mapOf(u"string"_s));
    shape.insert(u"properties"_s, properties);
    return shape;
}

QJsonObject jobDetailShape()
{
    QJsonObject more = listShape(u"steps"_s, u"Step"_s);
    QJsonObject properties = more.value("properties"_L1).toObject();
    properties.insert(u"egress"_s, shapeOf(toJson(JobEgress())));
    more.insert(u"properties"_s, properties);
    return {{u"allOf"_s, QJsonArray{schema(u"Job"_s), more}}};
}

QJsonObject jobPageShape()
{
    QJsonObject shape = listShape(u"jobs"_s, u"Job"_s);
    QJsonObject properties = shape.value("properties"_L1).toObject();
    properties.insert(u"next_cursor"_s, typed(u"string"_s));
    shape.insert(u"properties"_s, properties);
    return shape;
}

QJsonObject stepShape()
{
    Step full;
    full.image = u"image"_s;
    full.timeout = milliseconds(1);
    full.outcome = StepOutcome{.signal = 9, .duration = {}, .message = u"message"_s};
    return shapeOf(toJson(full), toJson(Step()));
}

QJsonObject pipelineShape()
{
    Pipeline full;
    full.images = full.secrets = full.security.addCapabilities = {u"name"_s};
    full.resources = {u"1"_s, u"1"_s, u"1"_s, u"1"_s};
    full.security.runAsRoot = true;
    QJsonObject shape = shapeOf(toJson(full), toJson(Pipeline()));
    QJsonObject properties = shape.value("properties"_L1).toObject();
    properties.insert(u"triggers"_s, arrayOf(typed(u"object"_s)));
    shape.insert(u"properties"_s, properties);
    return shape;
}

QJsonObject logSearchShape()
{
    const auto shape = [](const LogSearchAnswer &answer) { return QJsonDocument::fromJson(toJson(answer)).object(); };
    LogSearchAnswer::Line line;
    line.line.bytes = "\xff"; // with b64
    line.line.eol = false;
    line.ranges = {{0, 1}};
    return shapeOf(shape({.next = 1, .lines = {line}}), shape({}));
}

QJsonObject refusalShape()
{
    EgressRefusal full;
    full.steps = full.candidates = {StepNumber(1)};
    return shapeOf(toJson(full), toJson(EgressRefusal()));
}

QJsonObject problemShape()
{
    Problem full;
    full.instance = u"/"_s;
    return shapeOf(toJson(full), toJson(Problem()));
}

QJsonObject readinessShape()
{
    QJsonObject shape = shapeOf(toJson(Readiness()), toJson(Readiness()));
    shape.insert(u"properties"_s, QJsonObject{{u"ready"_s, typed(u"boolean"_s)}, {u"checks"_s, mapOf(u"string"_s)}});
    return shape;
}

QJsonObject versionShape()
{
    const auto text = typed(u"string"_s);
    return {{u"type"_s, u"object"_s},
            {u"properties"_s, QJsonObject{{u"name"_s, text}, {u"version"_s, text}, {u"api"_s, text}, {u"qt"_s, text}}}};
}

QJsonObject components()
{
    const QJsonObject problem{
        {u"description"_s, u"A refusal (RFC 9457)"_s},
        {u"headers"_s, QJsonObject{{u"Retry-After"_s, QJsonObject{{u"description"_s, u"Seconds; with 429 and 503"_s},
                                                                  {u"schema"_s, typed(u"integer"_s)}}}}},
        {u"content"_s,
         QJsonObject{{QString::fromLatin1(problemContentType), QJsonObject{{u"schema"_s, schema(u"Problem"_s)}}}}}};
    const QJsonObject schemas{{u"Health"_s, shapeOf(toJson(Health()), toJson(Health()))},
                              {u"Readiness"_s, readinessShape()},
                              {u"Version"_s, versionShape()},
                              {u"Pipeline"_s, pipelineShape()},
                              {u"Pipelines"_s, listShape(u"pipelines"_s, u"Pipeline"_s)},
                              {u"Job"_s, jobShape()},
                              {u"JobDetail"_s, jobDetailShape()},
                              {u"JobPage"_s, jobPageShape()},
                              {u"Step"_s, stepShape()},
                              {u"LogSearch"_s, logSearchShape()},
                              {u"Artifact"_s, shapeOf(toJson(danube::Artifact()), toJson(danube::Artifact()))},
                              {u"Artifacts"_s, listShape(u"artifacts"_s, u"Artifact"_s)},
                              {u"Refusal"_s, refusalShape()},
                              {u"Refusals"_s, listShape(u"refusals"_s, u"Refusal"_s)},
                              {u"Problem"_s, problemShape()}};
    return {{u"schemas"_s, schemas},
            {u"responses"_s, QJsonObject{{u"Problem"_s, problem}}},
            {u"securitySchemes"_s,
             QJsonObject{{u"bearer"_s, QJsonObject{{u"type"_s, u"http"_s}, {u"scheme"_s, u"bearer"_s}}}}}};
}

} // namespace

QJsonObject openApi(const QString &version)
{
    QJsonObject paths;
    for (const Route &route : routes()) {
        const QString path = QString::fromLatin1(route.path);
        QJsonObject item = paths.value(path).toObject();
        item.insert(QString::fromLatin1(toText(route.method)).toLower(), describe(route));
        paths.insert(path, item);
    }
    return {{u"openapi"_s, u"3.1.0"_s},
            {u"info"_s,
             QJsonObject{{u"title"_s, u"Danube"_s},
                         {u"version"_s, version},
                         {u"description"_s, u"HEAD is answered where GET is. Times are RFC 3339 in UTC, or empty. "
                                            "Members and parameters may be added; unknown ones are ignored."_s}}},
            {u"servers"_s, QJsonArray{QJsonObject{{u"url"_s, u"/"_s}}}},
            {u"security"_s, QJsonArray{QJsonObject{{u"bearer"_s, QJsonArray()}}}},
            {u"paths"_s, paths},
            {u"components"_s, components()}};
}

} // namespace danube::protocol
