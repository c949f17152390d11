// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "console/models/logindex.h"
#include "console/models/logstore.h"

#include <QFutureWatcher>
#include <QObject>
#include <QTimer>

namespace danube::console {

struct LogLine
{
    QByteArrayView bytes; ///< without the newline; valid until the document next changes
    int64_t offset = 0;   ///< of its first byte
    AnsiStyle style{};    ///< at its start
    LogRun run{};         ///< who wrote it and when
};

/// A log as views show it: its store, the index over it, and one signal per tick however fast it grows. Lines count
/// from 0 here; people see them from 1.
class LogDocument : public QObject
{
    Q_OBJECT
public:
    explicit LogDocument(std::unique_ptr<LogStore> store, QObject *parent = nullptr);
    ~LogDocument() override;

    int64_t lineCount() const { return m_index.lineCount(); }
    int64_t longestLine() const { return m_index.longestLine(); } ///< bytes
    LogLine line(int64_t number) const;
    int64_t offsetOf(int64_t number) const; ///< of the first byte of that line
    int64_t lineAt(int64_t offset) const;   ///< offsets beyond the index give the last line
    const LogSnapshot &snapshot() const { return m_snapshot; }
    Result<LogSnapshot> wholeSnapshot() { return m_store->snapshot(); } ///< with what is written but not indexed yet
    int64_t bytes() const { return m_index.bytes(); }                   ///< indexed, so visible
    bool isIndexing() const { return m_pass != nullptr; }
    bool isFinished() const { return m_finished; }
    int64_t indexMemory() const { return m_index.memory(); }

    /// Cache only. Whole lines of one source; kept for up to one tick, then written and shown.
    void append(QByteArrayView lines, const LogRun &run);
    void restart(quint32 generation);
    void finish(); ///< nothing will follow; shows what waits. When that fails it is not finished: failed() says so.
    int64_t receivedBytes() const { return m_store->size() + m_waiting.size(); }
    quint32 generation() const { return m_store->generation(); }
    QString path() const { return m_store->path(); }

    /// Local file only: looks for growth a few times a second.
    void watchFile();

    static constexpr milliseconds tick{40};

signals:
    void grown();
    void restarted(); ///< everything shown is void
    void finished();
    void failed(const QString &message); ///< disk full, file gone: the log cannot go on

private:
    bool flush();
    void look();
    void indexMore();
    void indexInWorker();
    void passEnded();
    void forgetIndex();

    std::unique_ptr<LogStore> m_store;
    LogIndex m_index;
    LogSnapshot m_snapshot;
    QByteArray m_waiting;
    std::vector<LogRun> m_waitingRuns;
    QTimer m_tick;
    QTimer m_watch;
    bool m_finished = false;
    std::unique_ptr<QFutureWatcher<LogIndex::Piece>> m_pass;
};

} // namespace danube::console
