// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "shared/core/result.h"

#include <cstdint>

namespace danube {

/// A number of bytes.
enum class ByteCount : int64_t {};
constexpr int64_t toInt(ByteCount count)
{
    return static_cast<int64_t>(count);
}
constexpr ByteCount operator""_KiB(unsigned long long n)
{
    return ByteCount(static_cast<int64_t>(n) << 10);
}
constexpr ByteCount operator""_MiB(unsigned long long n)
{
    return ByteCount(static_cast<int64_t>(n) << 20);
}
constexpr ByteCount operator""_GiB(unsigned long long n)
{
    return ByteCount(static_cast<int64_t>(n) << 30);
}

/// "2 GiB", "512MB", "1.5 KiB", "4096": binary and decimal units, optional blank. Errors name the text.
Result<ByteCount> parseByteCount(const QString &text);
/// Shortest readable form with binary units: "1.5 MiB", "17 B".
QString toText(ByteCount count);

} // namespace danube
