// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "shared/blueprint/jsonpositions.h"

#include <QJsonObject>

namespace danube::blueprint {

/// A Blueprint as text: path below its root ("config.json", "pipelines/a.json") → content.
using Files = QMap<QString, QByteArray>;

/// Errors keep a commit from becoming active; warnings and hints are shown.
enum class Severity { Error, Warning, Hint };
QString toText(Severity severity);

/// Something wrong in a Blueprint, where it is, and what to do.
struct Finding
{
    QString file;    ///< path below the Blueprint's root; empty when it concerns no single file
    QString pointer; ///< RFC 6901; empty = the whole document
    TextPosition position;
    Severity severity = Severity::Error;
    QString message; ///< one sentence: field, what was expected, what is there
    QString fix;     ///< what to do; may be empty
    bool operator==(const Finding &) const = default;
};

QJsonObject toJson(const Finding &finding);
Finding findingFromJson(const QJsonObject &object); ///< inverse of toJson
/// "pipelines/a.json:12:5: error: spec.worker.image: … (fix)", as compilers write it.
QString describe(const Finding &finding);
bool hasErrors(const QList<Finding> &findings);

} // namespace danube::blueprint
