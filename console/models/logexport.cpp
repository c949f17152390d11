// SPDX-License-Identifier: GPL-3.0-or-later
#include "console/models/logexport.h"

#include "console/models/lineend.h"
#include "console/models/plaintext.h"

#include <QSaveFile>
#include <QThreadPool>

#include <tuple>

using namespace Qt::StringLiterals;

namespace danube::console {

namespace {

constexpr int64_t pieceBytes = 4 * 1024 * 1024;

// Writes the lines of `piece` (whole lines) that have a match.
void writeMatches(QByteArrayView piece, const LogPattern &pattern, const std::function<bool(QByteArrayView)> &write)
{
    const PlainText plain(piece);
    int64_t behind = 0;
    // An expression too complex for this log was reported when it was searched for.
    std::ignore = pattern.scan(plain.text(), [&](qsizetype at, qsizetype) {
        const qsizetype raw = plain.rawOffset(at);
        if (raw < behind)
            return true;
        const qsizetype before = raw == 0 ? -1 : piece.first(raw).lastIndexOf('\n');
        behind = behindLine(piece, raw);
        return write(piece.sliced(before + 1, behind - before - 1));
    });
}

} // namespace

LogExport::~LogExport()
{
    cancel();
}

void LogExport::cancel()
{
    if (!m_pass)
        return;
    m_pass->disconnect(this);
    m_pass->cancel();
}

void LogExport::saveRange(const QString &path, int64_t begin, int64_t end)
{
    start(path, end - begin, [log = m_log, begin, end](QPromise<Outcome> &promise, const Write &write) {
        for (int64_t at = begin; at < end && !promise.isCanceled();) {
            const int64_t length = std::min(pieceBytes, end - at);
            if (!write(log.bytes().sliced(at, length)))
                return;
            at += length;
            promise.addResult(Outcome{at - begin, -1, {}});
        }
    });
}

void LogExport::saveMatches(const QString &path, const LogPattern &pattern)
{
    start(path, m_log.size, [log = m_log, pattern](QPromise<Outcome> &promise, const Write &write) {
        const QByteArrayView bytes = log.bytes();
        for (int64_t at = 0; at < bytes.size() && !promise.isCanceled();) {
            const int64_t end = behindLine(bytes, at + pieceBytes);
            writeMatches(bytes.sliced(at, end - at), pattern, write);
            at = end;
            promise.addResult(Outcome{at, -1, {}});
        }
    });
}

void LogExport::start(const QString &path, qint64 total, Body body)
{
    m_pass = std::make_unique<QFutureWatcher<Outcome>>();
    auto promise = std::make_shared<QPromise<Outcome>>();
    connect(m_pass.get(), &QFutureWatcher<Outcome>::resultReadyAt, this, [this, path, total](int i) {
        const Outcome outcome = m_pass->resultAt(i);
        emit progressed(outcome.done, total);
        if (!outcome.error.isEmpty())
            emit finished(fail(ErrorCode::Io, u"save '%1': %2"_s.arg(path, outcome.error)));
        else if (outcome.written >= 0)
            emit finished(outcome.written);
    });
    m_pass->setFuture(promise->future());
    promise->start();
    QThreadPool::globalInstance()->start([promise, path, total, body = std::move(body)] {
        QSaveFile file(path);
        qint64 written = 0;
        bool good = file.open(QIODevice::WriteOnly);
        const auto write = [&](QByteArrayView bytes) {
            good = good && file.write(bytes.data(), bytes.size()) == bytes.size();
            written += bytes.size();
            return good;
        };
        if (good)
            body(*promise, write);
        if (!promise->isCanceled()) {
            good = good && file.commit();
            promise->addResult(Outcome{total, written, good ? QString() : file.errorString()});
        }
        promise->finish();
    });
}

} // namespace danube::console
