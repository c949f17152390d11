// SPDX-License-Identifier: GPL-3.0-or-later
#include "console/models/logfolds.h"

#include "console/models/logdocument.h"

#include <algorithm>

namespace danube::console {

void FoldedLines::setFolded(std::set<uint32_t> steps)
{
    steps.erase(0);
    if (std::exchange(m_folded, std::move(steps)) != m_folded)
        rebuild();
}

void FoldedLines::documentRestarted()
{
    rebuild();
}

void FoldedLines::rebuild()
{
    m_ranges.clear();
    m_headings.clear();
    m_lines = 0;
    documentGrown();
}

// The last line may still grow but keeps its number and its source, so whole lines are enough to look at.
void FoldedLines::documentGrown()
{
    const int64_t lines = m_document ? m_document->lineCount() : 0;
    if (m_folded.empty() || lines <= m_lines) {
        m_lines = m_folded.empty() ? 0 : m_lines;
        return;
    }
    const int64_t from = m_document->offsetOf(m_lines);
    m_document->snapshot().runs.visit(from, m_document->bytes(), [&](int64_t begin, int64_t end, LogSource source) {
        if (!m_folded.contains(source.step))
            return;
        const int64_t first = m_document->lineAt(begin);
        const int64_t behind = end >= m_document->bytes() ? lines : m_document->lineAt(end);
        Heading *heading = headingOfStep(source.step);
        if (heading) {
            heading->hidden += behind - first;
            hide(first, behind);
        } else {
            m_headings.push_back({first, source.step, behind - first - 1});
            hide(first + 1, behind);
        }
    });
    m_lines = lines;
}

void FoldedLines::hide(int64_t begin, int64_t end)
{
    if (begin >= end)
        return;
    if (!m_ranges.empty() && m_ranges.back().end == begin)
        m_ranges.back().end = end;
    else
        m_ranges.push_back({begin, end, hidden()});
}

FoldedLines::Heading *FoldedLines::headingOfStep(uint32_t step)
{
    const auto found = std::ranges::find(m_headings, step, &Heading::step);
    return found == m_headings.end() ? nullptr : &*found;
}

uint32_t FoldedLines::headingOf(int64_t line) const
{
    const auto found = std::ranges::find(m_headings, line, &Heading::line);
    return found == m_headings.end() ? 0 : found->step;
}

int64_t FoldedLines::hiddenLines(uint32_t step) const
{
    const auto found = std::ranges::find(m_headings, step, &Heading::step);
    return found == m_headings.end() ? 0 : found->hidden;
}

int64_t FoldedLines::count() const
{
    return (m_document ? m_document->lineCount() : 0) - hidden();
}

int64_t FoldedLines::lineOf(int64_t row) const
{
    // The first range whose hidden lines lie behind the row.
    const auto after = std::partition_point(m_ranges.begin(), m_ranges.end(), [row](const Range &range) {
        return range.begin - range.hiddenBefore <= row;
    });
    if (after == m_ranges.begin())
        return row;
    const Range &range = *std::prev(after);
    return row + range.hiddenBefore + lengthOf(range);
}

int64_t FoldedLines::rowOf(int64_t line) const
{
    const auto after = std::partition_point(m_ranges.begin(), m_ranges.end(),
                                            [line](const Range &range) { return range.begin <= line; });
    if (after == m_ranges.begin())
        return line;
    const Range &range = *std::prev(after);
    if (line < range.end)
        return std::max<int64_t>(0, range.begin - range.hiddenBefore - 1);
    return line - range.hiddenBefore - lengthOf(range);
}

} // namespace danube::console
