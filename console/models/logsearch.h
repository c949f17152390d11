// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "console/models/extentscan.h"
#include "console/models/logpattern.h"
#include "console/models/logstore.h"

#include <QFutureWatcher>
#include <QObject>

#include <vector>

namespace danube::console {

struct LogHit
{
    int64_t begin = 0; ///< offset in the log; escape sequences inside count
    int64_t end = 0;
    bool operator==(const LogHit &) const = default;
};

/// Finds a pattern in a whole log, in a worker over the mapped bytes, and goes on when the log grows. What is searched
/// is the text without escape sequences. The count is exact; not the hits are kept but how many each 64 KiB has,
/// so that a hundred million of them cost little: a hit is found again by searching its piece.
class LogSearch : public QObject
{
    Q_OBJECT
public:
    enum class State { Idle, Searching, Complete, Failed };
    /// Open: the last line without a newline may still grow and is left out for now.
    enum class Tail { Open, Final };

    /// Background: waits for nobody's key, so it never takes a thread from a search that does.
    enum class Urgency { Now, Background };

    explicit LogSearch(Urgency urgency = Urgency::Now, QObject *parent = nullptr) : QObject(parent), m_urgency(urgency)
    {}
    ~LogSearch() override;

    void start(const LogPattern &pattern, const LogSnapshot &log, Tail tail);
    void extend(const LogSnapshot &log, Tail tail); ///< the same log, longer; no-op while Idle or Failed
    void cancel();                                  ///< back to Idle, hits forgotten

    State state() const { return m_state; }
    const QString &error() const { return m_error; } ///< when Failed
    int64_t count() const { return m_count; }
    int64_t searchedBytes() const { return m_searched; }
    const std::optional<LogPattern> &pattern() const { return m_pattern; }

    std::optional<LogHit> firstFrom(int64_t offset) const;  ///< the first hit that begins at `offset` or later
    std::optional<LogHit> lastBefore(int64_t offset) const; ///< the last hit that begins before `offset`
    int64_t ordinal(const LogHit &hit) const;               ///< 1 for the first hit of the log
    /// Whether a hit begins in [begin, end): exact to about a line in small logs, to 1 KiB in large ones.
    bool isAnyBetween(int64_t begin, int64_t end) const;

    int64_t matchedLines() const
    {
        return m_extents.empty() ? 0 : m_extents.back().linesBefore + m_extents.back().lines;
    }
    int64_t matchedLine(int64_t number) const;        ///< offset of the first hit in the `number`th line with hits
    int64_t matchedLinesBefore(int64_t offset) const; ///< lines with hits whose first hit begins before `offset`

signals:
    void changed(); ///< count, searchedBytes or state

private:
    struct Batch
    {
        std::vector<LogExtent> extents;
        int64_t searched = 0;
        QString error;
    };
    static void run(QPromise<Batch> &promise, const LogPattern &pattern, const LogSnapshot &log, int64_t from,
                    int64_t to);
    void searchOn();
    void take(const Batch &batch);
    void passEnded();
    using Hits = std::vector<LogHit>;
    const Hits &hitsOf(const LogExtent &extent) const;
    std::vector<int64_t> lineStartsOf(const LogExtent &extent) const;

    std::optional<LogPattern> m_pattern;
    LogSnapshot m_log;
    Tail m_tail = Tail::Open;
    State m_state = State::Idle;
    QString m_error;
    int64_t m_count = 0;
    int64_t m_searched = 0;
    std::vector<LogExtent> m_extents; ///< only those with hits
    mutable int64_t m_hitsBegin = -1; ///< the extent whose hits are in m_hits
    mutable Hits m_hits;
    Urgency m_urgency;
    std::unique_ptr<QFutureWatcher<Batch>> m_pass;
};

} // namespace danube::console
