// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "shared/core/clock.h"
#include "shared/core/id.h"
#include "shared/core/result.h"
#include "shared/model/stream.h"

#include <QByteArray>

namespace danube::logs {

/// The index of a job's log, as bytes: docs/formats/log.md describes it for readers of other languages. All numbers are
/// little-endian. <job>.idx = one header, then records in order of their offset, without gap from 0 on.
inline constexpr qint64 indexHeaderSize = 96;
inline constexpr qint64 indexRecordSize = 48;
inline constexpr quint32 indexVersion = 1;
inline constexpr qint64 longestRun = 64 * 1024; ///< bytes of a run; a fragment's own newline comes on top

struct IndexHeader
{
    quint32 generation = 1;
    JobId job;
    QByteArray boot; ///< 8 bytes that name the boot of the machine the log was last opened in
    bool operator==(const IndexHeader &) const = default;
};

/// A run: whole lines of one stream of one step, or a fragment of a line with a newline of ours. A run of length 0 only
/// moves rawEnd.
struct IndexRecord
{
    quint64 offset = 0; ///< of the run in the masked file
    quint64 rawEnd = 0; ///< in the agent's stream: everything below is in the log; 0 for LogStream::System
    WallTime time{};
    quint32 length = 0;
    StepNumber step{};
    quint32 dataCheck = 0;   ///< crc32c of the run's bytes
    quint32 maskedAhead = 0; ///< raw bytes from rawEnd on that belong to the secret masked at the run's end
    LogStream stream = LogStream::Stdout;
    bool syntheticNewline = false;
    bool endsMasked = false; ///< the raw byte before rawEnd was part of a secret
    quint64 end() const { return offset + length; }
    bool operator==(const IndexRecord &) const = default;
};

QByteArray encodeHeader(const IndexHeader &header);
/// DataLoss for wrong size, magic or check; Conflict for another version.
Result<IndexHeader> decodeHeader(QByteArrayView bytes);
QByteArray encodeRecord(const IndexRecord &record);
/// `bytes` has indexRecordSize bytes; nothing for a torn record.
std::optional<IndexRecord> decodeRecord(QByteArrayView bytes);

struct LogPaths
{
    QString log;        ///< until it is compressed
    QString compressed; ///< from then on
    QString index;
    QString seal;
};
LogPaths logPaths(const QString &directory, const JobId &job);

} // namespace danube::logs
