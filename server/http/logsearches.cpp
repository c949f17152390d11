// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/http/logsearches.h"

#include "shared/core/readythreads.h"
#include "shared/core/reply.h"

using namespace Qt::StringLiterals;

namespace danube::http {

LogSearches::LogSearches(const Clock &clock) : m_clock(clock)
{
    m_pool.setObjectName(u"log-search"_s);
    makeThreadsReady(m_pool, mostAtOnce);
}

LogSearches::~LogSearches()
{
    for (const auto &each : m_stops) {
        if (const auto stop = each.lock())
            *stop = true;
    }
    m_pool.waitForDone();
}

Result<void> LogSearches::start(std::unique_ptr<logs::LogReader> reader, logs::SearchRequest request, QObject *context,
                                Done done)
{
    if (m_count.load() >= mostAtOnce + mostWaiting)
        return fail(ErrorCode::Unavailable, u"too many searches are going on; try again"_s);
    ++m_count;
    auto stop = std::make_shared<std::atomic<bool>>(false);
    std::erase_if(m_stops, [](const auto &each) { return each.expired(); });
    m_stops.push_back(stop);
    QObject::connect(context, &QObject::destroyed, context, [stop] { *stop = true; });
    m_pool.start([this, stop, reader = std::move(reader), request = std::move(request),
                  reply = Reply<Result<logs::SearchResult>>(context, std::move(done))]() mutable {
        auto found = searchLog(*reader, request, m_clock, *stop);
        --m_count;
        reply(std::move(found));
    });
    return {};
}

} // namespace danube::http
