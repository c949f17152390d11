// SPDX-License-Identifier: GPL-3.0-or-later
#include "shared/blueprint/jsonstyle.h"

using namespace Qt::StringLiterals;

namespace danube::blueprint {
namespace {

QByteArray scalar(const QJsonValue &value)
{
    const auto array = QJsonDocument(QJsonArray{value}).toJson(QJsonDocument::Compact);
    return array.sliced(1, array.size() - 2);
}

/// The first member of the text, from the outside in.
const JsonNode *firstMember(const JsonNode &node)
{
    for (const JsonNode &child : node.children) {
        if (child.keyBegin >= 0)
            return &child;
        if (const auto *found = firstMember(child))
            return found;
    }
    return nullptr;
}

} // namespace

QByteArray marginAt(QByteArrayView text, qsizetype offset)
{
    const auto start = text.first(offset).lastIndexOf('\n') + 1;
    auto end = start;
    while (end < offset && (text[end] == ' ' || text[end] == '\t'))
        ++end;
    return text.sliced(start, end - start).toByteArray();
}

JsonStyle JsonStyle::of(const JsonPositions &json)
{
    JsonStyle style;
    const QByteArrayView text = json.text();
    const JsonNode &root = json.root();
    if (const auto *member = firstMember(root))
        style.colon = text.sliced(member->keyEnd, member->begin - member->keyEnd).toByteArray();
    if (style.colon.contains('\n'))
        style.colon = ": ";
    const auto inside = text.sliced(root.begin, root.end - root.begin);
    const auto line = inside.indexOf('\n');
    if (line < 0 && !root.children.empty()) {
        style.newline.clear();
        return style;
    }
    if (line > 0 && inside[line - 1] == '\r')
        style.newline = "\r\n";
    if (!root.children.empty()) {
        const auto margin = marginAt(text, root.children.front().memberBegin());
        const auto outer = marginAt(text, root.begin);
        if (margin.size() > outer.size() && margin.startsWith(outer))
            style.indent = margin.sliced(outer.size());
    }
    return style;
}

QByteArray JsonStyle::writeMember(const QString &key, const QJsonValue &value, const QByteArray &margin) const
{
    return scalar(key) + colon + write(value, margin);
}

QByteArray JsonStyle::write(const QJsonValue &value, const QByteArray &margin) const
{
    QByteArrayList parts;
    const QByteArray inner = isMultiLine() ? margin + indent : QByteArray();
    if (value.isArray()) {
        for (const auto &element : value.toArray())
            parts.append(write(element, inner));
    } else if (value.isObject()) {
        const QJsonObject object = value.toObject();
        for (auto it = object.begin(); it != object.end(); ++it)
            parts.append(writeMember(it.key(), it.value(), inner));
    } else {
        return scalar(value);
    }
    const QByteArray open = value.isArray() ? "[" : "{";
    const QByteArray close = value.isArray() ? "]" : "}";
    if (parts.isEmpty())
        return open + close;
    if (!isMultiLine())
        return open + parts.join(',' + blank()) + close;
    return open + newline + inner + parts.join(',' + newline + inner) + newline + margin + close;
}

} // namespace danube::blueprint
