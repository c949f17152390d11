// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QByteArrayView>

namespace danube::logs {

/// CRC-32C (Castagnoli, reflected, RFC 3720 appendix B.4): "123456789" gives 0xe3069283. By the processor's own
/// instruction where it has one.
uint32_t crc32c(QByteArrayView bytes);
/// The same by tables, on any processor.
uint32_t crc32cPortable(QByteArrayView bytes);

} // namespace danube::logs
