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

/// Which runs a reader wants.
struct LogSelection
{
    std::optional<StepNumber> step;
    std::optional<LogStream> stream;
};

/// Reads one job's log, growing or sealed, from any thread; each instance on one thread. Never sees unindexed bytes.
class LogReader
{
public:
    /// NotFound when the job has no log.
    static Result<std::unique_ptr<LogReader>> open(const QString &directory, const JobId &job);
    virtual ~LogReader() = default;

    virtual Result<void> refresh() = 0;              ///< look again how far the index reaches
    virtual qint64 size() const = 0;                 ///< as of the last refresh
    virtual quint32 generation() const = 0;          ///< rises when a crash cut lines that had been readable
    virtual std::optional<LogSeal> seal() const = 0; ///< when finished
    virtual Result<QByteArray> read(qint64 offset, qint64 maxLength) const = 0;
    /// The first run that ends after `offset`, then following ones, until `maxBytes` of log are covered.
    virtual Result<QList<LogRun>> runs(qint64 offset, qint64 maxBytes) const = 0;
    /// Exactly the bytes the selected step and stream printed (masked), synthetic newlines left out: from the start, at
    /// most `maxBytes`; `truncated` tells whether there is more.
    struct Extract
    {
        QByteArray bytes;
        bool truncated = false;
    };
    virtual Result<Extract> extract(const LogSelection &selection, qint64 maxBytes) const = 0;
};

} // namespace danube::logs
