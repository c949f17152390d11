// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "server/logs/logcontent.h"
#include "server/logs/seektable.h"

namespace danube::logs {

/// A compressed log read at the offsets of its content. Holds its seek table (32 bytes per 256 KiB of log) and the
/// block read last; every block is checked when it is read.
class CompressedLog final : public LogContent
{
public:
    /// NotFound; DataLoss for a file that does not end with its seek table.
    static Result<std::unique_ptr<CompressedLog>> open(const QString &path);
    ~CompressedLog() override;
    Q_DISABLE_COPY_MOVE(CompressedLog)

    Result<qint64> size() const override { return m_table.contentSize(); }
    Result<qint64> readAt(qint64 offset, char *data, qint64 size) override;

private:
    CompressedLog(int file, QString path) : m_file(file), m_path(std::move(path)) {}
    Result<void> readTable();
    Result<void> load(qint64 block);

    const int m_file;
    const QString m_path;
    SeekTable m_table;
    qint64 m_loaded = -1;
    QByteArray m_content; ///< of block m_loaded
};

} // namespace danube::logs
