// SPDX-License-Identifier: GPL-3.0-or-later
// What people type or paste into the console: filters, places in a log, links.
#include "console/models/filtercompletion.h"
#include "console/models/joblink.h"
#include "console/models/jobquery.h"
#include "console/models/logdestination.h"

using namespace danube;
using namespace danube::console;

extern "C" int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const QString text = QString::fromUtf8(reinterpret_cast<const char *>(data), qsizetype(size));
    const JobQuery query = JobQuery::parse(text);
    for (const JobQuery::Problem &problem : query.problems) {
        if (problem.start < 0 || problem.length <= 0 || problem.start + problem.length > text.size())
            __builtin_trap();
    }
    const auto completion = FilterCompletion::of(text, text.size() / 2, {{text}, {text}, {text}});
    if (completion.start < 0 || completion.start + completion.length > text.size())
        __builtin_trap();
    const auto destination = LogDestination::parse(text);
    if (destination && (destination->line < 0 || destination->time < milliseconds(0)))
        __builtin_trap();
    if (const auto link = JobLink::parse(text)) {
        if (!isSafeId(link->job.value()) || JobLink::parse(link->toText()) != *link)
            __builtin_trap();
    }
    return 0;
}
