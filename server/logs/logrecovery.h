// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "server/logs/appendfile.h"
#include "server/logs/logformat.h"

#include <map>

namespace danube::logs {

struct StreamKey
{
    StepNumber step{};
    LogStream stream = LogStream::Stdout;
    auto operator<=>(const StreamKey &) const = default;
};

/// Where a log goes on after it was found on disk.
struct RecoveredLog
{
    qint64 size = 0;      ///< of the masked file
    qint64 indexSize = 0; ///< of the index, header included
    quint32 generation = 1;
    std::map<StreamKey, IndexRecord> last; ///< the last record of each stream
};

/// Bytes of a log, and of its index, that may be unsynced: LogFiles takes no more, so that recovery knows where to
/// look.
inline constexpr qint64 mostUnsynced = 16 * 1024 * 1024;

/// Brings log and index to the longest state both agree on and makes that durable: torn and damaged records are cut,
/// records whose bytes are missing or wrong are cut, bytes without record are cut. The generation rises when a reader
/// may have seen what is cut: also after a power cut (`boot` differs), as then nobody knows what had been there. A new
/// pair of files gets its header here. `now` serves as generation where the old one is lost with the header. What may
/// be unsynced is written again: after a sync that failed, under a writer that was killed then, the kernel takes it for
/// clean.
Result<RecoveredLog> recoverLog(AppendFile &log, AppendFile &index, const JobId &job, const QByteArray &boot,
                                WallTime now);

/// The number of leading records in `records` that follow each other without gap from `offset` and lie within
/// `logSize`.
qint64 countValidRecords(QByteArrayView records, quint64 offset, quint64 logSize);

/// 8 bytes that differ from boot to boot of this machine.
QByteArray currentBoot();

} // namespace danube::logs
