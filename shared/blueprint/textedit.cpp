// SPDX-License-Identifier: GPL-3.0-or-later
#include "shared/blueprint/textedit.h"

#include "shared/blueprint/jsonstyle.h"

using namespace Qt::StringLiterals;

namespace danube::blueprint {
namespace {

Result<JsonPositions> open(const QByteArray &text)
{
    auto json = JsonPositions::scan(text);
    if (!json) {
        const auto at = positionOf(text, json.error().offset);
        return fail(ErrorCode::InvalidArgument,
                    u"edit JSON: line %1, column %2: %3"_s.arg(at.line).arg(at.column).arg(json.error().message));
    }
    if (const auto twice = json->duplicates(); !twice.isEmpty())
        return fail(ErrorCode::InvalidArgument, u"edit JSON: %1 is there twice"_s.arg(twice.first().pointer));
    return std::move(*json);
}

std::unexpected<Error> leadsNowhere(const QString &pointer)
{
    return fail(ErrorCode::NotFound, u"edit JSON: the document has no '%1'"_s.arg(pointer));
}

QByteArray blanksBefore(const JsonPositions &json, const JsonNode &parent, qsizetype index)
{
    const QByteArrayView text = json.text();
    const auto end = parent.children[static_cast<size_t>(index)].memberBegin();
    auto begin = end;
    while (begin > parent.begin && QByteArrayView(" \t\r\n").contains(text[begin - 1]))
        --begin;
    return text.sliced(begin, end - begin).toByteArray();
}

/// What separates a new child from its neighbours: as the present ones are separated.
QByteArray gapOf(const JsonPositions &json, const JsonStyle &style, const JsonNode &parent)
{
    if (std::ssize(parent.children) > 1)
        return blanksBefore(json, parent, 1);
    const auto first = blanksBefore(json, parent, 0);
    return first.contains('\n') ? first : style.blank();
}

/// A child as text: `written` gets the indentation of the line the child will begin on.
using Write = std::function<QByteArray(const JsonStyle &, const QByteArray &margin)>;

TextEdit insertChild(const JsonPositions &json, const JsonNode &parent, qsizetype index, const Write &write)
{
    const auto style = JsonStyle::of(json);
    const auto margin = marginAt(json.text(), parent.begin);
    const auto count = std::ssize(parent.children);
    if (count == 0) {
        const auto inner = style.isMultiLine() ? margin + style.indent : QByteArray();
        const auto child = write(style, inner);
        const auto inside = style.isMultiLine() ? style.newline + inner + child + style.newline + margin : child;
        return {parent.begin + 1, parent.end - parent.begin - 2, inside};
    }
    const auto gap = gapOf(json, style, parent);
    const auto line = gap.lastIndexOf('\n');
    // A container written on one line stays on it.
    JsonStyle inline_ = style;
    if (line < 0)
        inline_.newline.clear();
    const auto child = write(inline_, line < 0 ? QByteArray() : gap.sliced(line + 1));
    if (index < count)
        return {parent.children[static_cast<size_t>(index)].memberBegin(), 0, child + ',' + gap};
    return {parent.children.back().end, 0, ',' + gap + child};
}

TextEdit replaceNode(const JsonPositions &json, const JsonNode &node, const QJsonValue &value)
{
    auto style = JsonStyle::of(json);
    return {node.begin, node.end - node.begin, style.write(value, marginAt(json.text(), node.begin))};
}

/// The value under the tokens that lead to it and are not there yet.
QJsonValue wrapped(QJsonValue value, const QStringList &tokens)
{
    for (auto it = tokens.rbegin(); it != tokens.rend(); ++it)
        value = *it == "-"_L1 ? QJsonValue(QJsonArray{value}) : QJsonValue(QJsonObject{{*it, value}});
    return value;
}

Result<TextEdit> addBelow(const JsonPositions &json, const JsonNode &parent, const QStringList &tokens,
                          const QJsonValue &value, const QString &pointer)
{
    const QString &token = tokens.first();
    const QJsonValue child = wrapped(value, tokens.sliced(1));
    if (parent.kind == JsonNode::Kind::Object)
        return insertChild(
            json, parent, std::ssize(parent.children),
            [&](const JsonStyle &style, const QByteArray &margin) { return style.writeMember(token, child, margin); });
    if (parent.kind != JsonNode::Kind::Array || token != "-"_L1)
        return leadsNowhere(pointer);
    return insertChild(json, parent, std::ssize(parent.children),
                       [&](const JsonStyle &style, const QByteArray &margin) { return style.write(child, margin); });
}

struct Place
{
    const JsonNode *parent = nullptr;
    QString token;
};

Result<Place> placeOf(const JsonPositions &json, const QString &pointer)
{
    const auto tokens = tokensOf(pointer);
    if (!tokens || tokens->isEmpty())
        return leadsNowhere(pointer);
    const auto *parent = json.find(pointer.first(pointer.lastIndexOf(u'/')));
    if (!parent)
        return leadsNowhere(pointer);
    return Place{parent, tokens->last()};
}

} // namespace

QByteArray apply(const QByteArray &text, const TextEdit &edit)
{
    return text.first(edit.offset) + edit.replacement + text.sliced(edit.offset + edit.length);
}

Result<TextEdit> setValue(const QByteArray &text, const QString &pointer, const QJsonValue &value)
{
    const auto json = open(text);
    if (!json)
        return std::unexpected(json.error());
    const auto tokens = tokensOf(pointer);
    if (!tokens)
        return leadsNowhere(pointer);
    const JsonNode *node = &json->root();
    for (qsizetype i = 0; i < tokens->size(); ++i) {
        const JsonNode *next = node->child(tokens->at(i));
        if (!next)
            return addBelow(*json, *node, tokens->sliced(i), value, pointer);
        node = next;
    }
    return replaceNode(*json, *node, value);
}

Result<TextEdit> insertElement(const QByteArray &text, const QString &pointer, const QJsonValue &value)
{
    const auto json = open(text);
    if (!json)
        return std::unexpected(json.error());
    const auto place = placeOf(*json, pointer);
    if (!place)
        return std::unexpected(place.error());
    const auto count = std::ssize(place->parent->children);
    bool isNumber = false;
    const auto index = place->token == "-"_L1 ? (isNumber = true, count) : place->token.toLongLong(&isNumber);
    if (place->parent->kind != JsonNode::Kind::Array || !isNumber || index < 0 || index > count)
        return leadsNowhere(pointer);
    return insertChild(*json, *place->parent, index,
                       [&](const JsonStyle &style, const QByteArray &margin) { return style.write(value, margin); });
}

Result<TextEdit> removeValue(const QByteArray &text, const QString &pointer)
{
    const auto json = open(text);
    if (!json)
        return std::unexpected(json.error());
    const auto place = placeOf(*json, pointer);
    if (!place)
        return std::unexpected(place.error());
    const auto &siblings = place->parent->children;
    const JsonNode *node = place->parent->child(place->token);
    if (!node)
        return leadsNowhere(pointer);
    const auto index = static_cast<size_t>(node - siblings.data());
    if (siblings.size() == 1)
        return TextEdit{place->parent->begin + 1, place->parent->end - place->parent->begin - 2, {}};
    if (index + 1 < siblings.size())
        return TextEdit{node->memberBegin(), siblings[index + 1].memberBegin() - node->memberBegin(), {}};
    const auto begin = siblings[index - 1].end;
    return TextEdit{begin, node->end - begin, {}};
}

Result<TextEdit> addToList(const QByteArray &text, const QString &pointer, const QString &entry)
{
    const auto json = open(text);
    if (!json)
        return std::unexpected(json.error());
    const JsonNode *list = json->find(pointer);
    if (!list || list->kind != JsonNode::Kind::Array)
        return list ? leadsNowhere(pointer) : setValue(text, pointer + u"/-"_s, entry);
    QStringList entries;
    for (const JsonNode &node : list->children) {
        const auto element = text.sliced(node.begin, node.end - node.begin);
        entries.append(QJsonDocument::fromJson('[' + element + ']').array().first().toString());
    }
    if (entries.contains(entry))
        return TextEdit{list->end, 0, {}};
    auto index = std::max<qsizetype>(entries.size() - 1, 0);
    if (std::ranges::is_sorted(entries))
        index = std::min<qsizetype>(index, std::ranges::lower_bound(entries, entry) - entries.begin());
    return insertElement(text, childPointer(pointer, index), entry);
}

} // namespace danube::blueprint
