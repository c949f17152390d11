// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "server/logs/logwriter.h"

namespace danube::logs {

/// One run of whole lines (or one fragment) of one stream of one step, as indexed.
struct LogRun
{
    qint64 offset = 0; ///< in the masked file
    qint64 length = 0; ///< bytes, the last newline included
    WallTime time{};
    StepNumber step{};
    LogStream stream = LogStream::Stdout;
    bool syntheticNewline = false; ///< the last byte is a newline the step did not write
    uint64_t rawEnd = 0;           ///< raw offset of the stream after this run
};

/// One line of the masked file, with what its run says about it.
struct LogLine
{
    qint64 offset = 0; ///< where `text` begins
    qint64 end = 0;    ///< after its newline: where to go on
    WallTime time{};
    StepNumber step{};
    LogStream stream = LogStream::Stdout;
    bool syntheticNewline = false; ///< a fragment: the line goes on in this stream's next one
    QByteArrayView text;           ///< without the newline; valid during the call
};

/// Which runs a reader wants.
struct LogSelection
{
    std::optional<StepNumber> step;
    std::optional<LogStream> stream;
};

/// Reads one job's log, growing, sealed or compressed, from any thread; each instance on one thread. Never sees
/// unindexed bytes.
class LogReader
{
public:
    /// NotFound when the job has no log. A log that was removed opens, is empty, and its seal says since when.
    static Result<std::unique_ptr<LogReader>> open(const QString &directory, const JobId &job);
    virtual ~LogReader() = default;

    virtual Result<void> refresh() = 0;              ///< look again how far the index reaches
    virtual qint64 size() const = 0;                 ///< as of the last refresh
    virtual quint32 generation() const = 0;          ///< rises when a crash cut lines that had been readable
    virtual std::optional<LogSeal> seal() const = 0; ///< when finished
    virtual Result<QByteArray> read(qint64 offset, qint64 maxLength) const = 0;
    /// The first run that ends after `offset`, then following ones, until `maxBytes` of log are covered. By binary
    /// search: as fast in a large log as in a small one.
    virtual Result<QList<LogRun>> runs(qint64 offset, qint64 maxBytes) const = 0;
    /// Shows the lines from `offset` on (from the middle of a line: the rest of it), at least one if there is one,
    /// until `maxBytes` are covered or `visit` gives false. Gives the offset to go on from. Memory is bounded by a
    /// block.
    virtual Result<qint64> forEachLine(qint64 offset, qint64 maxBytes,
                                       const std::function<bool(const LogLine &)> &visit) const = 0;
    /// Exactly the bytes the selected step and stream printed (masked), synthetic newlines left out: at most
    /// `maxBytes`, beginning at `fromOffset` of the log (0, or `nextOffset` of the call before).
    struct Extract
    {
        QByteArray bytes;
        bool truncated = false; ///< there is more
        qint64 nextOffset = 0;  ///< where to go on
    };
    virtual Result<Extract> extract(const LogSelection &selection, qint64 maxBytes, qint64 fromOffset = 0) const = 0;
};

} // namespace danube::logs
