// SPDX-License-Identifier: GPL-3.0-or-later
#include "shared/blueprint/masking.h"

using namespace Qt::StringLiterals;

namespace danube::blueprint {
namespace {

/// The texts in and below every member called password_hash.
void collect(const JsonNode &node, bool isHash, QList<const JsonNode *> &found)
{
    isHash = isHash || (node.keyBegin >= 0 && node.key == "password_hash"_L1);
    if (isHash && node.kind == JsonNode::Kind::String)
        found.append(&node);
    for (const JsonNode &child : node.children)
        collect(child, isHash, found);
}

QList<const JsonNode *> hashesIn(const JsonPositions &json)
{
    QList<const JsonNode *> found;
    collect(json.root(), false, found);
    return found;
}

} // namespace

std::optional<QByteArray> withoutPasswordHashes(const QString &path, const QByteArray &text)
{
    const auto json = JsonPositions::scan(text);
    if (!json)
        return path == "users.json"_L1 ? std::nullopt : std::optional(text);
    QByteArray masked = text;
    for (const JsonNode *hash : hashesIn(*json)) {
        const auto size = hash->end - hash->begin - 2; // between the quotes
        masked.replace(hash->begin + 1, size, QByteArray(size, '*'));
    }
    return masked;
}

const JsonNode *findMask(const JsonPositions &json)
{
    for (const JsonNode *hash : hashesIn(json)) {
        const auto inner = json.text().sliced(hash->begin + 1, hash->end - hash->begin - 2);
        if (!inner.isEmpty() && inner.count('*') == inner.size())
            return hash;
    }
    return nullptr;
}

} // namespace danube::blueprint
