// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/http/rangedreply.h"

using namespace Qt::StringLiterals;

namespace danube::http {
namespace {

using Known = QHttpHeaders::WellKnownHeader;

/// A range only counts for the content the client has begun with (RFC 9110, 13.1.5).
RangeAnswer rangeOf(const Exchange &exchange, const RangedContent &content)
{
    const QByteArray condition = exchange.request().header("if-range");
    const bool applies = condition.isEmpty() || condition == content.etag;
    return answerRange(applies ? exchange.request().header("range") : QByteArray(), content.size);
}

bool clientHas(const Exchange &exchange, const QByteArray &etag)
{
    const auto tags = exchange.request().header("if-none-match").split(',');
    return !etag.isEmpty() && std::ranges::any_of(tags, [&](const QByteArray &tag) {
        const QByteArray plain = tag.trimmed();
        return plain == etag || plain == "W/" + etag || plain == "*";
    });
}

QByteArray contentRange(ByteRange range, qint64 size)
{
    return "bytes " + QByteArray::number(range.first) + '-' + QByteArray::number(range.first + range.length - 1) + '/' +
           QByteArray::number(size);
}

} // namespace

void sendRanged(Exchange &exchange, RangedContent content, const OpenRange &open)
{
    content.headers.append(Known::AcceptRanges, "bytes");
    if (!content.etag.isEmpty())
        content.headers.append(Known::ETag, content.etag);
    if (clientHas(exchange, content.etag)) {
        content.headers.removeAll(Known::ContentType);
        return exchange.send({304, std::move(content.headers), {}});
    }
    const auto answer = rangeOf(exchange, content);
    if (answer.kind == RangeAnswer::Kind::Unsatisfiable) {
        QHttpHeaders headers;
        headers.append(Known::ContentRange, "bytes */" + QByteArray::number(content.size));
        return exchange.sendProblem(416, u"%1 has %2 bytes"_s.arg(content.name).arg(content.size), std::move(headers));
    }
    if (answer.range.length == 0)
        return exchange.send({200, std::move(content.headers), {}});
    auto body = open(answer.range);
    if (!body)
        return exchange.sendError(body.error());
    const bool isPart = answer.kind == RangeAnswer::Kind::Part;
    if (isPart)
        content.headers.append(Known::ContentRange, contentRange(answer.range, content.size));
    exchange.sendBody(isPart ? 206 : 200, std::move(content.headers), std::move(*body));
}

} // namespace danube::http
