// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "shared/blueprint/schema.h"

namespace danube::blueprint {

// What valijson is not asked: fields a schema does not name, and patterns, which it matches with std::regex (recursive:
// a long text ends the program).

/// The schema without "pattern".
QJsonValue withoutPatterns(const QJsonValue &schema);
/// Unknown fields and texts that do not match their pattern, at most `limit`.
QList<SchemaComplaint> walk(const QJsonObject &schema, const QJsonValue &document, qsizetype limit);
/// The sub-schema of a child named by a pointer token.
QJsonObject childSchema(const QJsonObject &schema, const QString &token);
/// "one of a, b or c", "a whole number from 1 to 5", …
QString expectationOf(const QJsonObject &schema);
/// A value in a message: shortened, texts in quotes.
QString shown(const QJsonValue &value);
/// "spec.egress_mode: expected …, got …"; a schema marked x-secret does not tell what it got.
QString mismatchAt(const QString &pointer, const QJsonObject &schema, const QJsonValue &value);

} // namespace danube::blueprint
