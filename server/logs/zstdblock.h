// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "shared/core/result.h"

#include <QByteArray>

namespace danube::logs {

/// One zstd frame (RFC 8878) that needs no other to be read.
Result<QByteArray> compressBlock(QByteArrayView bytes);
/// Exactly `size` bytes, or DataLoss. A frame that would give more costs no more than that.
Result<QByteArray> decompressBlock(QByteArrayView frame, qint64 size);

} // namespace danube::logs
