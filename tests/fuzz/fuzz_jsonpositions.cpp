// SPDX-License-Identifier: GPL-3.0-or-later
// What the scanner takes QJsonDocument takes too, and the text of every place is the value that QJson finds there; no
// text makes the validator fail.
#include "shared/blueprint/validator.h"
#include "tests/fuzz/require.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>

using namespace danube::blueprint;

namespace {

std::optional<QJsonValue> parse(const QByteArray &text)
{
    const auto document = QJsonDocument::fromJson('[' + text + ']');
    return document.isNull() ? std::nullopt : std::optional(document.array().at(0));
}

void compare(const JsonPositions &json, const JsonNode &node, const QJsonValue &value)
{
    require(node.begin < node.end && node.end <= json.text().size());
    if (!node.isContainer())
        return require(parse(json.text().sliced(node.begin, node.end - node.begin)) == value);
    require(node.kind == JsonNode::Kind::Object ? value.isObject() : value.isArray());
    for (size_t i = 0; i < node.children.size(); ++i) {
        const JsonNode &child = node.children[i];
        if (node.kind == JsonNode::Kind::Array)
            compare(json, child, value.toArray().at(static_cast<qsizetype>(i)));
        else if (node.child(child.key) == &child) // of two with one name the last counts
            compare(json, child, value.toObject().value(child.key));
    }
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const QByteArray text(reinterpret_cast<const char *>(data), static_cast<qsizetype>(size));
    const auto json = JsonPositions::scan(text);
    if (!json) {
        require(json.error().offset >= 0 && json.error().offset <= text.size());
        require(!json.error().message.isEmpty());
    } else if (const auto value = parse(text)) { // numbers beyond double's range are refused by QJson only
        compare(*json, json->root(), *value);
    }
    const auto validation = validate({{QStringLiteral("config.json"), text},
                                      {QStringLiteral("users.json"), text},
                                      {QStringLiteral("teams.json"), text},
                                      {QStringLiteral("pipelines/a.json"), text}});
    require(validation.isAccepted() != hasErrors(validation.findings));
    return 0;
}
