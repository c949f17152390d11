// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "shared/core/result.h"

#include <cstdint>

namespace danube::coordinator {

struct CopiedTree
{
    int64_t files = 0;
    int64_t bytes = 0;
};

/// Copies everything below `source` into `target`, which other users of the volume may have prepared with ill will:
/// nothing in `target` is ever followed. Directories are entered by openat2 without symbolic links, what stands in a
/// file's place is unlinked and made anew, symbolic links are made again as they are, modes (without set-id bits) kept.
/// What `target` holds besides stays. Blocks; for a thread of its own.
Result<CopiedTree> copyTree(const QString &source, const QString &target);

} // namespace danube::coordinator
