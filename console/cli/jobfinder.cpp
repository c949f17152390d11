// SPDX-License-Identifier: GPL-3.0-or-later
#include "console/cli/jobfinder.h"

#include <algorithm>

using namespace Qt::StringLiterals;

namespace danube::cli {

std::optional<int64_t> jobNumberOf(const QString &text)
{
    const QString digits = text.startsWith(u'#') ? text.sliced(1) : text;
    const bool isNumber = !digits.isEmpty() && digits.size() <= 12 &&
                          std::ranges::all_of(digits, [](QChar c) { return c >= u'0' && c <= u'9'; });
    const int64_t number = isNumber ? digits.toLongLong() : 0;
    return number > 0 ? std::optional(number) : std::nullopt;
}

JobFinder::JobFinder(api::ApiClient &client, QString text, QObject *parent)
    : QObject(parent), m_client(client), m_text(std::move(text))
{}

void JobFinder::start(api::ApiClient::Done<JobId> done)
{
    m_done = std::move(done);
    const auto number = jobNumberOf(m_text);
    if (m_text == u"latest" || number) {
        m_number = number.value_or(0);
        return nextPage({});
    }
    if (isSafeId(m_text))
        return answer(JobId(m_text));
    answer(fail(ErrorCode::InvalidArgument, u"'%1' is no job: expected an id, a number or latest"_s.arg(m_text)));
}

void JobFinder::nextPage(const QString &cursor)
{
    protocol::JobQuery query;
    query.limit = m_number == 0 ? 1 : protocol::maxPageLimit;
    query.cursor = cursor;
    m_client.jobs(query, this, [this](const Result<protocol::JobPage> &page) { takePage(page); });
}

void JobFinder::takePage(const Result<protocol::JobPage> &page)
{
    if (!page)
        return answer(std::unexpected(page.error()));
    if (m_number == 0 && !page->jobs.isEmpty())
        return answer(page->jobs.first().id);
    const auto found = std::ranges::find(page->jobs, m_number, &Job::number);
    if (found != page->jobs.end())
        return answer(found->id);
    // Newest first: once the numbers are smaller, it will not come any more.
    const bool isPast = page->jobs.isEmpty() || page->jobs.last().number < m_number;
    if (!isPast && !page->nextCursor.isEmpty())
        return nextPage(page->nextCursor);
    answer(
        fail(ErrorCode::NotFound, m_number == 0 ? u"there are no jobs yet"_s : u"there is no job #%1"_s.arg(m_number)));
}

void JobFinder::answer(Result<JobId> result)
{
    auto done = std::exchange(m_done, {});
    deleteLater();
    done(std::move(result));
}

} // namespace danube::cli
