// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/logs/searchlog.h"

using namespace Qt::StringLiterals;

namespace danube::logs {
namespace {

constexpr qint64 blockBytes = 256 * 1024;
constexpr qint64 sliceBytes = 16 * 1024; // between two looks at the clock
constexpr uint32_t steps = 20'000;
constexpr qint64 shownBytes = 4 * 1024 * 1024; // of lines in one answer

class Search
{
public:
    Search(const LogReader &reader, const SearchRequest &request, search::LogPattern pattern, const Clock &clock,
           const std::atomic<bool> &stop)
        : m_reader(reader),
          m_request(request),
          m_pattern(std::move(pattern)),
          m_clock(clock),
          m_stop(stop),
          m_until(clock.steady() + request.patience)
    {}

    Result<SearchResult> run()
    {
        m_result.searchedTo = std::max<qint64>(0, m_request.from);
        while (m_result.isComplete && m_result.searchedTo < m_reader.size()) {
            if (auto done = isSelective() ? searchRuns() : searchBlock(); !done)
                return std::unexpected(done.error());
        }
        return std::move(m_result);
    }

private:
    bool isSelective() const { return m_request.selection.step || m_request.selection.stream; }

    Result<void> lookAtTheClock()
    {
        if (m_stop.load())
            return fail(ErrorCode::Cancelled, u"the search was stopped"_s);
        m_result.isComplete = m_clock.steady() < m_until;
        return {};
    }

    /// All lines of the next block.
    Result<void> searchBlock()
    {
        const qint64 from = m_result.searchedTo;
        const auto bytes = m_reader.read(from, blockBytes);
        if (!bytes)
            return std::unexpected(bytes.error());
        const qsizetype end = bytes->lastIndexOf('\n'); // a line is shorter than a block
        const auto lines = QByteArrayView(*bytes).first(end < 0 ? bytes->size() : end + 1);
        return searchLines(lines, from);
    }

    /// The selected runs of the next block.
    Result<void> searchRuns()
    {
        if (auto looked = lookAtTheClock(); !looked || !m_result.isComplete)
            return looked; // runs that are not wanted are passed without another look
        const auto runs = m_reader.runs(m_result.searchedTo, blockBytes);
        if (!runs)
            return std::unexpected(runs.error());
        for (const LogRun &run : *runs) {
            const qint64 from = std::max(run.offset, m_result.searchedTo);
            const qint64 end = run.offset + run.length;
            const bool isWanted = (!m_request.selection.step || run.step == *m_request.selection.step) &&
                                  (!m_request.selection.stream || run.stream == *m_request.selection.stream);
            if (!isWanted) {
                m_result.searchedTo = end;
                continue;
            }
            const auto bytes = m_reader.read(from, end - from);
            if (!bytes)
                return std::unexpected(bytes.error());
            if (auto done = searchLines(*bytes, from); !done || !m_result.isComplete)
                return done;
        }
        return runs->isEmpty() ? fail(ErrorCode::DataLoss, u"the log is not indexed at %1"_s.arg(m_result.searchedTo))
                               : Result<void>();
    }

    /// `lines` lie at `offset`; moves searchedTo on by what was searched.
    Result<void> searchLines(QByteArrayView lines, qint64 offset)
    {
        while (!lines.isEmpty()) {
            if (auto looked = lookAtTheClock(); !looked || !m_result.isComplete)
                return looked;
            const qsizetype newline = lines.indexOf('\n', std::min<qsizetype>(sliceBytes, lines.size()));
            const auto slice = newline < 0 ? lines : lines.first(newline + 1);
            if (auto done = searchSlice(slice, offset); !done)
                return done;
            offset += slice.size();
            lines = lines.sliced(slice.size());
            m_result.searchedTo = offset;
        }
        return {};
    }

    Result<void> searchSlice(QByteArrayView slice, qint64 offset)
    {
        Result<void> taken;
        qsizetype lineEnd = 0; // of the line of the match before
        auto scanned = m_pattern.scan(
            slice,
            [&](qsizetype begin, qsizetype end) {
                ++m_result.count;
                if (begin >= lineEnd) {
                    const qsizetype newline = slice.indexOf('\n', begin);
                    lineEnd = newline < 0 ? slice.size() : newline + 1;
                    ++m_result.lineCount;
                    const qsizetype lineBegin = begin == 0 ? 0 : slice.first(begin).lastIndexOf('\n') + 1;
                    taken = show(slice.sliced(lineBegin, (newline < 0 ? lineEnd : newline) - lineBegin),
                                 offset + lineBegin);
                    m_showing = m_showing && taken;
                }
                if (m_isShown && m_result.lines.last().matches.size() < FoundLine::mostRanges) {
                    const qsizetype lineBegin = m_result.lines.last().offset - offset;
                    m_result.lines.last().matches.append({begin - lineBegin, end - lineBegin});
                }
                return taken.has_value();
            },
            steps);
        if (!taken)
            return taken;
        return scanned.transform_error(
            [](const Error &error) { return Error{ErrorCode::InvalidArgument, u"q: "_s + error.message}; });
    }

    Result<void> show(QByteArrayView line, qint64 offset)
    {
        m_isShown = false;
        if (!m_showing)
            return {};
        if (m_result.lines.size() >= m_request.limit || m_shown >= shownBytes) {
            m_showing = false;
            m_result.next = offset;
            return {};
        }
        const auto run = m_reader.runs(offset, 1);
        if (!run)
            return std::unexpected(run.error());
        if (run->isEmpty())
            return fail(ErrorCode::DataLoss, u"the log is not indexed at %1"_s.arg(offset));
        const LogRun &place = run->first();
        const bool isSynthetic = place.syntheticNewline && offset + line.size() + 1 == place.offset + place.length;
        m_result.lines.append({offset, place.time, place.step, place.stream, !isSynthetic, line.toByteArray(), {}});
        m_shown += line.size();
        m_isShown = true;
        return {};
    }

    const LogReader &m_reader;
    const SearchRequest &m_request;
    const search::LogPattern m_pattern;
    const Clock &m_clock;
    const std::atomic<bool> &m_stop;
    const SteadyTime m_until;
    SearchResult m_result;
    qint64 m_shown = 0;     ///< bytes of the lines shown
    bool m_showing = true;  ///< the page is not full
    bool m_isShown = false; ///< the line of the match at hand is on it
};

} // namespace

Result<SearchResult> searchLog(const LogReader &reader, const SearchRequest &request, const Clock &clock,
                               const std::atomic<bool> &stop)
{
    auto pattern = search::LogPattern::compile(request.query);
    if (!pattern)
        return std::unexpected(pattern.error().in(u"q"_s));
    return Search(reader, request, std::move(*pattern), clock, stop).run();
}

} // namespace danube::logs
