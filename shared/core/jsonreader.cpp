// SPDX-License-Identifier: GPL-3.0-or-later
#include "shared/core/jsonreader.h"

#include <QJsonDocument>

using namespace Qt::StringLiterals;

namespace danube {
namespace {

QString describe(const QJsonValue &value)
{
    switch (value.type()) {
    case QJsonValue::Null:
        return u"null"_s;
    case QJsonValue::Bool:
        return value.toBool() ? u"true"_s : u"false"_s;
    case QJsonValue::Double:
        return QString::number(value.toDouble(), 'g', 15);
    case QJsonValue::String:
        return u'"' + value.toString().left(40) + u'"';
    case QJsonValue::Array:
        return u"an array"_s;
    case QJsonValue::Object:
        return u"an object"_s;
    case QJsonValue::Undefined:
        return u"nothing"_s;
    }
    return u"nothing"_s;
}

} // namespace

QString JsonReader::pathOf(QLatin1StringView key) const
{
    return m_path.isEmpty() ? QString(key) : m_path + u'.' + key;
}

void JsonReader::refuse(QLatin1StringView key, const QString &expected)
{
    if (!m_error)
        m_error = Error{ErrorCode::InvalidArgument,
                        u"%1: expected %2, got %3"_s.arg(pathOf(key), expected, describe(m_object.value(key)))};
}

QJsonValue JsonReader::value(QLatin1StringView key)
{
    m_read.append(key);
    return m_object.value(key);
}

QJsonValue JsonReader::take(QLatin1StringView key, QJsonValue::Type type, const QString &expected)
{
    const QJsonValue found = value(key);
    if (found.isUndefined() || found.isNull())
        return QJsonValue::Undefined;
    if (found.type() != type) {
        refuse(key, expected);
        return QJsonValue::Undefined;
    }
    return found;
}

QString JsonReader::requiredString(QLatin1StringView key)
{
    const auto found = take(key, QJsonValue::String, u"a string"_s);
    if (found.isUndefined() || found.toString().isEmpty())
        refuse(key, u"a non-empty string"_s);
    return found.toString();
}

std::optional<QString> JsonReader::string(QLatin1StringView key)
{
    const auto found = take(key, QJsonValue::String, u"a string"_s);
    return found.isUndefined() ? std::nullopt : std::optional(found.toString());
}

std::optional<int64_t> JsonReader::integer(QLatin1StringView key, int64_t minimum, int64_t maximum)
{
    const auto expected = u"a whole number from %1 to %2"_s.arg(minimum).arg(maximum);
    const auto found = take(key, QJsonValue::Double, expected);
    if (found.isUndefined())
        return std::nullopt;
    const double number = found.toDouble();
    const bool inRange = number >= static_cast<double>(minimum) && number <= static_cast<double>(maximum);
    if (!inRange || number != static_cast<double>(static_cast<int64_t>(number))) {
        refuse(key, expected);
        return std::nullopt;
    }
    return found.toInteger();
}

std::optional<bool> JsonReader::boolean(QLatin1StringView key)
{
    const auto found = take(key, QJsonValue::Bool, u"true or false"_s);
    return found.isUndefined() ? std::nullopt : std::optional(found.toBool());
}

std::optional<QJsonObject> JsonReader::object(QLatin1StringView key)
{
    const auto found = take(key, QJsonValue::Object, u"an object"_s);
    return found.isUndefined() ? std::nullopt : std::optional(found.toObject());
}

std::optional<QJsonArray> JsonReader::array(QLatin1StringView key)
{
    const auto found = take(key, QJsonValue::Array, u"an array"_s);
    return found.isUndefined() ? std::nullopt : std::optional(found.toArray());
}

std::optional<QStringList> JsonReader::stringList(QLatin1StringView key)
{
    const auto found = array(key);
    if (!found)
        return std::nullopt;
    QStringList texts;
    for (const auto &entry : *found) {
        if (!entry.isString()) {
            refuse(key, u"an array of strings"_s);
            return std::nullopt;
        }
        texts.append(entry.toString());
    }
    return texts;
}

std::optional<QList<std::pair<QString, QString>>> JsonReader::stringMap(QLatin1StringView key)
{
    const auto found = object(key);
    if (!found)
        return std::nullopt;
    QList<std::pair<QString, QString>> entries;
    for (auto it = found->begin(); it != found->end(); ++it) {
        if (!it->isString()) {
            refuse(key, u"an object whose values are strings"_s);
            return std::nullopt;
        }
        entries.emplaceBack(it.key(), it->toString());
    }
    return entries;
}

Result<void> JsonReader::finish(UnknownFields unknown) const
{
    if (m_error)
        return std::unexpected(*m_error);
    if (unknown == UnknownFields::Ignore)
        return {};
    for (const QString &key : m_object.keys()) {
        if (!m_read.contains(key))
            return fail(ErrorCode::InvalidArgument,
                        u"%1: unknown field"_s.arg(m_path.isEmpty() ? key : m_path + u'.' + key));
    }
    return {};
}

Result<QJsonObject> parseJsonObject(const QByteArray &text)
{
    // QJson drops a byte order mark at the beginning of a string, and sorts a key by what it dropped.
    static constexpr QByteArrayView mark = "\"\xEF\xBB\xBF";
    QByteArray escaped = text;
    if (text.contains(mark))
        escaped.replace(mark, "\"\\ufeff");
    QJsonParseError error;
    const auto document = QJsonDocument::fromJson(escaped, &error);
    if (error.error != QJsonParseError::NoError)
        return fail(ErrorCode::InvalidArgument,
                    u"malformed JSON at byte %1: %2"_s.arg(error.offset).arg(error.errorString()));
    if (!document.isObject())
        return fail(ErrorCode::InvalidArgument, u"malformed JSON: expected an object at the top"_s);
    return document.object();
}

} // namespace danube
