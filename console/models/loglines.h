// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>

namespace danube::console {

class LogDocument;
class LogSearch;

/// Which lines of a log a view shows, in the log's order. A view's rows count from 0 without gaps; `lineOf` and `rowOf`
/// translate. Values may change only together with the document, the search or the folds behind them: who changes those
/// tells the view.
class LogLines
{
public:
    virtual ~LogLines() = default;
    virtual int64_t count() const = 0;
    virtual int64_t lineOf(int64_t row) const = 0; ///< `row` below count()
    /// The row of `line`; of a line that is not shown, the nearest shown one before it (or row 0).
    virtual int64_t rowOf(int64_t line) const = 0;
};

/// Every line.
class AllLines final : public LogLines
{
public:
    explicit AllLines(const LogDocument *document) : m_document(document) {}
    int64_t count() const override;
    int64_t lineOf(int64_t row) const override { return row; }
    int64_t rowOf(int64_t line) const override { return line; }

private:
    const LogDocument *m_document; ///< null: no line
};

/// Lines in which a search found something. Any number of them costs nothing: they are found again when asked for.
class MatchedLines final : public LogLines
{
public:
    MatchedLines(const LogDocument *document, const LogSearch &search) : m_document(document), m_search(search) {}
    int64_t count() const override;
    int64_t lineOf(int64_t row) const override;
    int64_t rowOf(int64_t line) const override;

private:
    const LogDocument *m_document;
    const LogSearch &m_search;
};

} // namespace danube::console
