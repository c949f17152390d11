// SPDX-License-Identifier: GPL-3.0-or-later
#include "console/models/logdocument.h"

#include <QThreadPool>

#include <tuple>

namespace danube::console {

namespace {

constexpr qsizetype waitingLimit = 1024 * 1024;  // then a tick is too late
constexpr int64_t indexAtOnce = 2 * 1024 * 1024; // about a millisecond
constexpr int64_t indexPiece = 16 * 1024 * 1024;
constexpr milliseconds watchInterval{250};

} // namespace

LogDocument::LogDocument(std::unique_ptr<LogStore> store, QObject *parent) : QObject(parent), m_store(std::move(store))
{
    m_tick.setSingleShot(true);
    m_tick.setInterval(tick);
    m_watch.setInterval(watchInterval);
    connect(&m_tick, &QTimer::timeout, this, &LogDocument::flush);
    connect(&m_watch, &QTimer::timeout, this, &LogDocument::look);
    indexMore();
}

LogDocument::~LogDocument()
{
    forgetIndex();
    if (!m_waiting.isEmpty())
        std::ignore = m_store->append(m_waiting, m_waitingRuns); // what is not written is fetched again next time
}

LogLine LogDocument::line(int64_t number) const
{
    const QByteArrayView bytes = m_snapshot.bytes();
    const LogLineRange range = m_index.line(bytes, number);
    return {bytes.sliced(range.begin, range.end - range.begin), range.begin,
            m_index.styleAt(bytes, m_snapshot.runs, number), m_snapshot.runs.at(range.begin)};
}

int64_t LogDocument::offsetOf(int64_t number) const
{
    return m_index.line(m_snapshot.bytes(), number).begin;
}

int64_t LogDocument::lineAt(int64_t offset) const
{
    if (lineCount() == 0)
        return 0;
    return std::min(m_index.lineAt(m_snapshot.bytes(), std::clamp<int64_t>(offset, 0, bytes() - 1)), lineCount() - 1);
}

void LogDocument::append(QByteArrayView lines, const LogRun &run)
{
    LogRun placed = run;
    placed.offset = receivedBytes();
    m_waiting.append(lines);
    m_waitingRuns.push_back(placed);
    if (m_waiting.size() >= waitingLimit)
        flush();
    else if (!m_tick.isActive())
        m_tick.start();
}

bool LogDocument::flush()
{
    m_tick.stop();
    if (m_waiting.isEmpty())
        return true;
    m_snapshot.runs.clear(); // shared, the list of them all would be copied to grow
    const auto written = m_store->append(m_waiting, m_waitingRuns);
    m_snapshot.runs = m_store->runs();
    m_waiting.clear();
    m_waitingRuns.clear();
    if (!written)
        emit failed(written.error().message);
    else
        indexMore();
    return written.has_value();
}

void LogDocument::restart(quint32 generation)
{
    m_tick.stop();
    m_waiting.clear();
    m_waitingRuns.clear();
    m_finished = false;
    forgetIndex();
    const auto emptied = m_store->restart(generation);
    emit restarted();
    if (!emptied)
        emit failed(emptied.error().message);
}

void LogDocument::forgetIndex()
{
    if (m_pass)
        m_pass->cancel();
    m_pass.reset();
    m_index.clear();
    m_snapshot = {};
}

void LogDocument::finish()
{
    if (!flush())
        return;
    m_finished = true;
    emit finished();
}

void LogDocument::watchFile()
{
    m_watch.start();
}

void LogDocument::look()
{
    const int64_t before = m_store->size();
    const auto looked = m_store->refresh();
    if (!looked && looked.error().code != ErrorCode::DataLoss) {
        m_watch.stop();
        emit failed(looked.error().message);
        return;
    }
    if (!looked) { // cut by log rotation: what it holds now is a new log
        forgetIndex();
        emit restarted();
    }
    if (!looked || m_store->size() != before)
        indexMore();
}

void LogDocument::indexMore()
{
    if (m_pass)
        return; // its end comes back here
    auto snapshot = m_store->snapshot();
    if (!snapshot) {
        emit failed(snapshot.error().message);
        return;
    }
    m_snapshot = std::move(*snapshot);
    const int64_t end = std::min(m_snapshot.size, m_index.bytes() + indexAtOnce);
    if (end > m_index.bytes())
        m_index.append(LogIndex::scan(m_snapshot.bytes(), end, m_index.position(), m_snapshot.runs));
    emit grown();
    if (m_index.bytes() < m_snapshot.size)
        indexInWorker();
}

void LogDocument::indexInWorker()
{
    using Piece = LogIndex::Piece;
    m_pass = std::make_unique<QFutureWatcher<Piece>>();
    auto promise = std::make_shared<QPromise<Piece>>();
    connect(m_pass.get(), &QFutureWatcher<Piece>::resultReadyAt, this, [this](int i) {
        m_index.append(m_pass->resultAt(i));
        emit grown();
    });
    connect(m_pass.get(), &QFutureWatcher<Piece>::finished, this, &LogDocument::passEnded);
    m_pass->setFuture(promise->future());
    promise->start();
    QThreadPool::globalInstance()->start([promise, log = m_snapshot, at = m_index.position()]() mutable {
        while (at.offset < log.size && !promise->isCanceled()) {
            const int64_t end = std::min(log.size, at.offset + indexPiece);
            Piece piece = LogIndex::scan(log.bytes(), end, at, log.runs);
            at = piece.after;
            promise->addResult(std::move(piece));
        }
        promise->finish();
    });
}

void LogDocument::passEnded()
{
    m_pass.release()->deleteLater(); // it is the sender
    indexMore();
}

} // namespace danube::console
