// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "console/models/ansi.h"
#include "console/models/logrun.h"

#include <QByteArrayView>

#include <vector>

namespace danube::console {

/// The SGR state of every source that is not in its default state, ordered by source.
class AnsiStyles
{
public:
    AnsiStyle of(LogSource source) const;
    /// Applies the sequences of data[begin, end), which must be whole lines.
    void advance(QByteArrayView data, int64_t begin, int64_t end, const LogRuns &runs);
    bool operator==(const AnsiStyles &) const = default;

private:
    void set(LogSource source, const AnsiStyle &style);
    std::vector<std::pair<LogSource, AnsiStyle>> m_styles;
};

struct LogLineRange
{
    int64_t begin = 0;
    int64_t end = 0; ///< without the newline
    bool operator==(const LogLineRange &) const = default;
};

/// Where the lines of an append-only text are: the offset of every 64th line (or of the first line after 64 KiB) and
/// the SGR state there; the lines in between are found by memchr. A text of n bytes costs about n/400 bytes. Only '\n'
/// ends a line; a last line without one counts. Values only: build pieces in a worker with scan(), append() them here.
class LogIndex
{
public:
    struct Block
    {
        int64_t offset;
        int64_t firstLine;
        size_t styles; ///< index of the SGR state
    };
    /// What the builder knows at the end of the indexed bytes.
    struct Position
    {
        int64_t offset = 0; ///< indexed so far
        int64_t newlines = 0;
        int64_t lineStart = 0; ///< of the line that is not ended yet
        int64_t longest = 0;   ///< bytes of the longest ended line
        int64_t blockStart = 0;
        int64_t blockLine = 0;
        AnsiStyles styles; ///< at blockStart
    };
    struct Piece
    {
        std::vector<std::pair<Block, AnsiStyles>> blocks;
        Position after;
    };

    LogIndex() { clear(); }
    void clear();
    /// Pure: indexes data[from.offset, end). `data` begins at offset 0 of the text.
    static Piece scan(QByteArrayView data, int64_t end, const Position &from, const LogRuns &runs);
    void append(Piece piece); ///< of a scan that started at position()
    const Position &position() const { return m_position; }

    int64_t bytes() const { return m_position.offset; }
    int64_t lineCount() const { return m_position.newlines + (m_position.offset > m_position.lineStart); }
    int64_t longestLine() const { return std::max(m_position.longest, m_position.offset - m_position.lineStart); }
    int64_t memory() const; ///< bytes this index occupies

    /// Line numbers start at 0 and must be below lineCount(); `data` is the text, bytes() long or longer. Any answer
    /// within bytes() when it is not the indexed text any more: a file that was cut reads as zeros until that is seen.
    LogLineRange line(QByteArrayView data, int64_t number) const;
    int64_t lineAt(QByteArrayView data, int64_t offset) const; ///< the line that holds the byte at `offset`
    AnsiStyle styleAt(QByteArrayView data, const LogRuns &runs, int64_t number) const;

private:
    std::vector<Block>::const_iterator blockOfLine(int64_t number) const;
    std::vector<Block> m_blocks;
    std::vector<AnsiStyles> m_styles;
    Position m_position;
};

} // namespace danube::console
