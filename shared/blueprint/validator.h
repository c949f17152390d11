// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "shared/blueprint/documents.h"
#include "shared/blueprint/finding.h"

namespace danube::blueprint {

/// What a rule of its own says about one entry of an allowlist.
struct EntryComplaint
{
    qsizetype index = 0;
    Severity severity = Severity::Error;
    QString message;
    QString fix;
};

struct ValidatorOptions
{
    /// Judges the entries of one egress_allowlist; `inherited` is the global list for a pipeline's own. Without it
    /// entries are only checked by the schema.
    std::function<QList<EntryComplaint>(const QStringList &entries, const QStringList &inherited)> allowlistRule;
    qsizetype maxFindings = 500; ///< of the whole Blueprint; errors come first when there are more
};

struct Validation
{
    QList<Finding> findings;          ///< by file and position
    std::optional<Snapshot> snapshot; ///< only without errors
    bool isAccepted() const { return snapshot.has_value(); }
};

/// True for the paths a Blueprint consists of: config.json, users.json, teams.json, pipelines/<name>.json. All others
/// are left alone.
bool isBlueprintFile(const QString &path);

/// Checks a whole Blueprint: JSON, schemas, references, duplicates, schedules, patterns, names. users.json and
/// teams.json hold one document, or an array of them, or {"items": […]}. Pure; time is linear in the text.
Validation validate(const Files &files, const ValidatorOptions &options = {});

} // namespace danube::blueprint
