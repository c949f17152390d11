// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "server/logs/appendfile.h"
#include "shared/core/id.h"

#include <atomic>

namespace danube::logs {

/// Logs below this size stay as they are: a file takes a block of the disk anyway.
inline constexpr qint64 smallestCompressed = 8 * 1024;

enum class Compressed {
    Done,   ///< the log is compressed now
    Before, ///< it was already; a plain file left by a crash is gone
    Small,  ///< and stays plain
};

/// Turns the plain file of a sealed log into the compressed one, of the same content at the same offsets: written
/// beside it, synced, read back, compared with the seal, renamed, and only then the plain file goes. Stopped or failed
/// at any moment, the log is whole and the call may be repeated. Takes memory for a block; any thread, one per job.
///
/// Conflict: not sealed, or removed. DataLoss: the log is not what was sealed; then nothing is changed. Cancelled:
/// `stop` was set.
Result<Compressed> compressLog(const QString &directory, const JobId &job, const std::atomic<bool> &stop,
                               FileCalls &calls = FileCalls::system());

} // namespace danube::logs
