// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "shared/core/result.h"

namespace danube::blueprint {

/// Patterns for branches: `*` is any text without '/', `**` any text, `?` one character but '/', all else itself.

/// InvalidArgument when no branch (git-check-ref-format(1)) could ever match.
Result<void> checkBranchPattern(const QString &pattern);
/// Linear in the length of the branch for each '*' of the pattern. The empty pattern matches every branch.
bool matchesBranch(const QString &pattern, const QString &branch);

} // namespace danube::blueprint
