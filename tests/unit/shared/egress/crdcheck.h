// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QFile>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>

#include <valijson/adapters/qtjson_adapter.hpp>
#include <valijson/schema.hpp>
#include <valijson/schema_parser.hpp>
#include <valijson/validation_results.hpp>
#include <valijson/validator.hpp>

#include <memory>

/// Judges objects as an API server with fieldValidation=Strict does: by the CustomResourceDefinition's own schema,
/// where fields that it does not name are refused too.
class CrdCheck
{
public:
    explicit CrdCheck(const QString &path)
    {
        QFile file(path);
        if (!file.open(QIODevice::ReadOnly))
            return;
        const QJsonObject crd = QJsonDocument::fromJson(file.readAll()).object();
        const QJsonValue schema = crd[u"spec"][u"versions"][0][u"schema"][u"openAPIV3Schema"];
        m_schema = std::make_unique<valijson::Schema>();
        valijson::SchemaParser parser;
        const QJsonValue closed = close(schema, true);
        parser.populateSchema(valijson::adapters::QtJsonAdapter(closed), *m_schema);
    }

    bool isLoaded() const { return m_schema != nullptr; }

    /// The first complaints, or nothing.
    QStringList complaints(const QJsonObject &object) const
    {
        valijson::Validator validator;
        valijson::ValidationResults results;
        const QJsonValue value(object);
        validator.validate(*m_schema, valijson::adapters::QtJsonAdapter(value), &results);
        QStringList texts;
        valijson::ValidationResults::Error error;
        while (texts.size() < 5 && results.popError(error))
            texts.append(place(error.context) + QString::fromStdString(error.description));
        return texts;
    }

private:
    static QString place(const std::vector<std::string> &context)
    {
        QString text;
        for (const std::string &part : context)
            text.append(QString::fromStdString(part));
        return text + QStringLiteral(": ");
    }

    /// Fields beside the named ones are refused, except in metadata and inside anyOf, oneOf: those only add conditions.
    static QJsonValue close(const QJsonValue &value, bool isStructural)
    {
        if (value.isArray()) {
            QJsonArray list;
            for (const QJsonValue &each : value.toArray())
                list.append(close(each, isStructural));
            return list;
        }
        if (!value.isObject())
            return value;
        QJsonObject object;
        const QJsonObject from = value.toObject();
        for (auto it = from.begin(); it != from.end(); ++it) {
            const bool isCondition = it.key() == u"oneOf" || it.key() == u"anyOf" || it.key() == u"not";
            object.insert(it.key(), close(it.value(), isStructural && !isCondition));
        }
        if (isStructural && from[u"properties"].isObject() && from[u"type"] == QStringLiteral("object") &&
            !from.contains(u"additionalProperties"))
            object.insert(QStringLiteral("additionalProperties"), false);
        return object;
    }

    std::unique_ptr<valijson::Schema> m_schema;
};
