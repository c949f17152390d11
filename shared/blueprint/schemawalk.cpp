// SPDX-License-Identifier: GPL-3.0-or-later
#include "shared/blueprint/schemawalk.h"

#include "shared/blueprint/jsonpositions.h"
#include "shared/blueprint/nearest.h"

#include <QRegularExpression>

using namespace Qt::StringLiterals;

namespace danube::blueprint {
namespace {

class Walk
{
public:
    explicit Walk(qsizetype limit) : m_limit(limit) {}
    void visit(const QJsonObject &schema, const QJsonValue &value, const QString &pointer);
    QList<SchemaComplaint> found;

private:
    void visitObject(const QJsonObject &schema, const QJsonObject &object, const QString &pointer);
    void visitText(const QJsonObject &schema, const QString &text, const QString &pointer);
    const qsizetype m_limit;
};

void Walk::visit(const QJsonObject &schema, const QJsonValue &value, const QString &pointer)
{
    if (found.size() >= m_limit)
        return;
    if (value.isString())
        return visitText(schema, value.toString(), pointer);
    if (value.isObject())
        return visitObject(schema, value.toObject(), pointer);
    const QJsonObject items = schema.value("items"_L1).toObject();
    if (items.isEmpty() || !value.isArray())
        return;
    const QJsonArray array = value.toArray();
    for (qsizetype i = 0; i < array.size(); ++i)
        visit(items, array[i], childPointer(pointer, i));
}

void Walk::visitObject(const QJsonObject &schema, const QJsonObject &object, const QString &pointer)
{
    const QJsonObject properties = schema.value("properties"_L1).toObject();
    const bool isOpen = properties.isEmpty() || schema.value("additionalProperties"_L1).isObject();
    for (auto it = object.begin(); it != object.end() && found.size() < m_limit; ++it) {
        const auto child = childPointer(pointer, it.key());
        if (properties.contains(it.key())) {
            visit(properties.value(it.key()).toObject(), it.value(), child);
            continue;
        }
        if (isOpen || it.key().startsWith("x-"_L1))
            continue;
        const auto meant = nearest(it.key(), properties.keys());
        found.append({child, true, u"%1: unknown field, it has no effect"_s.arg(readablePath(child)),
                      meant.isEmpty() ? QString() : u"\"%1\" may be meant"_s.arg(meant)});
    }
}

void Walk::visitText(const QJsonObject &schema, const QString &text, const QString &pointer)
{
    auto pattern = schema.value("pattern"_L1).toString();
    if (pattern.isEmpty())
        return;
    if (pattern.endsWith(u'$')) // which would let a final newline pass
        pattern.replace(pattern.size() - 1, 1, "\\z"_L1);
    const QRegularExpression expression(pattern);
    if (!expression.match(text).hasMatch())
        found.append({pointer, false, mismatchAt(pointer, schema, text), {}});
}

QString alternatives(const QJsonArray &values)
{
    QStringList words;
    for (const auto &value : values)
        words.append(value.toString());
    const auto last = words.takeLast();
    return words.isEmpty() ? u'"' + last + u'"' : u"one of %1 or %2"_s.arg(words.join(", "_L1), last);
}

QString rangeOf(const QJsonObject &schema)
{
    const auto minimum = schema.value("minimum"_L1);
    const auto maximum = schema.value("maximum"_L1);
    if (maximum.isUndefined())
        return minimum.isUndefined() ? QString() : u" of at least %1"_s.arg(minimum.toInteger());
    return u" from %1 to %2"_s.arg(minimum.toInteger()).arg(maximum.toInteger());
}

} // namespace

QJsonValue withoutPatterns(const QJsonValue &schema)
{
    if (schema.isArray()) {
        QJsonArray array;
        for (const auto &element : schema.toArray())
            array.append(withoutPatterns(element));
        return array;
    }
    if (!schema.isObject())
        return schema;
    QJsonObject object = schema.toObject();
    for (const QString &key : object.keys()) {
        // A property may be called so; its value is an object then.
        if (key == "pattern"_L1 && object.value(key).isString())
            object.remove(key);
        else
            object.insert(key, withoutPatterns(object.value(key)));
    }
    return object;
}

QList<SchemaComplaint> walk(const QJsonObject &schema, const QJsonValue &document, qsizetype limit)
{
    Walk all(limit);
    all.visit(schema, document, {});
    return all.found;
}

QJsonObject childSchema(const QJsonObject &schema, const QString &token)
{
    const QJsonObject properties = schema.value("properties"_L1).toObject();
    if (properties.contains(token))
        return properties.value(token).toObject();
    const auto items = schema.value("items"_L1);
    return items.isObject() ? items.toObject() : schema.value("additionalProperties"_L1).toObject();
}

QString expectationOf(const QJsonObject &schema)
{
    if (schema.contains("x-expected"_L1))
        return schema.value("x-expected"_L1).toString();
    if (schema.contains("enum"_L1))
        return alternatives(schema.value("enum"_L1).toArray());
    const auto type = schema.value("type"_L1).toString();
    if (type == "object"_L1)
        return u"an object"_s;
    if (type == "array"_L1)
        return u"a list of at most %1"_s.arg(schema.value("maxItems"_L1).toInteger());
    if (type == "boolean"_L1)
        return u"true or false"_s;
    if (type == "integer"_L1)
        return u"a whole number"_s + rangeOf(schema);
    if (schema.contains("maxLength"_L1))
        return u"a text of %1 to %2 characters"_s.arg(schema.value("minLength"_L1).toInteger())
            .arg(schema.value("maxLength"_L1).toInteger());
    return u"a text"_s;
}

QString mismatchAt(const QString &pointer, const QJsonObject &schema, const QJsonValue &value)
{
    const auto expected = u"%1: expected %2"_s.arg(readablePath(pointer), expectationOf(schema));
    return schema.contains("x-secret"_L1) ? expected : u"%1, got %2"_s.arg(expected, shown(value));
}

QString shown(const QJsonValue &value)
{
    if (value.isObject())
        return u"an object"_s;
    if (value.isArray())
        return u"a list of %1"_s.arg(value.toArray().size());
    if (value.isString()) {
        const auto text = value.toString();
        return u'"' + text.left(60) + (text.size() > 60 ? u"…\""_s : u"\""_s);
    }
    const auto text = QJsonDocument(QJsonArray{value}).toJson(QJsonDocument::Compact);
    return value.isUndefined() ? u"nothing"_s : QString::fromUtf8(text.sliced(1, text.size() - 2));
}

} // namespace danube::blueprint
