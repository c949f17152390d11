// SPDX-License-Identifier: GPL-3.0-or-later
#include "console/models/logsearch.h"

#include "console/models/lineend.h"
#include "console/models/plaintext.h"

#include <QThreadPool>

#include <tuple>

namespace danube::console {

namespace {

constexpr int64_t extentBytes = 64 * 1024;
constexpr int64_t smallExtentBytes = 16 * 1024; // at the start, so that small logs are known line by line
constexpr int64_t smallExtentsUntil = 16 * 1024 * 1024;
constexpr int64_t batchBytes = 4 * 1024 * 1024;

// The end of the extent that starts at `from`: after a newline, or `to`.
int64_t extentEnd(QByteArrayView bytes, int64_t from, int64_t to)
{
    const int64_t length = from < smallExtentsUntil ? smallExtentBytes : extentBytes;
    if (to - from <= length)
        return to;
    return behindLine(bytes.first(to), from + length);
}

QThreadPool *backgroundPool()
{
    static QThreadPool pool;
    pool.setMaxThreadCount(1);
    pool.setThreadPriority(QThread::LowPriority);
    return &pool;
}

} // namespace

LogSearch::~LogSearch()
{
    if (m_pass)
        m_pass->cancel();
}

void LogSearch::start(const LogPattern &pattern, const LogSnapshot &log, Tail tail)
{
    cancel();
    m_pattern = pattern;
    m_state = State::Complete;
    extend(log, tail);
    emit changed();
}

void LogSearch::cancel()
{
    if (m_pass)
        m_pass->cancel();
    m_pass.reset();
    m_pattern.reset();
    m_log = {};
    m_extents.clear();
    m_hitsBegin = -1;
    m_count = m_searched = 0;
    m_error.clear();
    m_state = State::Idle;
}

void LogSearch::extend(const LogSnapshot &log, Tail tail)
{
    if (m_state == State::Idle || m_state == State::Failed)
        return;
    m_log = log;
    m_log.runs.clear(); // who wrote a line is not asked here; kept, the log's list of that would be copied to grow
    m_tail = tail;
    if (!m_pass)
        searchOn();
}

void LogSearch::searchOn()
{
    const QByteArrayView bytes = m_log.bytes();
    const int64_t to = m_tail == Tail::Final ? m_log.size : bytes.lastIndexOf('\n') + 1;
    if (to <= m_searched) {
        m_state = State::Complete;
        return;
    }
    m_state = State::Searching;
    m_pass = std::make_unique<QFutureWatcher<Batch>>();
    auto promise = std::make_shared<QPromise<Batch>>();
    connect(m_pass.get(), &QFutureWatcher<Batch>::resultReadyAt, this, [this](int i) { take(m_pass->resultAt(i)); });
    connect(m_pass.get(), &QFutureWatcher<Batch>::finished, this, &LogSearch::passEnded);
    m_pass->setFuture(promise->future());
    promise->start();
    QThreadPool *pool = m_urgency == Urgency::Now ? QThreadPool::globalInstance() : backgroundPool();
    pool->start([promise, pattern = *m_pattern, log = m_log, from = m_searched, to] {
        run(*promise, pattern, log, from, to);
        promise->finish();
    });
}

void LogSearch::run(QPromise<Batch> &promise, const LogPattern &pattern, const LogSnapshot &log, int64_t from,
                    int64_t to)
{
    const QByteArrayView bytes = log.bytes();
    ExtentScan scan(pattern, bytes, [&promise] { return promise.isCanceled(); });
    Batch batch;
    for (int64_t begin = from, reported = from; begin < to && batch.error.isEmpty() && !promise.isCanceled();) {
        const int64_t end = extentEnd(bytes, begin, to);
        if (const auto extent = scan.scan(begin, end); !extent)
            batch.error = extent.error().message;
        else if (extent->count > 0)
            batch.extents.push_back(*extent);
        begin = batch.searched = end;
        if (end - reported >= batchBytes || end == to || !batch.error.isEmpty()) {
            promise.addResult(std::exchange(batch, Batch{{}, end, batch.error}));
            reported = end;
        }
    }
}

void LogSearch::take(const Batch &batch)
{
    for (LogExtent extent : batch.extents) {
        extent.before = m_count;
        extent.linesBefore = matchedLines();
        m_count += extent.count;
        m_extents.push_back(extent);
    }
    m_searched = batch.searched;
    if (!batch.error.isEmpty()) {
        m_error = batch.error;
        m_state = State::Failed;
    }
    emit changed();
}

void LogSearch::passEnded()
{
    m_pass.release()->deleteLater(); // it is the sender
    if (m_state == State::Failed)
        return;
    searchOn();
    emit changed();
}

// The last one asked for is kept: a view of matches asks for one line after the other.
const LogSearch::Hits &LogSearch::hitsOf(const LogExtent &extent) const
{
    if (std::exchange(m_hitsBegin, extent.begin) == extent.begin)
        return m_hits;
    const PlainText plain(m_log.bytes().sliced(extent.begin, extent.end - extent.begin));
    m_hits.clear();
    m_hits.reserve(size_t(extent.count));
    // A scan that failed was reported by the pass; here it just gives the hits before the failure.
    std::ignore = m_pattern->scan(plain.text(), [&](qsizetype begin, qsizetype end) {
        m_hits.push_back({extent.begin + plain.rawOffset(begin), extent.begin + plain.rawOffset(end - 1) + 1});
        return true;
    });
    return m_hits;
}

// The first hit of each line that has one.
std::vector<int64_t> LogSearch::lineStartsOf(const LogExtent &extent) const
{
    std::vector<int64_t> starts;
    const QByteArrayView bytes = m_log.bytes().first(extent.end);
    int64_t lineEnd = -1;
    for (const LogHit &hit : hitsOf(extent)) {
        if (hit.begin <= lineEnd)
            continue;
        starts.push_back(hit.begin);
        lineEnd = lineEndAfter(bytes, hit.end);
    }
    return starts;
}

int64_t LogSearch::matchedLine(int64_t number) const
{
    const auto after =
        std::upper_bound(m_extents.begin(), m_extents.end(), number,
                         [](int64_t value, const LogExtent &entry) { return value < entry.linesBefore; });
    const LogExtent &extent = *std::prev(after);
    const auto starts = lineStartsOf(extent);
    if (starts.empty())
        return extent.begin; // the file was cut and holds others: the next look at it begins anew
    return starts[size_t(std::min<int64_t>(number - extent.linesBefore, int64_t(starts.size()) - 1))];
}

int64_t LogSearch::matchedLinesBefore(int64_t offset) const
{
    const auto extent = std::upper_bound(m_extents.begin(), m_extents.end(), offset,
                                         [](int64_t value, const LogExtent &entry) { return value <= entry.end; });
    if (extent == m_extents.end())
        return matchedLines();
    const auto starts = lineStartsOf(*extent);
    return extent->linesBefore + (std::lower_bound(starts.begin(), starts.end(), offset) - starts.begin());
}

bool LogSearch::isAnyBetween(int64_t begin, int64_t end) const
{
    auto extent = std::upper_bound(m_extents.begin(), m_extents.end(), begin,
                                   [](int64_t value, const LogExtent &entry) { return value < entry.end; });
    for (; extent != m_extents.end() && extent->begin < end; ++extent) {
        const int64_t length = extent->end - extent->begin;
        const int64_t first = std::max<int64_t>(0, begin - extent->begin) * 64 / length;
        const int64_t last = std::min<int64_t>(63, (std::min(end, extent->end) - 1 - extent->begin) * 64 / length);
        const uint64_t upTo = last >= 63 ? ~uint64_t(0) : (uint64_t(1) << (last + 1)) - 1;
        if (extent->mask & upTo & ~((uint64_t(1) << first) - 1))
            return true;
    }
    return false;
}

std::optional<LogHit> LogSearch::firstFrom(int64_t offset) const
{
    auto extent = std::upper_bound(m_extents.begin(), m_extents.end(), offset,
                                   [](int64_t value, const LogExtent &entry) { return value < entry.end; });
    for (; extent != m_extents.end(); ++extent) {
        for (const LogHit &hit : hitsOf(*extent)) {
            if (hit.begin >= offset)
                return hit;
        }
    }
    return std::nullopt;
}

std::optional<LogHit> LogSearch::lastBefore(int64_t offset) const
{
    auto extent = std::lower_bound(m_extents.begin(), m_extents.end(), offset,
                                   [](const LogExtent &entry, int64_t value) { return entry.begin < value; });
    while (extent != m_extents.begin()) {
        --extent;
        const Hits &hits = hitsOf(*extent);
        for (auto hit = hits.rbegin(); hit != hits.rend(); ++hit) {
            if (hit->begin < offset)
                return *hit;
        }
    }
    return std::nullopt;
}

int64_t LogSearch::ordinal(const LogHit &hit) const
{
    const auto extent = std::upper_bound(m_extents.begin(), m_extents.end(), hit.begin,
                                         [](int64_t value, const LogExtent &entry) { return value < entry.end; });
    if (extent == m_extents.end())
        return m_count;
    const Hits &hits = hitsOf(*extent);
    const auto place = std::lower_bound(hits.begin(), hits.end(), hit.begin,
                                        [](const LogHit &entry, int64_t value) { return entry.begin < value; });
    return extent->before + (place - hits.begin()) + 1;
}

} // namespace danube::console
