// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "server/logs/logreader.h"
#include "shared/model/job.h"

#include <QByteArray>

#include <array>
#include <deque>

namespace danube::http {

enum class LogForm : uint8_t { Plain, Json };

/// Where one stream client is. Small, because there may be thousands.
struct SsePosition
{
    qint64 next = 0;                        ///< log: byte offset; events: sequence number
    std::optional<quint32> generation = {}; ///< log: of the id the client came with
    bool isResumed = false;                 ///< the client came with an id that is still to be judged
    LogForm form = LogForm::Plain;
    logs::LogSelection selection = {}; ///< log: other lines are left out
};

/// What a client gets next.
struct SseBlock
{
    QByteArray bytes;    ///< whole events, shared between clients at the same place; empty = nothing new
    qint64 next = 0;     ///< the client's position after it
    bool isLast = false; ///< nothing will ever follow
};

/// Content of a stream, for any number of clients at any positions. SSE thread.
class SseFeed
{
public:
    virtual ~SseFeed() = default;
    /// Called once per client before next(): judges the id it came with, may change the position, gives first bytes.
    virtual Result<QByteArray> begin(SsePosition &position) = 0;
    virtual Result<SseBlock> next(const SsePosition &position) = 0;
};

/// The log of one job as SSE (contract: "SSE"). Reads the file from each client's own offset; blocks just made are kept
/// for the others who follow the same head.
class LogFeed final : public SseFeed
{
public:
    using OpenLog = std::function<Result<std::unique_ptr<logs::LogReader>>(const JobId &)>;
    using FindJob = std::function<Result<Job>(const JobId &)>;
    LogFeed(JobId job, OpenLog openLog, FindJob findJob);

    Result<void> refresh(); ///< the log grew, was sealed or the job changed
    Result<QByteArray> begin(SsePosition &position) override;
    Result<SseBlock> next(const SsePosition &position) override;

    static constexpr qint64 blockBytes = 64 << 10;      ///< of log per block, about
    static constexpr qsizetype outputBytes = 128 << 10; ///< of events per block, about

private:
    struct Cached
    {
        SsePosition position{.next = -1};
        SseBlock block;
    };
    class LineWriter;
    Result<SseBlock> makeBlock(const SsePosition &position) const;
    Result<SseBlock> endBlock();
    Result<void> openReader();

    const JobId m_job;
    const OpenLog m_openLog;
    const FindJob m_findJob;
    std::unique_ptr<logs::LogReader> m_reader; ///< null while the job has no log
    std::optional<Job> m_ended;                ///< the job, once it is final
    std::array<Cached, 8> m_cache;             ///< newest blocks, round robin
    size_t m_cacheNext = 0;
};

/// Job and step events of this master's lifetime as a bounded ring. Ids are "<epoch>:<sequence>"; a client whose id is
/// of another epoch or older than the ring gets `event: gap` and must list again.
class EventFeed final : public SseFeed
{
public:
    EventFeed(QByteArray epoch, qsizetype maxEvents, qsizetype maxBytes);

    void publish(const QByteArray &type, const QByteArray &json);
    void forget(); ///< events were lost: every client gets a gap
    /// The position an id names; nullopt for another epoch.
    std::optional<qint64> sequenceOf(QByteArrayView id) const;
    qint64 head() const { return m_first + static_cast<qint64>(m_events.size()); } ///< of the next event
    Result<QByteArray> begin(SsePosition &position) override;
    Result<SseBlock> next(const SsePosition &position) override;

    static constexpr qsizetype blockBytes = 64 << 10;

private:
    QByteArray idOf(qint64 sequence) const { return m_epoch + ':' + QByteArray::number(sequence); }
    QByteArray gapEvent() const;

    const QByteArray m_epoch;
    const qsizetype m_maxEvents;
    const qsizetype m_maxBytes;
    std::deque<QByteArray> m_events; ///< encoded
    qint64 m_first = 1;              ///< sequence of the front
    qsizetype m_bytes = 0;
    qint64 m_cachedFrom = -1;
    SseBlock m_cached;
};

} // namespace danube::http
