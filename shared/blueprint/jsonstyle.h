// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "shared/blueprint/jsonpositions.h"

#include <QJsonValue>

namespace danube::blueprint {

/// How a JSON text is written, as far as additions to it have to follow. Taken from the text itself.
struct JsonStyle
{
    QByteArray newline{"\n"}; ///< empty: everything on one line
    QByteArray indent{"  "};  ///< of one level
    QByteArray colon{": "};   ///< between key and value, with its blanks
    bool operator==(const JsonStyle &) const = default;

    static JsonStyle of(const JsonPositions &json);
    bool isMultiLine() const { return !newline.isEmpty(); }
    QByteArray blank() const { return colon.endsWith(' ') ? QByteArray(" ") : QByteArray(); } ///< after a comma
    /// The value as text; `margin` is the indentation of the line it begins on.
    QByteArray write(const QJsonValue &value, const QByteArray &margin) const;
    QByteArray writeMember(const QString &key, const QJsonValue &value, const QByteArray &margin) const;
};

/// Indentation of the line on which `offset` stands.
QByteArray marginAt(QByteArrayView text, qsizetype offset);

} // namespace danube::blueprint
