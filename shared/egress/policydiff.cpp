// SPDX-License-Identifier: GPL-3.0-or-later
#include "shared/egress/policydiff.h"

#include "shared/egress/policywords.h"

#include <QHash>
#include <QJsonArray>
#include <QJsonDocument>
#include <QSet>
#include <QStringList>

#include <array>

using namespace Qt::StringLiterals;

namespace danube::egress {
namespace {

constexpr std::array verbs{"added"_L1, "removed"_L1, "changed"_L1};
constexpr auto digestAnnotation = "danube.dev/policy-digest"_L1;
constexpr auto pipelineLabel = "danube.dev/pipeline"_L1;

QByteArray keyOf(const QJsonValue &value)
{
    return QJsonDocument(QJsonArray{value}).toJson(QJsonDocument::Compact);
}

/// Compares two values and gathers where they differ.
class FieldDiff
{
public:
    explicit FieldDiff(QList<FieldChange> &changes) : m_changes(changes) {}

    void compare(const QString &path, const QJsonValue &before, const QJsonValue &after)
    {
        if (before == after)
            return;
        if (before.isObject() && after.isObject())
            compareObjects(path, before.toObject(), after.toObject());
        else if (before.isArray() && after.isArray())
            compareArrays(path, before.toArray(), after.toArray());
        else
            add({path, before, after});
    }

private:
    struct Element
    {
        qsizetype index = 0;
        QJsonValue value;
    };

    void add(FieldChange change)
    {
        if (m_changes.size() < maxFieldChanges)
            m_changes.append(std::move(change));
    }

    void compareObjects(const QString &path, const QJsonObject &before, const QJsonObject &after)
    {
        QStringList keys = before.keys() + after.keys();
        keys.sort();
        keys.removeDuplicates();
        for (const QString &key : std::as_const(keys)) {
            const QString at = key.contains(u'.') ? u"%1[\"%2\"]"_s.arg(path, key)
                               : path.isEmpty()   ? key
                                                  : path + u'.' + key;
            compare(at, before.value(key), after.value(key));
        }
    }

    /// What `all` has more of than `others`.
    static QList<Element> without(const QJsonArray &all, const QJsonArray &others)
    {
        QHash<QByteArray, int> known;
        for (const QJsonValue value : others)
            ++known[keyOf(value)];
        QList<Element> left;
        for (qsizetype i = 0; i < all.size(); ++i) {
            if (--known[keyOf(all.at(i))] < 0)
                left.append({i, all.at(i)});
        }
        return left;
    }

    void compareArrays(const QString &path, const QJsonArray &before, const QJsonArray &after)
    {
        const QList<Element> gone = without(before, after);
        const QList<Element> come = without(after, before);
        if (gone.isEmpty() && come.isEmpty())
            return add({path, before, after}); // only the order
        const auto at = [&path](qsizetype index) { return u"%1[%2]"_s.arg(path).arg(index); };
        const auto isContainer = [](const QJsonValue &value) { return value.isObject() || value.isArray(); };
        qsizetype pairs = 0; // a rule that has changed, rather than one that went and one that came
        for (; pairs < std::min(gone.size(), come.size()); ++pairs) {
            if (!isContainer(gone[pairs].value) || gone[pairs].value.type() != come[pairs].value.type())
                break;
            compare(at(come[pairs].index), gone[pairs].value, come[pairs].value);
        }
        for (const Element &element : gone.sliced(pairs))
            add({at(element.index), element.value, QJsonValue(QJsonValue::Undefined)});
        for (const Element &element : come.sliced(pairs))
            add({at(element.index), QJsonValue(QJsonValue::Undefined), element.value});
    }

