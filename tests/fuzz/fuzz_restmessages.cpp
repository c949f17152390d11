// SPDX-License-Identifier: GPL-3.0-or-later
// REST bodies and queries in both directions: a client reads what any server answers, the master what any client asks.
// What was read once is the same after it is written and read again.
#include "shared/core/jsonreader.h"
#include "shared/protocol/problem.h"
#include "shared/protocol/restmessages.h"
#include "tests/fuzz/require.h"

using namespace danube;
using namespace danube::protocol;

namespace {

/// The first reading may drop what has no meaning (a time in the year 10000); after that nothing is lost any more.
template <class Read, class Write> void checkRoundTrip(const QJsonObject &body, Read read, Write write)
{
    const auto first = read(body);
    if (!first)
        return require(!first.error().message.isEmpty());
    const auto second = read(write(*first));
    require(second.has_value());
    const auto third = read(write(*second));
    require(third.has_value() && *third == *second);
}

void checkQuery(const QString &text)
{
    const auto first = jobQueryFromQuery(QUrlQuery(text));
    if (!first)
        return require(!first.error().message.isEmpty());
    require(first->limit >= 1 && first->limit <= maxPageLimit);
    const auto second = jobQueryFromQuery(toQuery(*first));
    require(second && second->pipeline == first->pipeline && second->states == first->states);
    require(second->branch == first->branch && second->cursor == first->cursor && second->limit == first->limit);
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size == 0)
        return 0;
    const QByteArray text(reinterpret_cast<const char *>(data + 1), static_cast<qsizetype>(size - 1));
    checkQuery(QString::fromUtf8(text));
    require(!errorOfAnswer(400 + data[0] % 200, text).message.isEmpty());
    const auto body = parseJsonObject(text);
    if (!body)
        return 0;
    const auto write = [](const auto &value) { return toJson(value); };
    checkRoundTrip(*body, runRequestFromJson, write);
    checkRoundTrip(*body, jobPageFromJson, write);
    checkRoundTrip(*body, jobDetailFromJson, write);
    checkRoundTrip(*body, logEndFromJson, write);
    checkRoundTrip(*body, healthFromJson, write);
    checkRoundTrip(*body, readinessFromJson, write);
    checkRoundTrip(*body, pipelinesFromJson, pipelinesToJson);
    checkRoundTrip(*body, artifactsFromJson, artifactsToJson);
    checkRoundTrip(*body, stepEventFromJson, [](const Step &step) { return stepEventToJson(step.job, step); });
    const Problem problem = problemFromJson(*body);
    require(problemFromJson(toJson(problem)) == problem && !errorOf(problem).message.isEmpty());
    return 0;
}
