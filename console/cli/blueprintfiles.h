// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "shared/blueprint/finding.h"
#include "shared/core/result.h"

namespace danube::cli {

/// The Blueprint's files in a directory: config.json, users.json, teams.json, pipelines/*.json. NotFound when there is
/// no such directory, Io for what cannot be read; files are cut above 2 MiB, which the validator refuses.
Result<blueprint::Files> readBlueprint(const QString &directory);

/// What turns `present` into `wanted`, as the API takes it: {"path": "text", "other": null}.
QJsonObject changesTo(const blueprint::Files &present, const blueprint::Files &wanted);

} // namespace danube::cli
