// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "console/models/blueprintworkspace.h"
#include "shared/egress/explain.h"
#include "shared/egress/policy.h"

namespace danube::console {

// The lists of a workspace as shared/egress takes them. `path` names the document that is looked at: config.json, or
// a pipeline's, whose list adds to it.

egress::Allowlists allowlistsBefore(const BlueprintWorkspace &workspace, const QString &path);
/// With the edits, also while they are in error.
egress::Allowlists allowlistsAfter(BlueprintWorkspace &workspace, const QString &path);
egress::PolicyRequest policyRequestAfter(BlueprintWorkspace &workspace);
/// "every job" or "pipeline web".
QString listTitle(const QString &path);

} // namespace danube::console
