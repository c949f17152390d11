// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "tests/support/kube/cell/options.h"

namespace danube::cell {

/// User, groups, capabilities and no_new_privs as asked; irrevocable.
Result<void> takeCredentials(const Options &options);

} // namespace danube::cell