    QList<FieldChange> &m_changes;
};

QJsonObject withoutDigest(QJsonObject object)
{
    QJsonObject metadata = object.value("metadata"_L1).toObject();
    QJsonObject annotations = metadata.value("annotations"_L1).toObject();
    annotations.remove(digestAnnotation);
    metadata.insert("annotations"_L1, annotations);
    object.insert("metadata"_L1, metadata);
    return object;
}

QString keyOfObject(const QJsonObject &object)
{
    return object.value("kind"_L1).toString() + u' ' + object["metadata"_L1]["name"_L1].toString();
}

QStringList missingIn(const QStringList &others, QStringList words)
{
    const QSet<QString> known(others.begin(), others.end());
    words.removeIf([&known](const QString &word) { return known.contains(word); });
    return words;
}

PolicyChange changeOf(PolicyChange::Verb verb, const QJsonObject &before, const QJsonObject &after)
{
    const QJsonObject &shown = after.isEmpty() ? before : after;
    PolicyChange change{.verb = verb,
                        .kind = shown.value("kind"_L1).toString(),
                        .name = shown["metadata"_L1]["name"_L1].toString(),
                        .pipeline = shown["metadata"_L1]["labels"_L1][pipelineLabel].toString()};
    const QStringList old = before.isEmpty() ? QStringList() : rulesInWords(before);
    const QStringList now = after.isEmpty() ? QStringList() : rulesInWords(after);
    change.rulesAdded = missingIn(old, now);
    change.rulesRemoved = missingIn(now, old);
    change.before = before;
    change.after = after;
    return change;
}

QMap<QString, QJsonObject> byName(const QList<QJsonObject> &objects)
{
    QMap<QString, QJsonObject> named;
    for (const QJsonObject &object : objects)
        named.insert(keyOfObject(object), object);
    return named;
}

} // namespace

QList<PolicyChange> diffPolicies(const QList<QJsonObject> &before, const QList<QJsonObject> &after)
{
    using Verb = PolicyChange::Verb;
    const auto old = byName(before);
    const auto now = byName(after);
    QList<PolicyChange> changes;
    for (const QJsonObject &object : after) {
        const auto known = old.constFind(keyOfObject(object));
        if (known == old.cend()) {
            changes.append(changeOf(Verb::Added, {}, object));
            continue;
        }
        QList<FieldChange> fields;
        FieldDiff(fields).compare({}, withoutDigest(*known), withoutDigest(object));
        if (fields.isEmpty())
            continue;
        changes.append(changeOf(Verb::Changed, *known, object));
        changes.last().fields = std::move(fields);
    }
    for (const QJsonObject &object : before) {
        if (!now.contains(keyOfObject(object)))
            changes.append(changeOf(Verb::Removed, object, {}));
    }
    return changes;
}

QString describe(const PolicyChange &change)
{
    return u"%1 %2 is %3"_s.arg(change.kind, change.name, verbs[static_cast<size_t>(change.verb)]);
}

QJsonObject toJson(const PolicyChange &change)
{
    QJsonArray rules;
    for (const QString &text : change.rulesRemoved)
        rules.append(QJsonObject{{u"change"_s, u"removed"_s}, {u"text"_s, text}});
    for (const QString &text : change.rulesAdded)
        rules.append(QJsonObject{{u"change"_s, u"added"_s}, {u"text"_s, text}});
    QJsonArray fields;
    for (const FieldChange &field : change.fields) {
        QJsonObject object{{u"path"_s, field.path}};
        if (!field.before.isUndefined())
            object.insert(u"before"_s, field.before);
        if (!field.after.isUndefined())
            object.insert(u"after"_s, field.after);
        fields.append(object);
    }
    QJsonObject object{{u"change"_s, QString(verbs[static_cast<size_t>(change.verb)])},
                       {u"kind"_s, change.kind},
                       {u"name"_s, change.name},
                       {u"text"_s, describe(change)},
                       {u"rules"_s, rules},
                       {u"fields"_s, fields}};
    if (!change.pipeline.isEmpty())
        object.insert(u"pipeline"_s, change.pipeline);
    if (!change.before.isEmpty())
        object.insert(u"before"_s, change.before);
    if (!change.after.isEmpty())
        object.insert(u"after"_s, change.after);
    return object;
}

PolicyChange policyChangeFromJson(const QJsonObject &object)
{
    const QString verb = object.value("change"_L1).toString();
    PolicyChange change{.verb = verb == "added"_L1     ? PolicyChange::Verb::Added
                                : verb == "removed"_L1 ? PolicyChange::Verb::Removed
                                                       : PolicyChange::Verb::Changed,
                        .kind = object.value("kind"_L1).toString(),
                        .name = object.value("name"_L1).toString(),
                        .pipeline = object.value("pipeline"_L1).toString()};
    for (const QJsonValue rule : object.value("rules"_L1).toArray())
        (rule["change"_L1].toString() == "added"_L1 ? change.rulesAdded : change.rulesRemoved)
            .append(rule["text"_L1].toString());
    for (const QJsonValue field : object.value("fields"_L1).toArray())
        change.fields.append({field["path"_L1].toString(), field["before"_L1], field["after"_L1]});
    change.before = object.value("before"_L1).toObject();
    change.after = object.value("after"_L1).toObject();
    return change;
}

} // namespace danube::egress
