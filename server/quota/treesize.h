// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>

#include <atomic>

namespace danube::quota {

/// What a folder takes on the disk: blocks, so that a sparse file counts as what it holds, and of a file with several
/// names a share for each of them; folders count as files.
struct TreeSize
{
    qint64 bytes = 0;
    qint64 files = 0;
    bool isPartial = false; ///< there is more: a folder could not be looked into
    bool operator==(const TreeSize &) const = default;
};

/// Follows no link and leaves no file system; goes from folder to folder by descriptors, so that no path is too long
/// and nobody leads it elsewhere meanwhile. Stops early when either number of `enough` is passed (the answer is then at
/// least that), or when `stop` is set. What vanishes meanwhile is left out. Takes 32 descriptors at most, 128 KiB, and
/// some bytes for each folder on the way down to where it is. Any thread.
TreeSize measureTree(const QString &path, const TreeSize &enough, const std::atomic<bool> &stop);

} // namespace danube::quota
