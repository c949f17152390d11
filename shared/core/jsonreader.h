// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "shared/core/result.h"

#include <QJsonArray>
#include <QJsonObject>

#include <optional>

namespace danube {

enum class UnknownFields { Ignore, Refuse };

/// Typed reading of one JSON object. Reads record the first error with its field path ("steps[2].timeout_seconds:
/// expected a whole number, got \"x\"") and return a default; finish() gives that error. Fields never read are unknown.
class JsonReader
{
public:
    explicit JsonReader(const QJsonObject &object, QString path = {}) : m_object(object), m_path(std::move(path)) {}

    QString requiredString(QLatin1StringView key);
    std::optional<QString> string(QLatin1StringView key); ///< absent and null give nullopt
    std::optional<int64_t> integer(QLatin1StringView key, int64_t minimum, int64_t maximum);
    std::optional<bool> boolean(QLatin1StringView key);
    std::optional<QJsonObject> object(QLatin1StringView key);
    std::optional<QJsonArray> array(QLatin1StringView key);
    std::optional<QStringList> stringList(QLatin1StringView key);
    /// An object whose values are all strings, such as env.
    std::optional<QList<std::pair<QString, QString>>> stringMap(QLatin1StringView key);
    QJsonValue value(QLatin1StringView key); ///< any type; undefined when absent

    /// Records an error about `key` found by the caller ("command: expected a string or an array of strings").
    void refuse(QLatin1StringView key, const QString &expected);
    QString pathOf(QLatin1StringView key) const;
    Result<void> finish(UnknownFields unknown) const;

private:
    QJsonValue take(QLatin1StringView key, QJsonValue::Type type, const QString &expected);
    QJsonObject m_object;
    QString m_path;
    QStringList m_read;
    std::optional<Error> m_error;
};

/// The object a text holds; errors name byte offset and reason. Duplicate keys and trailing bytes are refused by
/// neither.
Result<QJsonObject> parseJsonObject(const QByteArray &text);

} // namespace danube
