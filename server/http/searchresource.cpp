// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/http/resources.h"
#include "shared/protocol/logsearch.h"

#include <limits>

using namespace Qt::StringLiterals;

namespace danube::http {
namespace {

/// One of two words in the query; the first is meant when there is none.
Result<bool> isSecond(const Exchange &exchange, QLatin1StringView name, QLatin1StringView first,
                      QLatin1StringView second)
{
    const QString word = exchange.query(name);
    if (word.isEmpty() || word == first)
        return false;
    if (word == second)
        return true;
    return fail(ErrorCode::InvalidArgument,
                u"%1: expected %2 or %3, got \"%4\""_s.arg(name, first, second, word.left(40)));
}

Result<logs::SearchRequest> requestOf(const Exchange &exchange)
{
    const QString text = exchange.query("q"_L1);
    if (text.isEmpty() || text.size() > protocol::maxSearchText)
        return fail(ErrorCode::InvalidArgument,
                    u"q: expected 1 to %1 characters to look for"_s.arg(protocol::maxSearchText));
    const auto isRegex = isSecond(exchange, "syntax"_L1, "literal"_L1, "regex"_L1);
    const auto ignoresCase = isSecond(exchange, "case"_L1, "respect"_L1, "ignore"_L1);
    const auto selection = selectionOf(exchange);
    const auto from = numberOf(exchange, "from"_L1, 0, std::numeric_limits<qint64>::max(), 0);
    const auto limit = numberOf(exchange, "limit"_L1, 1, protocol::maxSearchLimit, protocol::defaultSearchLimit);
    if (!isRegex || !ignoresCase)
        return std::unexpected(isRegex ? ignoresCase.error() : isRegex.error());
    if (!selection)
        return std::unexpected(selection.error());
    if (!from || !limit)
        return std::unexpected(from ? limit.error() : from.error());
    logs::SearchRequest request;
    request.query = {.text = text,
                     .syntax = *isRegex ? search::LogQuery::Syntax::Regex : search::LogQuery::Syntax::Literal,
                     .letters = *ignoresCase ? search::LogQuery::Case::Ignore : search::LogQuery::Case::Respect};
    request.selection = *selection;
    request.from = *from;
    request.limit = static_cast<int>(*limit);
    return request;
}

protocol::LogSearchAnswer answerOf(const logs::SearchResult &result)
{
    protocol::LogSearchAnswer answer{.matches = result.count,
                                     .matchingLines = result.lineCount,
                                     .isComplete = result.isComplete,
                                     .searchedTo = result.searchedTo,
                                     .next = result.next,
                                     .lines = {}};
    for (const logs::FoundLine &line : result.lines)
        answer.lines.append({{line.offset, line.time, line.step, line.stream, line.bytes, line.eol}, line.matches});
    return answer;
}

void sendAnswer(Exchange &exchange, const protocol::LogSearchAnswer &answer)
{
    Reply reply;
    reply.headers.append(QHttpHeaders::WellKnownHeader::ContentType, "application/json");
    reply.body = protocol::toJson(answer);
    exchange.send(std::move(reply));
}

} // namespace

void searchLogs(const ResourceContext &context, Exchange &exchange)
{
    const auto job = findJob(context, exchange.value());
    if (!job)
        return exchange.sendError(job.error());
    auto request = requestOf(exchange);
    if (!request)
        return exchange.sendError(request.error());
    auto reader = openLogNow(context, job->id);
    if (!reader)
        return exchange.sendError(reader.error());
    if (!*reader)
        return sendAnswer(exchange, {});
    if (isRemoved(exchange, **reader))
        return;
    const auto started = context.searches.start(std::move(*reader), std::move(*request), &exchange,
                                                [&exchange](const Result<logs::SearchResult> &result) {
                                                    if (!result)
                                                        return exchange.sendError(result.error());
                                                    sendAnswer(exchange, answerOf(*result));
                                                });
    if (!started)
        exchange.sendError(started.error());
}

} // namespace danube::http
