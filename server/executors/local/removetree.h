// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "shared/core/result.h"

namespace danube::local {

/// Deletes a tree that a job left, without following links, also below folders made unwritable; missing is fine. Takes
/// a few descriptors and little memory however deep it is. On error as much as can be is gone. Blocks; any thread.
Result<void> removeTree(const QString &path);

} // namespace danube::local
