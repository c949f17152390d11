// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "tests/support/kube/cell/options.h"

namespace danube::cell {

/// Turns this process's fresh mount namespace into the container's: an overlay of the image whose upper layer is a
/// tmpfs (what is written there goes with the container), /proc of this PID namespace, /sys, a small /dev, the binds.
/// Nothing of the outside stays reachable.
Result<void> enterRootFileSystem(const Options &options);

} // namespace danube::cell
