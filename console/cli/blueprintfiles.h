// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "shared/blueprint/finding.h"

namespace danube::cli {

/// What turns `present` into `wanted`, as the API takes it: {"path": "text", "other": null}.
QJsonObject changesTo(const blueprint::Files &present, const blueprint::Files &wanted);

} // namespace danube::cli
