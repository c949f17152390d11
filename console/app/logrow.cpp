// SPDX-License-Identifier: GPL-3.0-or-later
#include "console/app/logrow.h"

#include <QElapsedTimer>

#include <cmath>
#include <tuple>
namespace danube::console {

namespace {

constexpr int tabCells = 8;
constexpr size_t mostMatches = 2000; // painted per row
constexpr qsizetype pieceBytes = 2 * 1024;
constexpr milliseconds markingTime{4};    // of one row
constexpr uint32_t glanceSteps = 100'000; // painting does not wait for what a search would

struct CharacterRange
{
    char32_t first;
    char32_t last;
};
// Unicode's East Asian Width W and F, as blocks.
constexpr CharacterRange wideRanges[] = {{0x1100, 0x115f},   {0x2e80, 0x303e},   {0x3041, 0x33ff},  {0x3400, 0x4dbf},
                                         {0x4e00, 0x9fff},   {0xa000, 0xa4cf},   {0xac00, 0xd7a3},  {0xf900, 0xfaff},
                                         {0xfe30, 0xfe6f},   {0xff00, 0xff60},   {0xffe0, 0xffe6},  {0x1f300, 0x1f64f},
                                         {0x1f680, 0x1f6ff}, {0x1f900, 0x1f9ff}, {0x20000, 0x3fffd}};

} // namespace

int cellWidth(char32_t character)
{
    if (character < 0x300)
        return character == 0xad ? 0 : 1;
    switch (QChar::category(character)) {
    case QChar::Mark_NonSpacing:
    case QChar::Mark_Enclosing:
    case QChar::Other_Format:
        return 0;
    default:
        break;
    }
    const bool wide = std::any_of(std::begin(wideRanges), std::end(wideRanges), [character](CharacterRange range) {
        return character >= range.first && character <= range.last;
    });
    return wide ? 2 : 1;
}

LogRow::LogRow(const LogLine &line, const std::optional<LogPattern> &pattern)
    : m_line(renderAnsiLine(line.bytes, line.style)), m_run(line.run), m_offset(line.offset)
{
    layOut();
    const QByteArray plain = m_line.text.toUtf8();
    m_level = line.run.source.stream == LogStream::System ? LogLevel::None : levelOf(plain);
    if (!pattern)
        return;
    qsizetype unit = 0;
    qsizetype byte = 0;
    const auto unitAt = [&](qsizetype offset) {
        unit += QString::fromUtf8(QByteArrayView(plain).sliced(byte, offset - byte)).size();
        byte = offset;
        return unit;
    };
    // In pieces and not for ever: some expressions cost the square of what they look at, and a row is painted now. What
    // the scan reports was already said by the search itself.
    QElapsedTimer time;
    time.start();
    for (qsizetype from = 0; from < plain.size() && time.durationElapsed() < markingTime; from += pieceBytes) {
        const QByteArrayView piece = QByteArrayView(plain).sliced(from, std::min(pieceBytes, plain.size() - from));
        std::ignore = pattern->scan(
            piece,
            [&](qsizetype begin, qsizetype end) {
                const qsizetype first = unitAt(from + begin);
                m_matches.push_back({first, unitAt(from + end)});
                return m_matches.size() < mostMatches;
            },
            glanceSteps);
    }
}

void LogRow::layOut()
{
    const QString &text = m_line.text;
    const bool trivial =
        std::all_of(text.begin(), text.end(), [](QChar c) { return c.unicode() >= 0x20 && c.unicode() < 0x7f; });
    if (trivial)
        return;
    m_cells.reserve(size_t(text.size()) + 1);
    int cell = 0;
    for (qsizetype i = 0; i < text.size(); ++i) {
        m_cells.push_back(cell);
        if (text[i].isHighSurrogate() && i + 1 < text.size()) {
            const int width = cellWidth(QChar::surrogateToUcs4(text[i], text[i + 1]));
            m_cells.push_back(cell);
            cell += width;
            ++i;
        } else if (text[i] == u'\t') {
            cell += tabCells - cell % tabCells;
        } else {
            cell += cellWidth(text[i].unicode());
        }
    }
    m_cells.push_back(cell);
}

std::vector<qsizetype> LogRow::starts(int columns) const
{
    std::vector<qsizetype> starts{0};
    const qsizetype size = m_line.text.size();
    if (columns <= 0 || cellCount() <= columns)
        return starts;
    for (qsizetype i = 1; i < size; ++i) {
        const bool inside = m_line.text[i].isLowSurrogate() || (i > 0 && cellOf(i + 1) == cellOf(i));
        if (!inside && cellOf(i + 1) - cellOf(starts.back()) > columns)
            starts.push_back(i);
    }
    return starts;
}

qsizetype LogRow::indexAt(double cell) const
{
    const qsizetype size = m_line.text.size();
    if (m_cells.empty())
        return std::clamp<qsizetype>(qsizetype(std::lround(cell)), 0, size);
    const auto after = std::lower_bound(m_cells.begin(), m_cells.end(), cell);
    if (after == m_cells.begin())
        return 0;
    // The first unit of a cell, so never between surrogates: a low one has the cell of its high one.
    const auto before = std::lower_bound(m_cells.begin(), after, *std::prev(after));
    const bool isAfterNearer = after != m_cells.end() && *after - cell < cell - *before;
    return std::distance(m_cells.begin(), isAfterNearer ? after : before);
}

} // namespace danube::console
