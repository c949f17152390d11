// SPDX-License-Identifier: GPL-3.0-or-later
#include "console/models/loglines.h"

#include "console/models/logdocument.h"
#include "console/models/logsearch.h"

namespace danube::console {

int64_t AllLines::count() const
{
    return m_document ? m_document->lineCount() : 0;
}

int64_t MatchedLines::count() const
{
    return m_document ? m_search.matchedLines() : 0;
}

int64_t MatchedLines::lineOf(int64_t row) const
{
    return m_document->lineAt(m_search.matchedLine(row));
}

int64_t MatchedLines::rowOf(int64_t line) const
{
    if (!m_document || line >= m_document->lineCount())
        return std::max<int64_t>(0, count() - 1);
    const LogLine content = m_document->line(line);
    return std::max<int64_t>(0, m_search.matchedLinesBefore(content.offset + content.bytes.size() + 1) - 1);
}

} // namespace danube::console
