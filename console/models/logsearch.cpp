// SPDX-License-Identifier: GPL-3.0-or-later
#include "console/models/logsearch.h"

#include "console/models/plaintext.h"

#include <QThreadPool>

#include <cstring>
#include <tuple>

namespace danube::console {

namespace {

constexpr int64_t extentBytes = 256 * 1024;
constexpr int64_t batchBytes = 4 * 1024 * 1024;

// The end of the extent that starts at `from`: after a newline, or `to`.
int64_t extentEnd(QByteArrayView bytes, int64_t from, int64_t to)
{
    if (to - from <= extentBytes)
        return to;
    const void *newline = memchr(bytes.data() + from + extentBytes, '\n', size_t(to - from - extentBytes));
    return newline ? static_cast<const char *>(newline) - bytes.data() + 1 : to;
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
    m_count = m_searched = 0;
    m_error.clear();
    m_state = State::Idle;
}

void LogSearch::extend(const LogSnapshot &log, Tail tail)
{
    if (m_state == State::Idle || m_state == State::Failed)
        return;
    m_log = log;
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
    QThreadPool::globalInstance()->start([promise, pattern = *m_pattern, log = m_log, from = m_searched, to] {
        run(*promise, pattern, log, from, to);
        promise->finish();
    });
}

void LogSearch::run(QPromise<Batch> &promise, const LogPattern &pattern, const LogSnapshot &log, int64_t from,
                    int64_t to)
{
    const QByteArrayView bytes = log.bytes();
    Batch batch;
    for (int64_t begin = from, reported = from; begin < to && batch.error.isEmpty() && !promise.isCanceled();) {
        const int64_t end = extentEnd(bytes, begin, to);
        const PlainText plain(bytes.sliced(begin, end - begin));
        int64_t count = 0;
        const auto scanned = pattern.scan(plain.text(), [&](qsizetype, qsizetype) {
            ++count;
            return count % 1024 != 0 || !promise.isCanceled();
        });
        if (!scanned)
            batch.error = scanned.error().message;
        if (count > 0)
            batch.extents.push_back({begin, end, 0, count});
        begin = batch.searched = end;
        if (end - reported >= batchBytes || end == to || !batch.error.isEmpty()) {
            promise.addResult(std::exchange(batch, Batch{{}, end, batch.error}));
            reported = end;
        }
    }
}

void LogSearch::take(const Batch &batch)
{
    for (Extent extent : batch.extents) {
        extent.before = m_count;
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

std::vector<LogHit> LogSearch::hitsOf(const Extent &extent) const
{
    const PlainText plain(m_log.bytes().sliced(extent.begin, extent.end - extent.begin));
    std::vector<LogHit> hits;
    hits.reserve(size_t(extent.count));
    // A scan that failed was reported by the pass; here it just gives the hits before the failure.
    std::ignore = m_pattern->scan(plain.text(), [&](qsizetype begin, qsizetype end) {
        hits.push_back({extent.begin + plain.rawOffset(begin), extent.begin + plain.rawOffset(end - 1) + 1});
        return true;
    });
    return hits;
}

std::optional<LogHit> LogSearch::firstFrom(int64_t offset) const
{
    auto extent = std::upper_bound(m_extents.begin(), m_extents.end(), offset,
                                   [](int64_t value, const Extent &entry) { return value < entry.end; });
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
                                   [](const Extent &entry, int64_t value) { return entry.begin < value; });
    while (extent != m_extents.begin()) {
        --extent;
        const auto hits = hitsOf(*extent);
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
                                         [](int64_t value, const Extent &entry) { return value < entry.end; });
    if (extent == m_extents.end())
        return m_count;
    const auto hits = hitsOf(*extent);
    const auto place = std::lower_bound(hits.begin(), hits.end(), hit.begin,
                                        [](const LogHit &entry, int64_t value) { return entry.begin < value; });
    return extent->before + (place - hits.begin()) + 1;
}

} // namespace danube::console
