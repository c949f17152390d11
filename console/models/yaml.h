// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QJsonObject>
#include <QStringList>

namespace danube::console {

/// A JSON object as lines of YAML 1.2 in block style, keys in the order apiVersion, kind, metadata, spec, then by name.
/// Texts that could be read as anything else are in double quotes.
QStringList toYaml(const QJsonObject &object);

} // namespace danube::console
