// SPDX-License-Identifier: GPL-3.0-or-later
// The line as a terminal shows it: a row of cells, a cursor, and what moves or clears them.
#include "console/models/ansi.h"

#include <vector>

namespace danube::console {

namespace {

constexpr bool isControl(char byte)
{
    return uint8_t(byte) < 0x20 || byte == 0x7f;
}

class LineScreen
{
public:
    explicit LineScreen(AnsiStyle style) : m_style(style) {}

    void feed(QByteArrayView bytes)
    {
        qsizetype from = 0;
        while (from < bytes.size()) {
            qsizetype end = from;
            while (end < bytes.size() && (!isControl(bytes[end]) || bytes[end] == '\t'))
                ++end;
            if (end > from)
                write(QString::fromUtf8(bytes.sliced(from, end - from)));
            from = end < bytes.size() ? end + control(bytes.sliced(end)) : end;
        }
    }

    AnsiLine take() const
    {
        AnsiLine line;
        line.text.reserve(qsizetype(m_cells.size()));
        for (size_t i = 0; i < m_cells.size(); ++i) {
            if (i == m_cursor)
                line.cursor = line.text.size();
            const qsizetype start = line.text.size();
            line.text += QChar::fromUcs4(m_cells[i].character);
            const AnsiStyle &style = m_cells[i].style;
            if (line.runs.isEmpty() || line.runs.constLast().style != style)
                line.runs.append({start, 0, style});
            line.runs.last().length = line.text.size() - line.runs.constLast().start;
        }
        if (m_cursor >= m_cells.size())
            line.cursor = line.text.size();
        return line;
    }

private:
    struct Cell
    {
        char32_t character;
        AnsiStyle style;
    };

    void write(const QString &text)
    {
        const auto characters = text.toUcs4();
        for (const char32_t character : characters)
            put(character);
    }

    void put(char32_t character)
    {
        while (m_cells.size() < m_cursor)
            m_cells.push_back({U' ', {}});
        if (m_cursor < m_cells.size())
            m_cells[m_cursor] = {character, m_style};
        else
            m_cells.push_back({character, m_style});
        ++m_cursor;
    }

    qsizetype control(QByteArrayView bytes)
    {
        const char byte = bytes.front();
        if (byte == ansiEscape)
            return escape(readAnsiSequence(bytes));
        if (byte == '\r')
            m_cursor = 0;
        else if (byte == '\b')
            m_cursor -= m_cursor > 0;
        else if (byte != '\a')
            put(char32_t(QChar::ReplacementCharacter));
        return 1;
    }

    qsizetype escape(const AnsiSequence &sequence)
    {
        const int number = sequence.parameters.toInt();
        switch (sequence.kind) {
        case AnsiSequence::Kind::Sgr:
            applySgr(sequence.parameters, m_style);
            break;
        case AnsiSequence::Kind::EraseInLine:
            erase(number);
            break;
        case AnsiSequence::Kind::CursorColumn:
            m_cursor = size_t(std::clamp(number, 1, 4096) - 1);
            break;
        case AnsiSequence::Kind::Other:
            break;
        }
        return sequence.length;
    }

    void erase(int mode)
    {
        if (mode == 2)
            m_cells.clear();
        else if (mode == 0 && m_cursor < m_cells.size())
            m_cells.resize(m_cursor);
        for (size_t i = 0; mode == 1 && i <= m_cursor && i < m_cells.size(); ++i)
            m_cells[i] = {U' ', {}};
    }

    std::vector<Cell> m_cells;
    size_t m_cursor = 0;
    AnsiStyle m_style;
};

// The part of an over-long line worth drawing; `style` becomes the one at its start.
QByteArrayView visiblePart(QByteArrayView line, AnsiStyle &style, qsizetype maxBytes)
{
    const qsizetype restart = line.indexOf('\r', line.size() - maxBytes);
    if (restart >= 0 && restart + 1 < line.size()) {
        advanceStyle(line.first(restart), style);
        return line.sliced(restart);
    }
    qsizetype end = maxBytes;
    while (end > maxBytes - 4 && (uint8_t(line[end]) & 0xc0) == 0x80)
        --end; // not through a character
    return line.first(end);
}

} // namespace

AnsiLine renderAnsiLine(QByteArrayView line, AnsiStyle style, qsizetype maxBytes)
{
    const bool cut = line.size() > maxBytes;
    if (cut)
        line = visiblePart(line, style, maxBytes);
    const bool plain =
        std::none_of(line.begin(), line.end(), [](char byte) { return isControl(byte) && byte != '\t'; });
    AnsiLine drawn;
    if (plain) {
        drawn.text = QString::fromUtf8(line);
        drawn.cursor = drawn.text.size();
        if (!drawn.text.isEmpty())
            drawn.runs.append({0, drawn.text.size(), style});
    } else {
        LineScreen screen(style);
        screen.feed(line);
        drawn = screen.take();
    }
    drawn.cut = cut;
    return drawn;
}

} // namespace danube::console
