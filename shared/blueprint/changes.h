// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "shared/blueprint/documents.h"

#include <QJsonObject>

namespace danube::blueprint {

/// One difference of meaning between two Blueprints.
struct Change
{
    enum class Verb { Added, Removed, Changed };
    Verb verb = Verb::Changed;
    DocumentKind kind = DocumentKind::Config;
    QString object{}; ///< the document's name; empty for Config
    QString field{};  ///< "egress_allowlist", "members", "worker.image"; empty = the whole object
    QString before{}; ///< the entry or value that goes; empty when added
    QString after{};  ///< the entry or value that comes; empty when removed
    bool operator==(const Change &) const = default;
};

/// By kind and name; the same Blueprints give none, however differently they are written. Password hashes are never in
/// it: their change is said without them. Pure.
QList<Change> changesBetween(const Snapshot &before, const Snapshot &after);

/// One sentence: `pipeline "web": egress_allowlist entry "cdn.example.com" added`.
QString describe(const Change &change);
QJsonObject toJson(const Change &change); ///< with the sentence as "text"
Change changeFromJson(const QJsonObject &object);

} // namespace danube::blueprint
