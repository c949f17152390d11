// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/egress/policyobject.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QSet>

#include <algorithm>

using namespace Qt::StringLiterals;

namespace danube::egress {
namespace {

// The labels of shared/egress/manifest.cpp and of the pods.
constexpr auto managedByLabel = "danube.dev/managed-by"_L1;
constexpr auto instanceLabel = "danube.dev/instance"_L1;
constexpr auto managedBy = "danube-master"_L1;
constexpr qsizetype longestText = 200; // of a value in a sentence

QString textOf(const QJsonValue &value)
{
    if (value.isUndefined())
        return {};
    const QByteArray json = QJsonDocument(QJsonArray{value}).toJson(QJsonDocument::Compact);
    const QString text = QString::fromUtf8(json.sliced(1, json.size() - 2));
    return text.size() > longestText ? text.first(longestText) + u'…' : text;
}

std::optional<Difference> compare(const QString &path, const QJsonValue &wanted, const QJsonValue &found);

std::optional<Difference> compareObjects(const QString &path, const QJsonObject &wanted, const QJsonObject &found)
{
    QStringList keys = wanted.keys();
    for (const QString &key : found.keys()) {
        if (!wanted.contains(key))
            keys.append(key);
    }
    keys.sort();
    for (const QString &key : std::as_const(keys)) {
        if (auto difference = compare(path + u'.' + key, wanted.value(key), found.value(key)))
            return difference;
    }
    return std::nullopt;
}

std::optional<Difference> compareArrays(const QString &path, const QJsonArray &wanted, const QJsonArray &found)
{
    for (qsizetype i = 0; i < std::max(wanted.size(), found.size()); ++i) {
        const auto at = [i](const QJsonArray &array) {
            return i < array.size() ? QJsonValue(array.at(i)) : QJsonValue(QJsonValue::Undefined);
        };
        if (auto difference = compare(u"%1[%2]"_s.arg(path).arg(i), at(wanted), at(found)))
            return difference;
    }
    return std::nullopt;
}

std::optional<Difference> compare(const QString &path, const QJsonValue &wanted, const QJsonValue &found)
{
    if (wanted == found)
        return std::nullopt;
    if (wanted.isObject() && found.isObject())
        return compareObjects(path, wanted.toObject(), found.toObject());
    if (wanted.isArray() && found.isArray())
        return compareArrays(path, wanted.toArray(), found.toArray());
    return Difference{path, textOf(wanted), textOf(found)};
}

std::optional<Difference> compareOurs(const QString &path, const QJsonObject &wanted, const QJsonObject &found)
{
    for (const QString &key : wanted.keys()) {
        if (wanted.value(key) != found.value(key))
            return Difference{u"%1[\"%2\"]"_s.arg(path, key), textOf(wanted.value(key)), textOf(found.value(key))};
    }
    return std::nullopt;
}

QJsonObject removals(const QJsonObject &wanted, const QJsonObject &found)
{
    QJsonObject patch;
    for (const QString &key : found.keys()) {
        if (!wanted.contains(key)) {
            patch.insert(key, QJsonValue::Null);
        } else if (wanted.value(key).isObject() && found.value(key).isObject()) {
            const QJsonObject inner = removals(wanted.value(key).toObject(), found.value(key).toObject());
            if (!inner.isEmpty())
                patch.insert(key, inner);
        }
    }
    return patch;
}

} // namespace

QString nameOf(const QJsonObject &object)
{
    return object["metadata"_L1]["name"_L1].toString();
}

bool isOurs(const QJsonObject &object, const QString &instance)
{
    const QJsonObject labels = object["metadata"_L1]["labels"_L1].toObject();
    return labels.value(managedByLabel).toString() == managedBy && labels.value(instanceLabel).toString() == instance;
}

QString oursSelector(const QString &instance)
{
    return managedByLabel + u'=' + managedBy + u',' + instanceLabel + u'=' + instance;
}

QString describe(const Difference &difference)
{
    if (difference.found.isEmpty())
        return u"%1 is gone (was %2)"_s.arg(difference.path, difference.wanted);
    if (difference.wanted.isEmpty())
        return u"%1 was added: %2"_s.arg(difference.path, difference.found);
    return u"%1 is %2 instead of %3"_s.arg(difference.path, difference.found, difference.wanted);
}

std::optional<Difference> driftOf(const QJsonObject &wanted, const QJsonObject &live)
{
    if (auto difference = compare(u"spec"_s, wanted.value("spec"_L1), live.value("spec"_L1)))
        return difference;
    for (const auto part : {"labels"_L1, "annotations"_L1}) {
        if (auto difference = compareOurs(u"metadata."_s + part, wanted["metadata"_L1][part].toObject(),
                                          live["metadata"_L1][part].toObject()))
            return difference;
    }
    // Cilium takes a list of specs besides the one.
    if (live.contains("specs"_L1))
        return Difference{u"specs"_s, {}, textOf(live.value("specs"_L1))};
    return std::nullopt;
}

QJsonObject removalPatch(const QJsonObject &wanted, const QJsonObject &live)
{
    const QJsonObject spec = removals(wanted.value("spec"_L1).toObject(), live.value("spec"_L1).toObject());
    return spec.isEmpty() ? QJsonObject() : QJsonObject{{u"spec"_s, spec}};
}

bool isOlder(const QJsonObject &other, const QJsonObject &known)
{
    const auto text = [](const QJsonObject &object, QLatin1StringView key) {
        return object["metadata"_L1][key].toString();
    };
    if (text(other, "uid"_L1) != text(known, "uid"_L1))
        return text(other, "creationTimestamp"_L1) < text(known, "creationTimestamp"_L1);
    bool isNumber = false;
    bool isKnownNumber = false;
    const qulonglong version = text(other, "resourceVersion"_L1).toULongLong(&isNumber);
    const qulonglong knownVersion = text(known, "resourceVersion"_L1).toULongLong(&isKnownNumber);
    if (isNumber && isKnownNumber)
        return version < knownVersion;
    return other["metadata"_L1]["generation"_L1].toInteger() < known["metadata"_L1]["generation"_L1].toInteger();
}

PluginVerdict verdictOf(const QJsonObject &live)
{
    for (const QJsonValue condition : live["status"_L1]["conditions"_L1].toArray()) {
        if (condition["type"_L1].toString() != "Valid"_L1)
            continue;
        if (condition["status"_L1].toString() == "True"_L1)
            return {PluginVerdict::Kind::Valid, {}};
        if (condition["status"_L1].toString() == "False"_L1)
            return {PluginVerdict::Kind::Invalid, condition["message"_L1].toString().left(longestText * 5)};
    }
    return {};
}

} // namespace danube::egress
