// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "console/models/logdocument.h"
#include "console/models/loglevel.h"

#include <vector>

namespace danube::console {

struct LogSpan
{
    qsizetype begin = 0; ///< UTF-16 units of the row's text
    qsizetype end = 0;
    bool operator==(const LogSpan &) const = default;
};

/// One line ready to be painted: its text and styles on a grid of cells. Tabs go to every eighth cell, East Asian wide
/// characters take two, combining marks none.
class LogRow
{
public:
    LogRow(const LogLine &line, const std::optional<LogPattern> &pattern);

    const QString &text() const { return m_line.text; }
    const QList<AnsiRun> &runs() const { return m_line.runs; }
    bool isCut() const { return m_line.cut; }
    const LogRun &run() const { return m_run; }
    int64_t offset() const { return m_offset; }
    LogLevel level() const { return m_level; }
    const std::vector<LogSpan> &matches() const { return m_matches; } ///< of the pattern, in order

    bool isPlainGrid() const { return m_cells.empty(); } ///< unit i is cell i
    int64_t cellOf(qsizetype index) const { return m_cells.empty() ? index : m_cells[size_t(index)]; }
    int64_t cellCount() const { return cellOf(m_line.text.size()); }
    qsizetype indexAt(double cell) const; ///< the nearest border between characters
    /// Where the parts begin when no part may be wider than `columns` cells; 0 = one part. Never empty.
    std::vector<qsizetype> starts(int columns) const;

private:
    void layOut();
    AnsiLine m_line;
    LogRun m_run;
    int64_t m_offset = 0;
    LogLevel m_level = LogLevel::None;
    std::vector<LogSpan> m_matches;
    std::vector<int> m_cells; ///< per UTF-16 unit, one more for the end; empty when trivial
};

int cellWidth(char32_t character); ///< 0, 1 or 2

} // namespace danube::console
