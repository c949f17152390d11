// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "server/logs/indexview.h"
#include "server/logs/logcontent.h"
#include "server/logs/logreader.h"

namespace danube::logs {

/// The LogReader on the files of LogFiles and their compressed form: pread only, so that a log of any size costs a
/// block of memory.
class FileLogReader final : public LogReader
{
public:
    FileLogReader(QString directory, JobId job, std::unique_ptr<LogContent> content, int index);
    /// Of a log that was removed.
    FileLogReader(QString directory, JobId job, LogSeal seal);
    ~FileLogReader() override;
    Q_DISABLE_COPY_MOVE(FileLogReader)

    Result<void> refresh() override;
    qint64 size() const override { return m_index.end(); }
    quint32 generation() const override { return m_index.generation(); }
    std::optional<LogSeal> seal() const override { return m_seal; }
    Result<QByteArray> read(qint64 offset, qint64 maxLength) const override;
    Result<QList<LogRun>> runs(qint64 offset, qint64 maxBytes) const override;
    Result<qint64> forEachLine(qint64 offset, qint64 maxBytes,
                               const std::function<bool(const LogLine &)> &visit) const override;
    Result<Extract> extract(const LogSelection &selection, qint64 maxBytes, qint64 fromOffset) const override;

private:
    template <class Visit> Result<void> walk(qint64 offset, Visit visit) const;
    Result<void> extractRun(const LogRun &run, qint64 maxBytes, qint64 fromOffset, Extract &extract) const;

    const QString m_directory;
    const JobId m_job;
    const std::unique_ptr<LogContent> m_content; ///< null for a log that was removed
    const int m_indexFile = -1;
    IndexView m_index;
    std::optional<LogSeal> m_seal;
};

} // namespace danube::logs
