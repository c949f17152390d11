// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "shared/core/bytecount.h"
#include "shared/core/result.h"

namespace danube::quota {

/// The file system a path is on, as those without special rights see it.
struct Volume
{
    qint64 bytes = 0;
    qint64 freeBytes = 0;
    qint64 files = 0; ///< 0 = it does not count them
    qint64 freeFiles = 0;
};
Result<Volume> lookAtVolume(const QString &path);

/// What must stay free of a volume.
struct Reserve
{
    int percent = 0; ///< of its size, and of its files
    ByteCount bytes{};
    bool operator==(const Reserve &) const = default;

    qint64 of(const Volume &volume) const; ///< bytes
    bool isKept(const Volume &volume) const;
};

} // namespace danube::quota
