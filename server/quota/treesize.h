// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>

#include <atomic>

namespace danube::quota {

/// What a folder takes on the disk: blocks, so that a sparse file counts as what it holds; folders count as files.
struct TreeSize
{
    qint64 bytes = 0;
    qint64 files = 0;
    bool operator==(const TreeSize &) const = default;
};

/// Follows no link and leaves no file system. Stops early when either number of `enough` is passed (the answer is then
/// at least that), or when `stop` is set. What cannot be read, or vanishes meanwhile, is left out. Any thread.
TreeSize measureTree(const QString &path, const TreeSize &enough, const std::atomic<bool> &stop);

} // namespace danube::quota
