// SPDX-License-Identifier: GPL-3.0-or-later
#include "console/models/configform.h"

#include "shared/blueprint/schema.h"

#include <QCoreApplication>
#include <QJsonArray>
#include <QJsonDocument>

#include <algorithm>
#include <limits>

using namespace Qt::StringLiterals;

namespace danube::console {

namespace {

using Kind = FormField::Kind;

Kind kindOf(const QJsonObject &schema)
{
    if (schema.contains("enum"_L1))
        return Kind::Choice;
    const QString type = schema.value("type"_L1).toString();
    if (type == "string"_L1)
        return Kind::Text;
    if (type == "integer"_L1)
        return schema.value("maximum"_L1).toDouble() <= std::numeric_limits<int>::max() ? Kind::Number : Kind::Text;
    if (type == "boolean"_L1)
        return Kind::Flag;
    const bool ofTexts = schema.value("items"_L1)["type"_L1].toString() == "string"_L1;
    return type == "array"_L1 && ofTexts ? Kind::Texts : Kind::Object;
}

FormField fieldOf(const QString &pointer, const QString &group, const QJsonObject &schema)
{
    FormField field;
    field.kind = kindOf(schema);
    field.pointer = pointer;
    field.group = group;
    field.name = pointer.section(u'/', -1);
    field.label = fieldLabel(field.name);
    field.description = schema.value("description"_L1).toString();
    for (const QJsonValue choice : schema.value("enum"_L1).toArray())
        field.choices.append(choice.toString());
    field.minimum = schema.value("minimum"_L1).toInt(0);
    field.maximum = schema.value("maximum"_L1).toInt(std::numeric_limits<int>::max());
    return field;
}

void append(QList<FormField> &fields, const QString &pointer, const QString &group, const QJsonObject &schema)
{
    const QJsonObject properties = schema.value("properties"_L1).toObject();
    QStringList nested;
    for (auto it = properties.begin(); it != properties.end(); ++it) {
        const QJsonObject child = it.value().toObject();
        if (child.contains("properties"_L1) && group.isEmpty())
            nested.append(it.key());
        else
            fields.append(fieldOf(blueprint::childPointer(pointer, it.key()), group, child));
    }
    for (const QString &name : std::as_const(nested))
        append(fields, blueprint::childPointer(pointer, name), name, properties.value(name).toObject());
}

constexpr qsizetype maxUnknown = 100;

void collectUnknown(QStringList &fields, const QString &pointer, const QJsonObject &schema, const QJsonValue &value)
{
    const QJsonObject properties = schema.value("properties"_L1).toObject();
    const QJsonObject object = value.toObject();
    for (auto it = object.begin(); it != object.end() && !properties.isEmpty(); ++it) {
        const QString child = blueprint::childPointer(pointer, it.key());
        if (properties.contains(it.key()))
            collectUnknown(fields, child, properties.value(it.key()).toObject(), it.value());
        else if (fields.size() < maxUnknown)
            fields.append(child);
    }
    const QJsonArray array = value.toArray();
    for (qsizetype i = 0; i < array.size(); ++i)
        collectUnknown(fields, blueprint::childPointer(pointer, i), schema.value("items"_L1).toObject(), array[i]);
}

} // namespace

QString fieldLabel(const QString &name)
{
    QString label = name;
    label.replace(u'_', u' ');
    if (!label.isEmpty())
        label[0] = label[0].toUpper();
    return label;
}

QList<FormField> formFields(blueprint::DocumentKind kind)
{
    const blueprint::Schema &schema = blueprint::Schema::of(kind);
    QList<FormField> fields{fieldOf(u"/metadata/description"_s, {}, schema.partAt(u"/metadata/description"_s))};
    append(fields, u"/spec"_s, {}, schema.partAt(u"/spec"_s));
    std::ranges::stable_sort(fields, {}, [](const FormField &field) { return !field.group.isEmpty(); });
    return fields;
}

std::optional<blueprint::DocumentKind> documentKind(const QJsonObject &document)
{
    using blueprint::DocumentKind;
    const QString kind = document.value("kind"_L1).toString();
    for (const auto known : {DocumentKind::Config, DocumentKind::User, DocumentKind::Team, DocumentKind::Pipeline}) {
        if (toText(known) == kind && !document.contains("items"_L1))
            return known;
    }
    return std::nullopt;
}

QStringList unknownFields(const QJsonObject &document)
{
    QStringList fields;
    if (const auto kind = documentKind(document))
        collectUnknown(fields, {}, blueprint::Schema::of(*kind).partAt({}), document);
    return fields;
}

QString fieldText(const FormField &field, const QJsonValue &value)
{
    if (value.isUndefined())
        return {};
    switch (field.kind) {
    case Kind::Text:
    case Kind::Choice:
        return value.isDouble() ? QString::number(value.toInteger()) : value.toString();
    case Kind::Number:
        return value.isDouble() ? QString::number(value.toInteger()) : QString();
    case Kind::Flag:
        return value.toBool() ? u"true"_s : u"false"_s;
    case Kind::Texts: {
        QStringList lines;
        for (const QJsonValue item : value.toArray())
            lines.append(item.toString());
        return lines.join(u'\n');
    }
    case Kind::Object:
        break;
    }
    const QJsonDocument json = value.isArray() ? QJsonDocument(value.toArray()) : QJsonDocument(value.toObject());
    return QString::fromUtf8(json.toJson(QJsonDocument::Compact));
}

QJsonValue fieldValue(const FormField &field, const QString &text)
{
    if (text.isEmpty())
        return QJsonValue(QJsonValue::Undefined);
    switch (field.kind) {
    case Kind::Number:
        return text.toLongLong();
    case Kind::Flag:
        return text == "true"_L1;
    case Kind::Texts:
        return QJsonArray::fromStringList(text.split(u'\n', Qt::SkipEmptyParts));
    case Kind::Text:
    case Kind::Choice:
    case Kind::Object:
        break;
    }
    return text;
}

Result<void> setField(BlueprintDocument &document, const FormField &field, const QString &text)
{
    const QJsonValue value = fieldValue(field, text);
    const QString label = QCoreApplication::translate("ConfigForm", "Change %1").arg(field.label);
    if (value.isUndefined())
        return document.valueAt(field.pointer).isUndefined() ? Result<void>()
                                                             : document.removeValue(field.pointer, label);
    if (field.kind == Kind::Texts && document.valueAt(field.pointer).isArray())
        return document.setList(field.pointer, text.split(u'\n', Qt::SkipEmptyParts), label);
    return document.setValue(field.pointer, value, label, field.pointer);
}

std::optional<TextRange> rangeOf(const BlueprintDocument &document, const QString &pointer)
{
    const QByteArray text = document.plainText().toUtf8();
    const auto json = blueprint::JsonPositions::scan(text);
    const auto *node = json ? json->find(pointer) : nullptr;
    if (!node)
        return std::nullopt;
    const auto units = [&text](qsizetype bytes) { return QString::fromUtf8(text.first(bytes)).size(); };
    return TextRange{units(node->begin), units(node->end)};
}

} // namespace danube::console
