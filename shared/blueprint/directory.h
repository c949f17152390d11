// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "shared/blueprint/finding.h"
#include "shared/core/result.h"

namespace danube::blueprint {

/// The files of a Blueprint on this disk: config.json, users.json, teams.json, pipelines/*.json below `directory`, at
/// most 2 MiB each; other files are left alone. NotFound without the directory; Io, ResourceExhausted name the file.
Result<Files> readDirectory(const QString &directory);

} // namespace danube::blueprint
