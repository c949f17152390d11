// SPDX-License-Identifier: GPL-3.0-or-later
#include "console/models/textdifference.h"

#include <algorithm>

namespace danube::console {

namespace {

constexpr qsizetype maxDifferences = 2000;

bool isContinuation(char byte)
{
    return (static_cast<unsigned char>(byte) & 0xC0U) == 0x80;
}

template <class Text> std::pair<qsizetype, qsizetype> sameEnds(const Text &before, const Text &after)
{
    const qsizetype shorter = std::min(before.size(), after.size());
    qsizetype front = 0;
    while (front < shorter && before[front] == after[front])
        ++front;
    qsizetype back = 0;
    while (back < shorter - front && before[before.size() - 1 - back] == after[after.size() - 1 - back])
        ++back;
    return {front, back};
}

/// Myers' greedy search over the lines that differ; `trace` holds the furthest points of each round.
class LineDifference
{
public:
    LineDifference(const QStringList &before, const QStringList &after) : m_before(before), m_after(after) {}

    QList<DiffLine> find()
    {
        const qsizetype most = std::min(m_before.size() + m_after.size(), maxDifferences);
        m_furthest.assign(static_cast<size_t>(2 * most + 3), 0);
        m_middle = most + 1;
        for (qsizetype round = 0; round <= most; ++round) {
            m_trace.push_back(m_furthest);
            if (advance(round))
                return walkBack(round);
        }
        return asBlock();
    }

private:
    qsizetype &furthest(qsizetype diagonal) { return m_furthest[static_cast<size_t>(m_middle + diagonal)]; }

    bool advance(qsizetype round)
    {
        for (qsizetype diagonal = -round; diagonal <= round; diagonal += 2) {
            const bool down =
                diagonal == -round || (diagonal != round && furthest(diagonal - 1) < furthest(diagonal + 1));
            qsizetype x = down ? furthest(diagonal + 1) : furthest(diagonal - 1) + 1;
            while (x < m_before.size() && x - diagonal < m_after.size() && m_before[x] == m_after[x - diagonal])
                ++x;
            furthest(diagonal) = x;
            if (x >= m_before.size() && x - diagonal >= m_after.size())
                return true;
        }
        return false;
    }

    QList<DiffLine> walkBack(qsizetype rounds)
    {
        QList<DiffLine> lines;
        qsizetype x = m_before.size();
        qsizetype y = m_after.size();
        for (qsizetype round = rounds; round > 0; --round) {
            m_furthest = m_trace[static_cast<size_t>(round)];
            const qsizetype diagonal = x - y;
            const bool down =
                diagonal == -round || (diagonal != round && furthest(diagonal - 1) < furthest(diagonal + 1));
            const qsizetype fromX = down ? furthest(diagonal + 1) : furthest(diagonal - 1);
            const qsizetype fromY = fromX - (down ? diagonal + 1 : diagonal - 1);
            for (; x > fromX && y > fromY; --x, --y)
                lines.append({DiffLine::Kind::Same, m_before[x - 1]});
            if (down)
                lines.append({DiffLine::Kind::Added, m_after[--y]});
            else
                lines.append({DiffLine::Kind::Removed, m_before[--x]});
        }
        for (; x > 0; --x)
            lines.append({DiffLine::Kind::Same, m_before[x - 1]});
        std::ranges::reverse(lines);
        return lines;
    }

    QList<DiffLine> asBlock() const
    {
        QList<DiffLine> lines;
        for (const QString &line : m_before)
            lines.append({DiffLine::Kind::Removed, line});
        for (const QString &line : m_after)
            lines.append({DiffLine::Kind::Added, line});
        return lines;
    }

    const QStringList &m_before;
    const QStringList &m_after;
    std::vector<qsizetype> m_furthest;
    std::vector<std::vector<qsizetype>> m_trace;
    qsizetype m_middle = 0;
};

} // namespace

blueprint::TextEdit editBetween(const QByteArray &before, const QByteArray &after)
{
    auto [front, back] = sameEnds(before, after);
    while (front > 0 && ((front < before.size() && isContinuation(before[front])) ||
                         (front < after.size() && isContinuation(after[front]))))
        --front;
    while (back > 0 && isContinuation(before[before.size() - back]))
        --back;
    return {front, before.size() - front - back, after.sliced(front, after.size() - front - back)};
}

TextChange changeBetween(const QString &before, const QString &after)
{
    auto [front, back] = sameEnds(before, after);
    if (front > 0 && before[front - 1].isHighSurrogate())
        --front;
    if (back > 0 && before[before.size() - back].isLowSurrogate())
        --back;
    return {front, before.size() - front - back, after.sliced(front, after.size() - front - back)};
}

QList<DiffLine> diffLines(const QStringList &before, const QStringList &after)
{
    const auto [front, back] = sameEnds(before, after);
    QList<DiffLine> lines;
    for (const QString &line : before.first(front))
        lines.append({DiffLine::Kind::Same, line});
    const QStringList old = before.sliced(front, before.size() - front - back);
    const QStringList fresh = after.sliced(front, after.size() - front - back);
    lines.append(LineDifference(old, fresh).find());
    for (const QString &line : before.last(back))
        lines.append({DiffLine::Kind::Same, line});
    return lines;
}

QStringList linesOf(const QByteArray &text)
{
    QStringList lines = QString::fromUtf8(text).split(u'\n');
    if (lines.last().isEmpty())
        lines.removeLast();
    for (QString &line : lines) {
        if (line.endsWith(u'\r'))
            line.chop(1);
    }
    return lines;
}

} // namespace danube::console
