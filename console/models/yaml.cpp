// SPDX-License-Identifier: GPL-3.0-or-later
#include "console/models/yaml.h"

#include <QJsonArray>
#include <QJsonDocument>

#include <algorithm>
#include <cmath>

using namespace Qt::StringLiterals;

namespace danube::console {

namespace {

/// Letters first, and nothing that YAML or an older version of it reads as a word of its own.
bool isPlain(const QString &text)
{
    static const QStringList words{u"true"_s, u"false"_s, u"null"_s, u"yes"_s, u"no"_s, u"on"_s,
                                   u"off"_s,  u"y"_s,     u"n"_s,    u"nan"_s, u"inf"_s};
    const auto isSafe = [](QChar c) {
        return (c >= u'a' && c <= u'z') || (c >= u'A' && c <= u'Z') || (c >= u'0' && c <= u'9') ||
               QStringView(u"-_./ ").contains(c);
    };
    return !text.isEmpty() && text[0].isLetter() && text[0] < u'\x80' && text.back() != u' ' &&
           std::ranges::all_of(text, isSafe) && !words.contains(text.toLower());
}

/// JSON's form of a text is one of YAML's.
QString quoted(const QString &text)
{
    const QByteArray array = QJsonDocument(QJsonArray{text}).toJson(QJsonDocument::Compact);
    return QString::fromUtf8(array.sliced(1, array.size() - 2));
}

QString scalar(const QJsonValue &value)
{
    switch (value.type()) {
    case QJsonValue::String:
        return isPlain(value.toString()) ? value.toString() : quoted(value.toString());
    case QJsonValue::Bool:
        return value.toBool() ? u"true"_s : u"false"_s;
    case QJsonValue::Double:
        return std::floor(value.toDouble()) == value.toDouble() ? QString::number(value.toInteger())
                                                                : QString::number(value.toDouble(), 'g', 17);
    case QJsonValue::Array:
        return u"[]"_s;
    case QJsonValue::Object:
        return u"{}"_s;
    default:
        return u"null"_s;
    }
}

bool isBlock(const QJsonValue &value)
{
    return (value.isObject() && !value.toObject().isEmpty()) || (value.isArray() && !value.toArray().isEmpty());
}

QStringList orderedKeys(const QJsonObject &object)
{
    static const QStringList first{u"apiVersion"_s, u"kind"_s, u"metadata"_s, u"name"_s, u"namespace"_s};
    QStringList keys = object.keys();
    std::ranges::stable_sort(keys, {}, [](const QString &key) {
        const qsizetype at = first.indexOf(key);
        return at < 0 ? first.size() : at;
    });
    return keys;
}

void write(QStringList &lines, const QJsonValue &value, const QString &margin);

/// "key: value" or "- value", with what does not fit on the line below it.
void writeChild(QStringList &lines, const QString &lead, const QJsonValue &value, const QString &margin)
{
    if (!isBlock(value)) {
        lines.append(lead + u' ' + scalar(value));
        return;
    }
    lines.append(lead);
    write(lines, value, margin);
}

void write(QStringList &lines, const QJsonValue &value, const QString &margin)
{
    if (value.isObject()) {
        const QJsonObject object = value.toObject();
        for (const QString &key : orderedKeys(object))
            writeChild(lines, margin + (isPlain(key) ? key : quoted(key)) + u':', object.value(key), margin + u"  "_s);
        return;
    }
    for (const QJsonValue item : value.toArray()) {
        const qsizetype first = lines.size();
        if (!isBlock(item) || item.isArray()) {
            writeChild(lines, margin + u'-', item, margin + u"  "_s);
            continue;
        }
        write(lines, item, margin + u"  "_s);
        lines[first][margin.size()] = u'-'; // "- key: value" on one line
    }
}

} // namespace

QStringList toYaml(const QJsonObject &object)
{
    QStringList lines;
    write(lines, object, {});
    return lines;
}

} // namespace danube::console
