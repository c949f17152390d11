// SPDX-License-Identifier: GPL-3.0-or-later
#include "shared/blueprint/jsonpositions.h"

#include "shared/blueprint/jsonscanner.h"

using namespace Qt::StringLiterals;

namespace danube::blueprint {
namespace {

constexpr qsizetype maxDuplicates = 100;
constexpr qsizetype maxPointer = 1000;
constexpr qsizetype block = 4096; // of TextPlaces

bool isFirstByte(char c)
{
    return (static_cast<unsigned char>(c) & 0xC0U) != 0x80U;
}

/// The way from the root to a node, written as a pointer only where it is wanted: there may be very many nodes below a
/// very long key.
struct Way
{
    const Way *parent = nullptr;
    const JsonNode *node = nullptr;
    qsizetype index = 0;
};

QString pointerTo(const Way &way)
{
    QList<const Way *> steps; // from the root down
    for (const Way *step = &way; step->parent; step = step->parent)
        steps.prepend(step);
    QString pointer;
    for (const Way *step : steps) {
        const QString &key = step->node->key;
        if (pointer.size() + key.size() > maxPointer)
            break;
        pointer = step->node->keyBegin >= 0 ? childPointer(pointer, key) : childPointer(pointer, step->index);
    }
    return pointer;
}

void collect(const Way &way, QList<JsonPositions::Duplicate> &found)
{
    QHash<QString, qsizetype> seen;
    const auto &children = way.node->children;
    for (qsizetype i = 0; i < std::ssize(children) && found.size() < maxDuplicates; ++i) {
        const JsonNode &child = children[static_cast<size_t>(i)];
        const Way here{&way, &child, i};
        if (child.keyBegin >= 0) {
            if (const auto first = seen.constFind(child.key); first != seen.cend())
                found.append({pointerTo(here), *first, child.keyBegin});
            else
                seen.insert(child.key, child.keyBegin);
        }
        if (child.isContainer())
            collect(here, found);
    }
}

} // namespace

TextPlaces::TextPlaces(QByteArrayView text)
{
    m_lines.push_back(0);
    qsizetype characters = 0;
    for (qsizetype i = 0; i < text.size(); ++i) {
        if (i % block == 0)
            m_counts.push_back(characters);
        characters += isFirstByte(text[i]) ? 1 : 0;
        if (text[i] == '\n')
            m_lines.push_back(i + 1);
    }
    m_counts.push_back(characters); // for an offset behind the last block
}

qsizetype TextPlaces::charactersBefore(QByteArrayView text, qsizetype offset) const
{
    const auto counted = offset / block;
    const auto rest = text.first(offset).sliced(counted * block);
    return m_counts[static_cast<size_t>(counted)] + std::ranges::count_if(rest, isFirstByte);
}

TextPosition TextPlaces::positionOf(QByteArrayView text, qsizetype offset) const
{
    const auto at = std::clamp<qsizetype>(offset, 0, text.size());
    const auto line = std::ranges::upper_bound(m_lines, at) - m_lines.begin();
    const auto column = charactersBefore(text, at) - charactersBefore(text, m_lines[static_cast<size_t>(line - 1)]);
    return {static_cast<int>(line), static_cast<int>(column) + 1};
}

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
    return positionOf(node->begin);
}

QList<JsonPositions::Duplicate> JsonPositions::duplicates() const
{
    QList<Duplicate> found;
    collect({nullptr, &m_root, 0}, found);
    return found;
}

} // namespace danube::blueprint
