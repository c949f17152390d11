// SPDX-License-Identifier: GPL-3.0-or-later
#include "shared/blueprint/jsonpositions.h"

#include "shared/blueprint/jsonscanner.h"

using namespace Qt::StringLiterals;

namespace danube::blueprint {
namespace {

constexpr qsizetype maxDuplicates = 100;

void collect(const JsonNode &node, const QString &pointer, QList<JsonPositions::Duplicate> &found)
{
    QHash<QString, qsizetype> seen;
    for (qsizetype i = 0; i < std::ssize(node.children) && found.size() < maxDuplicates; ++i) {
        const JsonNode &child = node.children[static_cast<size_t>(i)];
        if (child.keyBegin >= 0) {
            if (const auto first = seen.constFind(child.key); first != seen.cend())
                found.append({childPointer(pointer, child.key), *first, child.keyBegin});
            else
                seen.insert(child.key, child.keyBegin);
        }
        if (child.isContainer())
            collect(child, child.keyBegin >= 0 ? childPointer(pointer, child.key) : childPointer(pointer, i), found);
    }
}

} // namespace

const JsonNode *JsonNode::child(const QString &token) const
{
    if (kind == Kind::Object) {
        // As in QJsonDocument, the last one of a name counts.
        const auto found = std::find_if(children.rbegin(), children.rend(),
                                        [&token](const JsonNode &member) { return member.key == token; });
        return found == children.rend() ? nullptr : &*found;
    }
    bool isNumber = false;
    const auto index = token.toULongLong(&isNumber);
    const bool isCanonical = isNumber && QString::number(index) == token;
    return kind == Kind::Array && isCanonical && index < children.size() ? &children[index] : nullptr;
}

TextPosition positionOf(QByteArrayView text, qsizetype offset)
{
    const auto before = text.first(std::clamp<qsizetype>(offset, 0, text.size()));
    const auto lineStart = before.lastIndexOf('\n') + 1;
    const auto isFirstByte = [](char c) { return (static_cast<unsigned char>(c) & 0xC0U) != 0x80U; };
    const auto column = std::ranges::count_if(before.sliced(lineStart), isFirstByte);
    return {static_cast<int>(before.count('\n')) + 1, static_cast<int>(column) + 1};
}

std::optional<QStringList> tokensOf(const QString &pointer)
{
    if (pointer.isEmpty())
        return QStringList();
    if (!pointer.startsWith(u'/'))
        return std::nullopt;
    QStringList tokens = pointer.sliced(1).split(u'/');
    for (QString &token : tokens) {
        token.replace("~1"_L1, "/"_L1);
        token.replace("~0"_L1, "~"_L1);
    }
    return tokens;
}

QString childPointer(const QString &pointer, const QString &token)
{
    QString escaped = token;
    escaped.replace("~"_L1, "~0"_L1);
    escaped.replace("/"_L1, "~1"_L1);
    return pointer + u'/' + escaped;
}

QString childPointer(const QString &pointer, qsizetype index)
{
    return pointer + u'/' + QString::number(index);
}

std::expected<JsonPositions, JsonSyntaxError> JsonPositions::scan(QByteArray text)
{
    auto root = JsonScanner(text).scan();
    if (!root)
        return std::unexpected(root.error());
    return JsonPositions(std::move(text), std::move(*root));
}

const JsonNode *JsonPositions::find(const QString &pointer) const
{
    const auto tokens = tokensOf(pointer);
    if (!tokens)
        return nullptr;
    const JsonNode *node = &m_root;
    for (const QString &token : *tokens) {
        node = node->child(token);
        if (!node)
            return nullptr;
    }
    return node;
}

TextPosition JsonPositions::locate(const QString &pointer) const
{
    const JsonNode *node = &m_root;
    for (const QString &token : tokensOf(pointer).value_or(QStringList())) {
        const JsonNode *next = node->child(token);
        if (!next)
            break;
        node = next;
    }
    return positionOf(m_text, node->begin);
}

QList<JsonPositions::Duplicate> JsonPositions::duplicates() const
{
    QList<Duplicate> found;
    collect(m_root, {}, found);
    return found;
}

} // namespace danube::blueprint
