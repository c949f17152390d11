// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/http/rangedreply.h"
#include "server/http/resources.h"

using namespace Qt::StringLiterals;

namespace danube::http {
namespace {

using Known = QHttpHeaders::WellKnownHeader;

QHttpHeaders textHeaders()
{
    QHttpHeaders headers;
    headers.append(Known::ContentType, "text/plain; charset=utf-8");
    return headers;
}

void sendWholeLog(Exchange &exchange, std::unique_ptr<logs::LogReader> reader)
{
    const auto seal = reader ? reader->seal() : std::nullopt;
    const QByteArray etag = seal ? '"' + seal->sha256 + '"' : QByteArray(); // a growing log has no lasting content
    const qint64 size = reader ? reader->size() : 0;
    sendRanged(exchange, {textHeaders(), etag, size, u"the log"_s},
               [&reader](ByteRange range) -> Result<std::unique_ptr<BodySource>> {
                   return logBody(std::move(reader), range.first, range.length);
               });
}

} // namespace

Result<std::unique_ptr<logs::LogReader>> openLogNow(const ResourceContext &context, const JobId &job)
{
    auto reader = context.openLog(job);
    if (!reader && reader.error().code == ErrorCode::NotFound)
        return nullptr;
    if (reader) {
        if (const auto fresh = (*reader)->refresh(); !fresh)
            return std::unexpected(fresh.error());
    }
    return reader;
}

bool isRemoved(Exchange &exchange, const logs::LogReader &reader)
{
    const auto seal = reader.seal();
    if (!seal || !seal->removedAt)
        return false;
    constexpr int gone = 410;
    exchange.sendProblem(gone, u"the log was removed at %1, when its retention was over; it had %2 bytes, sha256 %3"_s
                                   .arg(toRfc3339(*seal->removedAt))
                                   .arg(seal->size)
                                   .arg(QString::fromLatin1(seal->sha256)));
    return true;
}

void getLogs(const ResourceContext &context, Exchange &exchange)
{
    const auto job = findJob(context, exchange.value());
    if (!job)
        return exchange.sendError(job.error());
    const auto selection = selectionOf(exchange);
    if (!selection)
        return exchange.sendError(selection.error());
    auto reader = openLogNow(context, job->id);
    if (!reader)
        return exchange.sendError(reader.error());
    if (*reader && isRemoved(exchange, **reader))
        return;
    if (!selection->step && !selection->stream)
        return sendWholeLog(exchange, std::move(*reader));
    if (!*reader)
        return exchange.send({200, textHeaders(), {}});
    exchange.sendBody(200, textHeaders(), logExtract(std::move(*reader), *selection));
}

} // namespace danube::http
