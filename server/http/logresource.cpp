// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/http/byterange.h"
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

/// The log as it is now; null when the job has not printed yet.
Result<std::unique_ptr<logs::LogReader>> openNow(const ResourceContext &context, const JobId &job)
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

void sendWholeLog(Exchange &exchange, std::unique_ptr<logs::LogReader> reader)
{
    const qint64 size = reader ? reader->size() : 0;
    QHttpHeaders headers = textHeaders();
    headers.append(Known::AcceptRanges, "bytes");
    if (const auto seal = reader ? reader->seal() : std::nullopt)
        headers.append(Known::ETag, '"' + seal->sha256 + '"');
    const auto answer = answerRange(exchange.request().header("range"), size);
    if (answer.kind == RangeAnswer::Kind::Unsatisfiable) {
        headers.removeAll(Known::ContentType);
        headers.append(Known::ContentRange, "bytes */" + QByteArray::number(size));
        return exchange.sendProblem(416, u"the log has %1 bytes"_s.arg(size), std::move(headers));
    }
    const auto [first, length] = answer.range;
    if (answer.kind == RangeAnswer::Kind::Part)
        headers.append(Known::ContentRange, "bytes " + QByteArray::number(first) + '-' +
                                                QByteArray::number(first + length - 1) + '/' +
                                                QByteArray::number(size));
    if (length == 0)
        return exchange.send({200, std::move(headers), {}});
    exchange.sendBody(answer.kind == RangeAnswer::Kind::Part ? 206 : 200, std::move(headers),
                      logBody(std::move(reader), first, length));
}

} // namespace

void getLogs(const ResourceContext &context, Exchange &exchange)
{
    const auto job = findJob(context, exchange.value());
    if (!job)
        return exchange.sendError(job.error());
    const auto selection = selectionOf(exchange);
    if (!selection)
        return exchange.sendError(selection.error());
    auto reader = openNow(context, job->id);
    if (!reader)
        return exchange.sendError(reader.error());
    if (!selection->step && !selection->stream)
        return sendWholeLog(exchange, std::move(*reader));
    if (!*reader)
        return exchange.send({200, textHeaders(), {}});
    exchange.sendBody(200, textHeaders(), logExtract(std::move(*reader), *selection));
}

} // namespace danube::http
