// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "server/logs/logfiles.h"
#include "server/logs/maskstream.h"

namespace danube::logs {

/// The LogWriter on LogFiles: masks, cuts into lines, counts raw bytes. Any call that fails leaves everything as after
/// the last run that was written, and may be repeated with the same bytes.
class FileLogWriter final : public LogWriter
{
public:
    /// Opens or recovers the job's log; a sealed one opens too, but takes nothing. Clock and calls outlive the writer.
    static Result<std::unique_ptr<FileLogWriter>> open(const QString &directory, const JobId &job, const Clock &clock,
                                                       FileCalls &calls = FileCalls::system());
    FileLogWriter(QString directory, JobId job, const Clock &clock, std::unique_ptr<LogFiles> files);

    Result<void> append(StepNumber step, LogStream stream, uint64_t rawOffset, QByteArrayView bytes,
                        WallTime time) override;
    Result<void> note(StepNumber step, const QString &text) override;
    Result<void> endStep(StepNumber step) override;
    Result<void> flushOldFragments() override;
    Result<void> sync() override;
    StreamOffsets durable(StepNumber step) const override;
    StreamOffsets accepted(StepNumber step) const override;
    void addSecrets(std::span<const Secret> values) override;
    qint64 size() const override;
    Result<LogSeal> seal() override;

    bool isSealed() const { return m_seal.has_value(); }
    qint64 diskBytes() const { return isSealed() ? 0 : m_files->diskBytes(); } ///< index included; of an open log
    bool isSynced() const { return isSealed() || m_files->isSynced(); }
    qint64 unsyncedBytes() const { return isSealed() ? 0 : m_files->unsyncedBytes(); }
    void hashSome() ///< now and then, see LogFiles
    {
        if (!isSealed())
            m_files->hashSome();
    }
    /// Called after each run that was written, within the writing call: it must only take note.
    void onWritten(std::function<void()> hook) { m_onWritten = std::move(hook); }

private:
    struct Stream
    {
        uint64_t accepted = 0; ///< raw bytes taken in
        uint64_t written = 0;  ///< raw bytes whose masked form is in the file
        uint64_t durable = 0;  ///< and synced
        MaskStream mask;
        QByteArray pending;                        ///< masked beginning of an unfinished line
        std::optional<SteadyTime> unfinishedSince; ///< while decided bytes are not written
        WallTime time{};                           ///< of the last bytes
        qsizetype unwrittenSize() const { return pending.size() + mask.heldBack(); }
        uint64_t decided() const { return accepted - static_cast<uint64_t>(mask.heldBack()); }
    };
    Result<void> take(const StreamKey &key, Stream &stream, QByteArrayView piece);
    Result<void> finish(const StreamKey &key, Stream &stream);
    Result<void> writeUnfinished(const StreamKey &key, Stream &stream);
    Result<void> write(const StreamKey &key, Stream &stream, bool synthetic);
    Result<void> refuseSealed() const;
    template <class Count> StreamOffsets offsets(StepNumber step, Count count) const;

    const QString m_directory;
    const JobId m_job;
    const Clock &m_clock;
    std::unique_ptr<LogFiles> m_files; ///< null once sealed
    std::optional<LogSeal> m_seal;
    std::map<StreamKey, Stream> m_streams;
    QList<QByteArray> m_patterns;
    MaskAutomaton m_automaton;
    std::function<void()> m_onWritten;
};

} // namespace danube::logs
