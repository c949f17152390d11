// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>

#include <cstdint>

namespace danube {

/// Where a run of log bytes came from. The values are stored in log indexes: never renumber.
enum class LogStream : uint8_t {
    Stdout = 1,
    Stderr = 2,
    System = 3, ///< sentences of the master itself, never output of a step
};

inline QString toText(LogStream stream)
{
    return stream == LogStream::Stdout
               ? QStringLiteral("stdout")
               : (stream == LogStream::Stderr ? QStringLiteral("stderr") : QStringLiteral("system"));
}

/// Absolute byte positions in one step's two output streams, as counted by its agent (raw, before masking).
struct StreamOffsets
{
    uint64_t standardOutput = 0;
    uint64_t standardError = 0;
    bool operator==(const StreamOffsets &) const = default;
};

} // namespace danube
