// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "shared/core/clock.h"
#include "shared/core/id.h"
#include "shared/core/result.h"
#include "shared/core/secret.h"
#include "shared/model/stream.h"

#include <QByteArray>

#include <span>

namespace danube::logs {

/// What a finished log is: kept beside it, and told in the SSE `end` event and the provenance.
struct LogSeal
{
    qint64 size = 0;                        ///< bytes of the masked file
    QByteArray sha256;                      ///< hex, of the masked file
    std::optional<WallTime> removedAt = {}; ///< the log itself is gone since: its retention was over
    bool operator==(const LogSeal &) const = default;
};

/// The only writer of one job's log: raw output in, masked whole lines out, append-only, with an index record per run
/// of lines (server/logs/logformat.h). One thread. Position = byte offset in the masked file.
class LogWriter
{
public:
    virtual ~LogWriter() = default;

    /// `bytes` of one stream of one step, starting at `rawOffset`. What lies below the known offset is dropped (a
    /// resumed link repeats bytes); a hole is ErrorCode::DataLoss. Writes complete lines at once; an unfinished line
    /// waits for its end, for 64 KiB or for flushOldFragments().
    virtual Result<void> append(StepNumber step, LogStream stream, uint64_t rawOffset, QByteArrayView bytes,
                                WallTime time) = 0;
    virtual Result<void> note(StepNumber step, const QString &text) = 0;
    /// Ends a step's streams: writes what is unfinished, newline marked synthetic.
    virtual Result<void> endStep(StepNumber step) = 0;
    /// Writes lines unfinished for more than a second as fragments; called by the owner's timer.
    virtual Result<void> flushOldFragments() = 0;
    /// fdatasync of log, then index: from now on durable() includes everything written before.
    virtual Result<void> sync() = 0;
    /// Raw offsets whose masked form is on disk for certain: what may be acknowledged to the agent. Also right after
    /// recovery: the place to resume from.
    virtual StreamOffsets durable(StepNumber step) const = 0;
    /// Raw offsets taken in so far, written or not.
    virtual StreamOffsets accepted(StepNumber step) const = 0;
    /// The masker is built anew once, however many there are.
    virtual void addSecrets(std::span<const Secret> values) = 0;
    void addSecret(const Secret &value) { addSecrets({&value, 1}); }
    virtual qint64 size() const = 0; ///< indexed bytes: what readers may see
    virtual Result<LogSeal> seal() = 0;
};

} // namespace danube::logs
