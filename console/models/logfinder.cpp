// SPDX-License-Identifier: GPL-3.0-or-later
#include "console/models/logfinder.h"

namespace danube::console {

LogFinder::LogFinder(Ends ends, LogSearch::Urgency urgency, QObject *parent)
    : QObject(parent), m_ends(ends), m_search(urgency)
{
    connect(&m_search, &LogSearch::changed, this, [this] {
        tryStep();
        emit changed();
    });
}

void LogFinder::setDocument(LogDocument *document)
{
    if (m_document)
        m_document->disconnect(this);
    m_document = document;
    if (document) {
        connect(document, &LogDocument::grown, this, &LogFinder::searchFurther);
        connect(document, &LogDocument::finished, this, &LogFinder::searchFurther);
        connect(document, &LogDocument::restarted, this, &LogFinder::restart);
    }
    restart();
}

void LogFinder::setPattern(const std::optional<LogPattern> &pattern)
{
    m_pattern = pattern;
    restart();
}

LogSearch::Tail LogFinder::tail() const
{
    return m_document->isFinished() ? LogSearch::Tail::Final : LogSearch::Tail::Open;
}

void LogFinder::restart()
{
    m_waiting.reset();
    m_current.reset();
    m_search.cancel();
    if (m_pattern && m_document)
        m_search.start(*m_pattern, m_document->snapshot(), tail());
    emit changed();
}

void LogFinder::searchFurther()
{
    if (m_pattern && m_document)
        m_search.extend(m_document->snapshot(), tail());
}

void LogFinder::step(Direction direction, int64_t offset)
{
    m_waiting = Step{direction, offset};
    tryStep();
}

void LogFinder::tryStep()
{
    if (!m_waiting || !m_pattern)
        return;
    const bool complete = m_search.state() != LogSearch::State::Searching;
    const bool forward = m_waiting->direction == Direction::Forward;
    if (!forward && !complete && m_search.searchedBytes() < m_waiting->offset)
        return;
    const auto hit = forward ? m_search.firstFrom(m_waiting->offset) : m_search.lastBefore(m_waiting->offset);
    if (hit || m_ends == Ends::Stop) {
        if (hit || complete || !forward)
            answer(hit);
        return;
    }
    if (!complete)
        return;
    const auto other = forward ? m_search.firstFrom(0) : m_search.lastBefore(m_search.searchedBytes());
    if (other)
        emit wrapped();
    answer(other);
}

void LogFinder::answer(const std::optional<LogHit> &hit)
{
    m_waiting.reset();
    if (!hit) {
        emit nothingFound();
        return;
    }
    m_current = hit;
    emit found(*hit);
    emit changed();
}

} // namespace danube::console
