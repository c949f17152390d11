// SPDX-License-Identifier: GPL-3.0-or-later
#include "console/cli/jobcommands.h"

#include "console/cli/format.h"

using namespace Qt::StringLiterals;

namespace danube::cli {
namespace {

constexpr int defaultLimit = 20;

std::optional<seconds> unitOf(QChar letter)
{
    switch (letter.unicode()) {
    case u's':
        return seconds(1);
    case u'm':
        return seconds(60);
    case u'h':
        return seconds(3600);
    case u'd':
        return seconds(86400);
    default:
        return std::nullopt;
    }
}

} // namespace

Result<WallTime> sinceOf(const QString &text, WallTime now)
{
    bool isNumber = false;
    const int count = text.chopped(text.isEmpty() ? 0 : 1).toInt(&isNumber);
    const auto unit = text.isEmpty() ? std::nullopt : unitOf(text.back());
    if (isNumber && unit && count >= 0)
        return now - *unit * count;
    const WallTime time = fromRfc3339(text);
    if (time == WallTime())
        return fail(ErrorCode::InvalidArgument, u"--since takes 30m, 2h, 7d or an RFC 3339 time, not '%1'"_s.arg(text));
    return time;
}

Result<protocol::JobQuery> jobQueryOf(const Options &options, WallTime now)
{
    protocol::JobQuery query;
    query.pipeline = options.value(u"pipeline"_s);
    query.branch = options.value(u"branch"_s);
    for (const QString &name : options.value(u"status"_s).split(u',', Qt::SkipEmptyParts)) {
        const auto state = jobStateFromText(name);
        if (!state)
            return fail(ErrorCode::InvalidArgument,
                        u"--status: '%1' is no job state (see danubectl jobs --help)"_s.arg(name));
        query.states.append(*state);
    }
    if (options.has(u"since"_s)) {
        const auto since = sinceOf(options.value(u"since"_s), now);
        if (!since)
            return std::unexpected(since.error());
        query.since = *since;
    }
    bool isNumber = true;
    query.limit = options.has(u"limit"_s) ? options.value(u"limit"_s).toInt(&isNumber) : defaultLimit;
    if (options.has(u"all"_s))
        query.limit = protocol::maxPageLimit;
    if (!isNumber || query.limit < 1 || query.limit > protocol::maxPageLimit)
        return fail(ErrorCode::InvalidArgument,
                    u"--limit takes 1 to %1, not '%2'"_s.arg(protocol::maxPageLimit).arg(options.value(u"limit"_s)));
    return query;
}

void JobsCommand::start()
{
    const auto query = jobQueryOf(m_context.options, m_context.clock.wall());
    if (!query)
        return finishWith(query.error());
    m_query = *query;
    m_wantsAll = m_context.options.has(u"all"_s);
    fetchPage();
}

void JobsCommand::fetchPage()
{
    m_context.client().send({.route = protocol::RouteId::Jobs, .query = toQuery(m_query)}, this,
                            [this](const Result<api::Answer> &answer) { takePage(answer); });
}

void JobsCommand::takePage(const Result<api::Answer> &answer)
{
    const auto body = answer.and_then(&api::Answer::json);
    const auto page = body ? protocol::jobPageFromJson(*body) : std::unexpected(body.error());
    if (!page)
        return finishWith(page.error());
    if (m_context.wantsJson())
        printJson(answer->body);
    m_jobs.append(page->jobs);
    m_query.cursor = page->nextCursor;
    if (m_wantsAll && !m_query.cursor.isEmpty())
        return fetchPage();
    if (!m_context.wantsJson())
        m_context.output.print(formatJobs(m_jobs, m_context.output.style(), m_context.clock.wall()));
    if (!m_query.cursor.isEmpty() && m_context.output.errStyle().terminal().isTerminal)
        m_context.output.note(u"there are more: --limit or --all"_s);
    finish(ExitCode::Success);
}

void JobCommand::start()
{
    findJob(m_context.options.arguments.first(), [this](const Result<JobId> &job) {
        if (!job)
            return finishWith(job.error());
        const api::Call call{.route = protocol::RouteId::Job, .values = {job->value()}};
        fetch(call, [this](const QJsonObject &body) -> Result<QString> {
            const auto detail = protocol::jobDetailFromJson(body);
            if (!detail)
                return std::unexpected(detail.error());
            return formatJob(*detail, m_context.output.style(), m_context.clock.wall());
        });
    });
}

void CancelCommand::start()
{
    findJob(m_context.options.arguments.first(), [this](const Result<JobId> &job) {
        if (!job)
            return finishWith(job.error());
        const api::Call call{.route = protocol::RouteId::JobCancel, .values = {job->value()}};
        fetch(call, [](const QJsonObject &body) -> Result<QString> {
            const auto cancelled = protocol::jobAnswerFromJson(body);
            if (!cancelled)
                return std::unexpected(cancelled.error());
            return isFinal(cancelled->state) ? u"job %1 is cancelled\n"_s.arg(nameOf(*cancelled))
                                             : u"job %1 is being cancelled\n"_s.arg(nameOf(*cancelled));
        });
    });
}

} // namespace danube::cli
