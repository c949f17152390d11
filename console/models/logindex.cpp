// SPDX-License-Identifier: GPL-3.0-or-later
#include "console/models/logindex.h"

namespace danube::console {

namespace {

constexpr int64_t linesPerBlock = 64;
constexpr int64_t bytesPerBlock = 64 * 1024;

int64_t newlineAfter(QByteArrayView data, int64_t from, int64_t end)
{
    return data.first(end).indexOf('\n', from);
}

} // namespace

AnsiStyle AnsiStyles::of(LogSource source) const
{
    for (const auto &[key, style] : m_styles) {
        if (key == source)
            return style;
    }
    return {};
}

void AnsiStyles::set(LogSource source, const AnsiStyle &style)
{
    const auto place = std::lower_bound(m_styles.begin(), m_styles.end(), source,
                                        [](const auto &entry, LogSource key) { return entry.first < key; });
    const bool known = place != m_styles.end() && place->first == source;
    if (known && style.isDefault())
        m_styles.erase(place);
    else if (known)
        place->second = style;
    else if (!style.isDefault())
        m_styles.insert(place, {source, style});
}

void AnsiStyles::advance(QByteArrayView data, int64_t begin, int64_t end, const LogRuns &runs)
{
    runs.visit(begin, end, [&](int64_t from, int64_t to, LogSource source) {
        AnsiStyle style = of(source);
        advanceStyle(data.sliced(from, to - from), style);
        set(source, style);
    });
}

void LogIndex::clear()
{
    m_blocks = {{0, 0, 0}};
    m_styles = {{}};
    m_position = {};
}

LogIndex::Piece LogIndex::scan(QByteArrayView data, int64_t end, const Position &from, const LogRuns &runs)
{
    Piece piece{{}, from};
    Position &at = piece.after;
    for (int64_t newline = newlineAfter(data, at.offset, end); newline >= 0;
         newline = newlineAfter(data, newline + 1, end)) {
        at.longest = std::max(at.longest, newline - at.lineStart);
        at.lineStart = newline + 1;
        ++at.newlines;
        if (at.newlines - at.blockLine < linesPerBlock && at.lineStart - at.blockStart < bytesPerBlock)
            continue;
        at.styles.advance(data, at.blockStart, at.lineStart, runs);
        at.blockStart = at.lineStart;
        at.blockLine = at.newlines;
        piece.blocks.push_back({{at.blockStart, at.blockLine, 0}, at.styles});
    }
    at.offset = std::max(end, at.offset);
    return piece;
}

void LogIndex::append(Piece piece)
{
    for (auto &[block, styles] : piece.blocks) {
        if (styles != m_styles.back())
            m_styles.push_back(std::move(styles));
        block.styles = m_styles.size() - 1;
        m_blocks.push_back(block);
    }
    m_position = std::move(piece.after);
}

int64_t LogIndex::memory() const
{
    return int64_t(m_blocks.capacity() * sizeof(Block) + m_styles.capacity() * sizeof(AnsiStyles));
}

std::vector<LogIndex::Block>::const_iterator LogIndex::blockOfLine(int64_t number) const
{
    const auto after = std::upper_bound(m_blocks.begin(), m_blocks.end(), number,
                                        [](int64_t line, const Block &block) { return line < block.firstLine; });
    return std::prev(after);
}

LogLineRange LogIndex::line(QByteArrayView data, int64_t number) const
{
    const auto block = blockOfLine(number);
    const auto next = std::next(block);
    int64_t begin = block->offset;
    for (int64_t current = block->firstLine; current < number; ++current) {
        const int64_t newline = newlineAfter(data, begin, bytes());
        if (newline < 0)
            break;
        begin = newline + 1;
    }
    if (next != m_blocks.end() && next->firstLine == number + 1)
        return {begin, std::max(begin, next->offset - 1)}; // spares a search through a very long line
    const int64_t newline = number < m_position.newlines ? newlineAfter(data, begin, bytes()) : -1;
    return {begin, newline < 0 ? bytes() : newline};
}

int64_t LogIndex::lineAt(QByteArrayView data, int64_t offset) const
{
    const auto after = std::upper_bound(m_blocks.begin(), m_blocks.end(), offset,
                                        [](int64_t value, const Block &block) { return value < block.offset; });
    const Block &block = *std::prev(after);
    const QByteArrayView before = data.sliced(block.offset, offset - block.offset);
    return block.firstLine + std::count(before.begin(), before.end(), '\n');
}

AnsiStyle LogIndex::styleAt(QByteArrayView data, const LogRuns &runs, int64_t number) const
{
    const Block &block = *blockOfLine(number);
    const int64_t begin = line(data, number).begin;
    AnsiStyles styles = m_styles[block.styles];
    styles.advance(data, block.offset, begin, runs);
    return styles.of(runs.at(begin).source);
}

} // namespace danube::console
