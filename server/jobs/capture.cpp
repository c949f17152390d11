// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/jobs/capture.h"

#include <QFuture>
#include <QPromise>
#include <QThreadPool>

using namespace Qt::StringLiterals;

namespace danube::jobs {
namespace {

using Extract = logs::LogReader::Extract;

Result<Extract> extract(const CapturedStream &what, qint64 limit)
{
    auto reader = logs::LogReader::open(what.logDirectory, what.job);
    if (!reader)
        return std::unexpected(reader.error());
    if (const auto fresh = (*reader)->refresh(); !fresh)
        return std::unexpected(fresh.error());
    return (*reader)->extract({.step = what.step, .stream = what.stream}, limit);
}

} // namespace

void readCaptured(const CapturedStream &what, qint64 limit, QObject *context,
                  std::move_only_function<void(Result<Extract>)> done)
{
    QPromise<Result<Extract>> promise;
    promise.start();
    promise.future().then(context, [done = std::move(done), job = what.job](const Result<Extract> &result) mutable {
        done(result ? result : std::unexpected(result.error().in(u"captured output of job %1"_s.arg(job.value()))));
    });
    QThreadPool::globalInstance()->start([what, limit, promise = std::move(promise)]() mutable {
        promise.addResult(extract(what, limit));
        promise.finish();
    });
}

} // namespace danube::jobs
