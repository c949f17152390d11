// SPDX-License-Identifier: GPL-3.0-or-later
// One byte of options, a query up to the first zero byte, then a log: its matches are the same with the needle and
// without, in one piece and line by line.
#include "shared/search/logpattern.h"

using namespace danube::search;

namespace {

constexpr uint32_t steps = 2000;

using Hits = std::vector<std::pair<qsizetype, qsizetype>>;

// False when the expression is too complex, which text left out can change.
bool scan(const LogPattern &pattern, QByteArrayView text, qsizetype offset, Hits &hits)
{
    return pattern
        .scan(
            text,
            [&](qsizetype begin, qsizetype end) {
                hits.push_back({offset + begin, offset + end});
                return true;
            },
            steps)
        .has_value();
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size < 2 || size > 4096)
        return 0;
    const QByteArrayView bytes(reinterpret_cast<const char *>(data + 1), qsizetype(size - 1));
    const qsizetype end = bytes.indexOf('\0');
    if (end < 0)
        return 0;
    const LogQuery query{.text = QString::fromUtf8(bytes.first(end)),
                         .syntax = data[0] & 1 ? LogQuery::Syntax::Regex : LogQuery::Syntax::Literal,
                         .letters = data[0] & 2 ? LogQuery::Case::Respect : LogQuery::Case::Ignore,
                         .words = data[0] & 4 ? LogQuery::Words::Whole : LogQuery::Words::Any};
    const QByteArrayView log = bytes.sliced(end + 1);
    const auto with = LogPattern::compile(query);
    const auto without = LogPattern::compile(query, LogPattern::Needle::Ignore);
    if (with.has_value() != without.has_value())
        __builtin_trap();
    if (!with || !with->needle())
        return 0;
    Hits expected;
    Hits found;
    if (!scan(*without, log, 0, expected))
        return 0;
    if (!scan(*with, log, 0, found) || found != expected)
        __builtin_trap();
    LogNeedle needle = *with->needle();
    if (data[0] & 8)
        needle.tune(log.first(log.size() / 2));
    Hits lines;
    for (qsizetype at = needle.find(log, 0); at >= 0;) {
        const qsizetype from = log.first(at).lastIndexOf('\n') + 1;
        const qsizetype newline = log.indexOf('\n', at);
        const qsizetype to = newline < 0 ? log.size() : newline + 1;
        if (!scan(*without, log.sliced(from, to - from), from, lines))
            return 0;
        at = needle.find(log, to);
    }
    if (lines != expected)
        __builtin_trap();
    return 0;
}
