// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "console/models/logrun.h"
#include "console/models/mappedbytes.h"

#include <QByteArrayView>
#include <QFile>

#include <span>

namespace danube::console {

/// The bytes of a log as they were at one moment. Stays valid (mapped) for as long as it is kept; for any thread.
struct LogSnapshot
{
    std::shared_ptr<const MappedBytes> mapping; ///< null when empty
    int64_t size = 0;
    LogRuns runs;
    QByteArrayView bytes() const { return mapping ? QByteArrayView(mapping->data(), size) : QByteArrayView(); }
};

/// The bytes of one log on disk. Two kinds: a cache that mirrors a master's log byte for byte (so its size is the
/// offset to resume from, also after a restart of this program), and any local file, which is only read.
class LogStore
{
public:
    /// Opens or creates the cache `path` and `path`.runs. What a crash left half written is cut off. Conflict: another
    /// process has it open.
    static Result<std::unique_ptr<LogStore>> openCache(const QString &path);
    static Result<std::unique_ptr<LogStore>> openFile(const QString &path);

    /// Cache only: adds whole lines and where their runs start.
    Result<void> append(QByteArrayView bytes, std::span<const LogRun> runs);
    /// Cache only: forgets everything; `generation` is the master's name for the state of its file.
    Result<void> restart(quint32 generation);
    /// Local file only: takes over its present size. DataLoss: it is another log than before (became shorter, begins
    /// differently, or another file has taken its name, as log rotation does); this object now reads that one. A file
    /// whose name is gone is read on until a new one appears.
    Result<void> refresh();

    Result<LogSnapshot> snapshot();
    int64_t size() const { return m_size; }
    quint32 generation() const { return m_generation; }
    const LogRuns &runs() const { return m_runs; }
    QString path() const { return m_log.fileName(); }
    bool isCache() const { return m_isCache; }

private:
    LogStore(const QString &path, bool isCache);
    Result<void> open();
    bool readRuns();
    Result<bool> reopenIfReplaced();
    bool beginsAsBefore();
    Result<void> recover();
    Result<void> cutFiles();
    Result<void> write(QFile &file, QByteArrayView bytes);

    QFile m_log;
    QFile m_runsFile;
    bool m_isCache;
    int64_t m_size = 0;
    quint32 m_generation = 0;
    LogRuns m_runs;
    QByteArray m_head; ///< first bytes of a local file: a log that was emptied and grew again begins differently
    std::shared_ptr<const MappedBytes> m_mapping;
};

} // namespace danube::console
