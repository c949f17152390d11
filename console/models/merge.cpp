// SPDX-License-Identifier: GPL-3.0-or-later
#include "console/models/merge.h"

#include "shared/blueprint/jsonpositions.h"
#include "shared/blueprint/textedit.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>

#include <algorithm>
#include <optional>

namespace danube::console {

namespace {

bool isListOfTexts(const QJsonValue &value)
{
    const QJsonArray array = value.toArray();
    return value.isArray() && std::ranges::all_of(array, [](const QJsonValue &item) { return item.isString(); });
}

class Merger
{
public:
    explicit Merger(const QHash<QString, MergeSide> &choices) : m_choices(choices) {}

    QJsonValue merge(const QString &pointer, const QJsonValue &base, const QJsonValue &mine, const QJsonValue &theirs)
    {
        if (mine == theirs || mine == base)
            return theirs;
        if (theirs == base)
            return mine;
        if (mine.isObject() && theirs.isObject() && (base.isObject() || base.isUndefined()))
            return mergeObjects(pointer, base.toObject(), mine.toObject(), theirs.toObject());
        const bool areLists = isListOfTexts(mine) && isListOfTexts(theirs);
        if (areLists && (isListOfTexts(base) || base.isUndefined()))
            return mergeLists(base.toArray(), mine.toArray(), theirs.toArray());
        m_conflicts.append({pointer, base, mine, theirs});
        return m_choices.value(pointer, MergeSide::Theirs) == MergeSide::Mine ? mine : theirs;
    }
    QList<MergeConflict> conflicts() const { return m_conflicts; }

private:
    QJsonObject mergeObjects(const QString &pointer, const QJsonObject &base, const QJsonObject &mine,
                             const QJsonObject &theirs)
    {
        QStringList keys = theirs.keys() + mine.keys();
        keys.removeDuplicates();
        QJsonObject merged;
        for (const QString &key : std::as_const(keys)) {
            const QJsonValue value =
                merge(blueprint::childPointer(pointer, key), base.value(key), mine.value(key), theirs.value(key));
            if (!value.isUndefined())
                merged.insert(key, value);
        }
        return merged;
    }

    /// Theirs, without what I removed (also one of several that are alike), with what I added where my list has it:
    /// behind the nearest entry in front.
    static QJsonArray mergeLists(const QJsonArray &base, const QJsonArray &mine, const QJsonArray &theirs)
    {
        QJsonArray merged;
        for (const QJsonValue entry : theirs) {
            if (!base.contains(entry) || std::ranges::count(merged, entry) < std::ranges::count(mine, entry))
                merged.append(entry);
        }
        for (qsizetype i = 0; i < mine.size(); ++i) {
            if (base.contains(mine[i]) || merged.contains(mine[i]))
                continue;
            qsizetype at = 0;
            for (qsizetype before = i - 1; before >= 0 && at == 0; --before) {
                const auto found = std::ranges::find(merged, mine[before]);
                at = found == merged.end() ? 0 : found - merged.begin() + 1;
            }
            merged.insert(at, mine[i]);
        }
        return merged;
    }

    const QHash<QString, MergeSide> &m_choices;
    QList<MergeConflict> m_conflicts;
};

std::optional<QJsonValue> read(const QByteArray &text)
{
    if (text.isEmpty())
        return QJsonValue(QJsonValue::Undefined);
    const auto json = blueprint::JsonPositions::scan(text);
    const auto document = QJsonDocument::fromJson(text);
    if (!json || !json->duplicates().isEmpty() || document.isNull())
        return std::nullopt;
    return document.isArray() ? QJsonValue(document.array()) : QJsonValue(document.object());
}

Merged wholeFile(const MergeInput &input, const QHash<QString, MergeSide> &choices)
{
    Merged merged{input.theirs, {}};
    merged.conflicts.append(
        {{}, QString::fromUtf8(input.base), QString::fromUtf8(input.mine), QString::fromUtf8(input.theirs)});
    if (choices.value({}, MergeSide::Theirs) == MergeSide::Mine)
        merged.text = input.mine;
    return merged;
}

} // namespace

Merged merge(const MergeInput &input, const QHash<QString, MergeSide> &choices)
{
    if (input.mine == input.base || input.mine == input.theirs)
        return {input.theirs, {}};
    if (input.theirs == input.base)
        return {input.mine, {}};
    const auto base = read(input.base);
    const auto mine = read(input.mine);
    const auto theirs = read(input.theirs);
    if (!base || !mine || !theirs || theirs->isUndefined() || mine->isUndefined())
        return wholeFile(input, choices);
    Merger merger(choices);
    const QJsonValue wanted = merger.merge({}, *base, *mine, *theirs);
    const auto text = blueprint::rewrite(input.theirs, wanted);
    return text ? Merged{*text, merger.conflicts()} : wholeFile(input, choices);
}

} // namespace danube::console
