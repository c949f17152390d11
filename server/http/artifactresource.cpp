// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/http/byterange.h"
#include "server/http/resources.h"
#include "shared/protocol/restmessages.h"

#include <QUrl>

using namespace Qt::StringLiterals;

namespace danube::http {
namespace {

using Known = QHttpHeaders::WellKnownHeader;

/// attachment with the base name twice: plain for old clients, exact by RFC 6266 for others.
QByteArray disposition(const Artifact &artifact)
{
    const QString name = artifact.name.section(u'/', -1);
    QByteArray plain;
    for (const QChar c : name) {
        const bool isSafe = c.unicode() >= 0x20 && c.unicode() < 0x7f && c != u'"' && c != u'\\' && c != u'%';
        plain.append(isSafe ? c.toLatin1() : '_');
    }
    return "attachment; filename=\"" + plain + "\"; filename*=UTF-8''" + QUrl::toPercentEncoding(name);
}

QHttpHeaders headersOf(const Artifact &artifact)
{
    QHttpHeaders headers;
    headers.append(Known::ContentType, "application/octet-stream");
    headers.append(Known::ContentDisposition, disposition(artifact));
    headers.append(Known::AcceptRanges, "bytes");
    headers.append(Known::ETag, '"' + artifact.sha256 + '"');
    headers.append("Repr-Digest", "sha-256=:" + QByteArray::fromHex(artifact.sha256).toBase64() + ':'); // RFC 9530
    headers.append(Known::CacheControl, "private, no-cache");
    return headers;
}

/// A range only counts for the content the client has begun with (RFC 9110, 13.1.5).
RangeAnswer rangeOf(const Exchange &exchange, const QByteArray &etag, qint64 size)
{
    const QByteArray condition = exchange.request().header("if-range");
    const bool applies = condition.isEmpty() || condition == etag;
    return answerRange(applies ? exchange.request().header("range") : QByteArray(), size);
}

bool clientHas(const Exchange &exchange, const QByteArray &etag)
{
    const auto tags = exchange.request().header("if-none-match").split(',');
    return std::ranges::any_of(tags, [&](const QByteArray &tag) {
        const QByteArray plain = tag.trimmed();
        return plain == etag || plain == "W/" + etag || plain == "*";
    });
}

} // namespace

void listArtifacts(const ResourceContext &context, Exchange &exchange)
{
    const auto job = findJob(context, exchange.value());
    if (!job)
        return exchange.sendError(job.error());
    const auto artifacts = context.store.artifacts(job->id);
    if (!artifacts)
        return exchange.sendError(artifacts.error());
    exchange.sendJson(protocol::artifactsToJson(*artifacts));
}

void getArtifact(const ResourceContext &context, Exchange &exchange)
{
    if (!isSafeId(exchange.value()))
        return exchange.sendError({ErrorCode::NotFound, u"no artifact has this id"_s});
    const auto artifact = context.store.artifact(ArtifactId(exchange.value()));
    if (!artifact)
        return exchange.sendError(artifact.error());
    const qint64 size = toInt(artifact->size);
    const QByteArray etag = '"' + artifact->sha256 + '"';
    QHttpHeaders headers = headersOf(*artifact);
    if (clientHas(exchange, etag))
        return exchange.send({304, std::move(headers), {}});
    const auto answer = rangeOf(exchange, etag, size);
    if (answer.kind == RangeAnswer::Kind::Unsatisfiable) {
        QHttpHeaders extra;
        extra.append(Known::ContentRange, "bytes */" + QByteArray::number(size));
        return exchange.sendProblem(416, u"the artifact has %1 bytes"_s.arg(size), std::move(extra));
    }
    auto file = context.backend.openArtifact(*artifact);
    if (!file)
        return exchange.sendError(file.error());
    const auto [first, length] = answer.range;
    if (answer.kind == RangeAnswer::Kind::Part)
        headers.append(Known::ContentRange, "bytes " + QByteArray::number(first) + '-' +
                                                QByteArray::number(first + length - 1) + '/' +
                                                QByteArray::number(size));
    if (length == 0)
        return exchange.send({200, std::move(headers), {}});
    exchange.sendBody(answer.kind == RangeAnswer::Kind::Part ? 206 : 200, std::move(headers),
                      fileBody(std::move(*file), first, length));
}

} // namespace danube::http
