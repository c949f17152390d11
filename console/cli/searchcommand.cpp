// SPDX-License-Identifier: GPL-3.0-or-later
#include "console/cli/searchcommand.h"

#include "console/cli/safetext.h"

using namespace Qt::StringLiterals;

namespace danube::cli {
namespace {

Result<uint> numberOf(const Options &options, const QString &name, uint fallback)
{
    if (!options.has(name))
        return fallback;
    bool isNumber = false;
    const uint number = options.value(name).toUInt(&isNumber);
    if (!isNumber)
        return fail(ErrorCode::InvalidArgument,
                    u"--%1 takes a number, not '%2'"_s.arg(name, singleLine(options.value(name))));
    return number;
}

} // namespace

Result<protocol::LogSearchQuery> SearchCommand::queryOf() const
{
    const Options &options = m_context.options;
    protocol::LogSearchQuery query;
    query.text = options.arguments.value(1);
    query.isRegex = options.has(u"regex"_s);
    query.ignoreCase = options.has(u"ignore-case"_s);
    const auto step = numberOf(options, u"step"_s, 0);
    const auto limit = numberOf(options, u"limit"_s, protocol::defaultSearchLimit);
    if (!step || !limit)
        return std::unexpected(step ? limit.error() : step.error());
    if (options.has(u"step"_s))
        query.step = StepNumber(*step);
    if (const QString text = options.value(u"stream"_s); options.has(u"stream"_s)) {
        if (text != u"stdout" && text != u"stderr")
            return fail(ErrorCode::InvalidArgument, u"--stream takes stdout or stderr, not '%1'"_s.arg(text));
        query.stream = text == u"stdout" ? LogStream::Stdout : LogStream::Stderr;
    }
    query.limit = static_cast<int>(std::min<uint>(*limit, 1 << 30));
    return query;
}

void SearchCommand::start()
{
    const auto query = queryOf();
    if (!query)
        return finishWith(query.error());
    m_query = *query;
    m_left = m_context.options.has(u"count"_s) ? 0 : m_query.limit;
    findJob(m_context.options.arguments.first(), [this](const Result<JobId> &job) {
        if (!job)
            return finishWith(job.error());
        m_job = *job;
        ask();
    });
}

void SearchCommand::ask()
{
    m_query.limit = std::clamp(m_left, 1, protocol::maxSearchLimit);
    m_context.client().send(
        {.route = protocol::RouteId::JobLogSearch, .values = {m_job.value()}, .query = toQuery(m_query)}, this,
        [this](const Result<api::Answer> &answer) { take(answer); });
}

void SearchCommand::take(const Result<api::Answer> &answer)
{
    const auto found =
        answer.and_then([](const api::Answer &each) { return protocol::logSearchAnswerFromJson(each.body); });
    if (!found)
        return finishWith(found.error());
    if (m_context.wantsJson())
        printJson(answer->body);
    for (const auto &line : found->lines) {
        if (m_left > 0 && !m_context.wantsJson())
            show(line);
        m_left = std::max(0, m_left - 1);
    }
    if (!m_isCounted) { // the first answers cover the log; those for further pages count parts of it again
        m_matches += found->matches;
        m_isCounted = found->isComplete;
        m_nextPage = m_nextPage ? m_nextPage : found->next;
    } else {
        m_nextPage = found->next;
    }
    const bool hasMore = m_left > 0 && m_nextPage;
    if (!m_isCounted || hasMore) {
        m_query.from = m_isCounted ? *m_nextPage : found->searchedTo;
        return ask();
    }
    if (m_context.options.has(u"count"_s) && !m_context.wantsJson())
        m_context.output.print(u"%1\n"_s.arg(m_matches));
    finish(m_matches > 0 ? ExitCode::Success : ExitCode::Failure);
}

void SearchCommand::show(const protocol::LogSearchAnswer::Line &line)
{
    const Style &style = m_context.output.style();
    const QString place = u"%1:%2:"_s.arg(toInt(line.line.step)).arg(line.line.offset);
    m_context.output.print(style.paint(Colour::Dim, place) + singleLine(QString::fromUtf8(line.line.bytes)) + u'\n');
}

} // namespace danube::cli
