// SPDX-License-Identifier: GPL-3.0-or-later
// Expressions of people over logs of jobs: "expression\ntext". Matches come in order, are not empty, and each lies
// within one line; an expression that needs too much ends with an error.
#include "shared/search/logpattern.h"

#include <cstdlib>

using namespace danube::search;

namespace {

void scan(const LogQuery &query, QByteArrayView text)
{
    const auto pattern = LogPattern::compile(query);
    if (!pattern) {
        if (pattern.error().message.isEmpty() || query.syntax == LogQuery::Syntax::Literal)
            std::abort();
        return;
    }
    qsizetype last = 0;
    const auto visit = [&](qsizetype begin, qsizetype end) {
        if (begin < last || end <= begin || end > text.size() || text.sliced(begin, end - begin).contains('\n'))
            std::abort();
        last = end;
        return true;
    };
    std::ignore = pattern->scan(text, visit, 2000);
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size == 0 || size > 3000)
        return 0;
    const QByteArrayView bytes(reinterpret_cast<const char *>(data + 1), static_cast<qsizetype>(size - 1));
    const qsizetype cut = std::max<qsizetype>(bytes.indexOf('\n'), 0);
    LogQuery query{.text = QString::fromUtf8(bytes.first(cut))};
    query.letters = (data[0] & 1) != 0 ? LogQuery::Case::Ignore : LogQuery::Case::Respect;
    query.words = (data[0] & 2) != 0 ? LogQuery::Words::Whole : LogQuery::Words::Any;
    for (const auto syntax : {LogQuery::Syntax::Literal, LogQuery::Syntax::Regex}) {
        query.syntax = syntax;
        scan(query, bytes.sliced(cut));
    }
    return 0;
}
