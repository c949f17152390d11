// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/http/rangedreply.h"
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
    headers.append("Repr-Digest", "sha-256=:" + QByteArray::fromHex(artifact.sha256).toBase64() + ':'); // RFC 9530
    headers.append(Known::CacheControl, "private, no-cache");
    return headers;
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
    RangedContent content{headersOf(*artifact), '"' + artifact->sha256 + '"', toInt(artifact->size), u"the artifact"_s};
    sendRanged(exchange, std::move(content), [&](ByteRange range) -> Result<std::unique_ptr<BodySource>> {
        auto file = context.backend.openArtifact(*artifact);
        if (!file)
            return std::unexpected(file.error());
        return fileBody(std::move(*file), range.first, range.length);
    });
}

} // namespace danube::http
