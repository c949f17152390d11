// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "tests/support/kube/cell/options.h"

namespace danube::cell {

/// Becomes the command. Comes back only with the reason why it cannot, in the words of runc ("exec: \"x\": executable
/// file not found in $PATH"), which end users of exec read.
Failure becomeCommand(const Options &options);

} // namespace danube::cell
