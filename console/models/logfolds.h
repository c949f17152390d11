// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "console/models/loglines.h"

#include <set>
#include <vector>

namespace danube::console {

/// All lines but those of folded steps: of such a step only the first line of its output stays, as its heading. Steps
/// that ran at once lie between each other in the log, so one fold may be thousands of ranges; a growing log costs what
/// is new only.
class FoldedLines final : public LogLines
{
public:
    explicit FoldedLines(const LogDocument *document) : m_document(document) {}

    void setFolded(std::set<uint32_t> steps);
    const std::set<uint32_t> &folded() const { return m_folded; }
    bool isEmpty() const { return m_folded.empty(); }
    void documentGrown(); ///< takes over what came since
    void documentRestarted();

    /// The folded step whose heading `line` is; 0 = none (the log of a job itself, step 0, is never folded).
    uint32_t headingOf(int64_t line) const;
    int64_t hiddenLines(uint32_t step) const; ///< of a folded step

    int64_t count() const override;
    int64_t lineOf(int64_t row) const override;
    int64_t rowOf(int64_t line) const override;

private:
    struct Range
    {
        int64_t begin; ///< lines [begin, end) are hidden
        int64_t end;
        int64_t hiddenBefore; ///< in earlier ranges
    };
    struct Heading
    {
        int64_t line;
        uint32_t step;
        int64_t hidden;
    };
    void rebuild();
    void hide(int64_t begin, int64_t end);
    Heading *headingOfStep(uint32_t step);
    int64_t hidden() const { return m_ranges.empty() ? 0 : m_ranges.back().hiddenBefore + lengthOf(m_ranges.back()); }
    static int64_t lengthOf(const Range &range) { return range.end - range.begin; }

    const LogDocument *m_document;
    std::set<uint32_t> m_folded;
    std::vector<Range> m_ranges;
    std::vector<Heading> m_headings; ///< by line
    int64_t m_lines = 0;             ///< looked at
};

} // namespace danube::console
