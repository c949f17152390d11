// SPDX-License-Identifier: GPL-3.0-or-later
// Edits of any JSON text give JSON that means what was asked, and leave what stands outside of the edited range.
#include "shared/blueprint/jsonpositions.h"
#include "shared/blueprint/textedit.h"
#include "tests/fuzz/require.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>

using namespace danube;
using namespace danube::blueprint;

namespace {

QJsonValue parse(const QByteArray &text)
{
    return QJsonDocument::fromJson('[' + text + ']').array().at(0);
}

/// Every container's pointer, the first of them.
void collect(const JsonNode &node, const QString &pointer, QStringList &pointers)
{
    pointers.append(pointer);
    for (size_t i = 0; i < node.children.size() && pointers.size() < 20; ++i) {
        const auto &child = node.children[i];
        collect(child,
                node.kind == JsonNode::Kind::Object ? childPointer(pointer, child.key)
                                                    : childPointer(pointer, static_cast<qsizetype>(i)),
                pointers);
    }
}

void check(const QByteArray &text, const QString &pointer, const QJsonValue &value)
{
    const auto edit = setValue(text, pointer, value);
    require(edit.has_value());
    const auto result = apply(text, *edit);
    const auto json = JsonPositions::scan(result);
    require(json.has_value());
    const auto *node = json->find(pointer);
    require(node && parse(result.sliced(node->begin, node->end - node->begin)) == value);
    if (!pointer.isEmpty()) {
        const auto removed = removeValue(text, pointer);
        require(removed && JsonPositions::scan(apply(text, *removed)));
    }
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    // "text\0wanted"
    const QByteArray input(reinterpret_cast<const char *>(data), static_cast<qsizetype>(size));
    const auto cut = input.indexOf('\0');
    const QByteArray text = input.first(cut < 0 ? input.size() : cut);
    const QByteArray other = cut < 0 ? QByteArray("[1]") : input.sliced(cut + 1);
    const auto json = JsonPositions::scan(text);
    const auto wanted = QJsonDocument::fromJson(other);
    if (!json || !JsonPositions::scan(other) || !json->duplicates().isEmpty() ||
        QJsonDocument::fromJson(text).isNull() || wanted.isNull())
        return 0;
    const QJsonValue value = wanted.isObject() ? QJsonValue(wanted.object()) : QJsonValue(wanted.array());
    QStringList pointers;
    collect(json->root(), {}, pointers);
    for (const QString &pointer : pointers)
        check(text, pointer, value);
    if (const auto rewritten = rewrite(text, value))
        require(parse(*rewritten) == value);
    return 0;
}
