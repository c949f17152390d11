// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "console/models/logdocument.h"
#include "console/models/logsearch.h"

#include <QPointer>

namespace danube::console {

/// One search in one log, with a place: "next", "previous", "3 of 1 922". A step to a part that is not searched yet
/// waits for it, and is forgotten by the next step or forgetStep().
class LogFinder : public QObject
{
    Q_OBJECT
public:
    enum class Direction { Forward, Backward };
    enum class Ends { Wrap, Stop }; ///< what a step beyond the last hit does

    explicit LogFinder(Ends ends, LogSearch::Urgency urgency = LogSearch::Urgency::Now, QObject *parent = nullptr);

    void setDocument(LogDocument *document); ///< keeps the pattern and searches anew
    void setPattern(const std::optional<LogPattern> &pattern);
    const std::optional<LogPattern> &pattern() const { return m_pattern; }

    /// From `offset` on: Forward takes a hit that begins there or later, Backward one that begins before.
    void step(Direction direction, int64_t offset);
    void forgetStep() { m_waiting.reset(); }

    int64_t count() const { return m_search.count(); }
    const LogSearch &search() const { return m_search; }
    bool isSearching() const { return m_search.state() == LogSearch::State::Searching; }
    QString error() const { return m_search.error(); }
    const std::optional<LogHit> &current() const { return m_current; }
    int64_t ordinal() const { return m_current ? m_search.ordinal(*m_current) : 0; }

signals:
    void changed();                                 ///< counts, state
    void found(const danube::console::LogHit &hit); ///< the step's answer
    void wrapped();                                 ///< the found hit is on the other side of the log's end
    void nothingFound();                            ///< Wrap: no hit at all; Stop: none in that direction

private:
    struct Step
    {
        Direction direction;
        int64_t offset;
    };
    void restart();
    void searchFurther();
    void tryStep();
    LogSearch::Tail tail() const;
    void answer(const std::optional<LogHit> &hit);

    Ends m_ends;
    QPointer<LogDocument> m_document;
    std::optional<LogPattern> m_pattern;
    LogSearch m_search;
    std::optional<Step> m_waiting;
    std::optional<LogHit> m_current;
};

} // namespace danube::console
