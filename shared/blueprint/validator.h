// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "shared/blueprint/documents.h"
#include "shared/blueprint/finding.h"
#include "shared/egress/linter.h"

namespace danube::blueprint {

struct ValidatorOptions
{
    egress::LintOptions egress{}; ///< how allowlists are judged; `inherited` is set by the validator
    qsizetype maxFindings = 500;  ///< of the whole Blueprint; errors come first when there are more
    /// For what was accepted once, maybe by a more lenient version: all documents that fit, whatever the findings say.
    bool alwaysSnapshot = false;
};

struct Validation
{
    QList<Finding> findings;          ///< by file and position
    std::optional<Snapshot> snapshot; ///< only without errors, unless alwaysSnapshot
    bool isAccepted() const { return snapshot.has_value(); }
};

/// True for the paths a Blueprint consists of: config.json, users.json, teams.json, pipelines/<name>.json. All others
/// are left alone.
bool isBlueprintFile(const QString &path);

/// Checks a whole Blueprint: JSON, schemas, references, duplicates, schedules, patterns, names. users.json and
/// teams.json hold one document, or an array of them, or {"items": […]}. Pure; time is linear in the text.
Validation validate(const Files &files, const ValidatorOptions &options = {});

} // namespace danube::blueprint
