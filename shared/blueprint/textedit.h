// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "shared/core/result.h"

#include <QJsonValue>

namespace danube::blueprint {

/// One replaced range of a text. Everything outside of it stays byte by byte: order, indentation, unknown keys, line
/// ends, final newline.
struct TextEdit
{
    qsizetype offset = 0;
    qsizetype length = 0;
    QByteArray replacement;
    bool operator==(const TextEdit &) const = default;
};
QByteArray apply(const QByteArray &text, const TextEdit &edit);

// Edits of a JSON text by pointer (RFC 6901). What is written is indented as its surroundings are. InvalidArgument when
// the text is no JSON or names a key twice, NotFound when the pointer leads nowhere.

/// Replaces the value, or adds it: as the last member, or as the last element for "-". Objects missing on the way are
/// made (an array where the next token is "-").
Result<TextEdit> setValue(const QByteArray &text, const QString &pointer, const QJsonValue &value);
/// Puts an element before the one the pointer names, or last when the pointer ends in "-" or in the array's size.
Result<TextEdit> insertElement(const QByteArray &text, const QString &pointer, const QJsonValue &value);
/// Takes a member or element out, with its comma and, where it stands alone on it, its line.
Result<TextEdit> removeValue(const QByteArray &text, const QString &pointer);
/// Adds a text to a list in which order means nothing, so that a line-wise diff shows one line: where it belongs in a
/// sorted list, never last unless the list has no element. The list is made when it is missing. No change (an empty
/// edit) when the list has it already.
Result<TextEdit> addToList(const QByteArray &text, const QString &pointer, const QString &entry);

/// The text changed so that it means `wanted`, touching only what differs.
Result<QByteArray> rewrite(const QByteArray &text, const QJsonValue &wanted);

} // namespace danube::blueprint
