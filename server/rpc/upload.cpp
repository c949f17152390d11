// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/rpc/uploadbody.h"

#include "server/rpc/query.h"

#include <array>

using namespace Qt::StringLiterals;

namespace danube::rpc {
namespace {

constexpr std::array queryParameters{"job_id"_L1, "name"_L1, "sha256"_L1};
constexpr std::array roomParameters{"job_id"_L1, "name"_L1, "total_bytes"_L1};
constexpr std::array uploadParameters{"job_id"_L1, "name"_L1, "sha256"_L1, "offset"_L1};

struct UploadRequest
{
    artifacts::UploadKey key;
    ByteCount offset{};
};

Result<UploadRequest> parseUpload(QByteArrayView query, std::span<const QLatin1StringView> known)
{
    const auto values = parseQuery(query, known);
    if (!values)
        return std::unexpected(values.error());
    const UploadRequest request{
        {JobId(values->value(u"job_id"_s)), values->value(u"name"_s), values->value(u"sha256"_s).toLatin1()},
        ByteCount(values->value(u"offset"_s, u"0"_s).toLongLong())};
    if (QString::number(toInt(request.offset)) != values->value(u"offset"_s, u"0"_s) || toInt(request.offset) < 0)
        return fail(ErrorCode::InvalidArgument, u"offset: expected a whole number of bytes"_s);
    return artifacts::checkUploadKey(request.key).transform([&] { return request; });
}

void refuseSize(Exchange &exchange, qint64 limit)
{
    exchange.refuse(413, u"an artifact may have %1 at most (quota.artifact_bytes)"_s.arg(toText(ByteCount(limit))));
}

/// Before the digest of a large file is known: whether so many bytes would be taken at all.
void startRoomQuery(HandlerContext &context, const Caller &caller, const std::shared_ptr<Exchange> &exchange)
{
    const auto values = parseQuery(exchange->query(), roomParameters);
    if (!values)
        return exchange->refuse(values.error());
    bool isNumber = false;
    const qint64 total = values->value(u"total_bytes"_s).toLongLong(&isNumber);
    if (!isNumber || total < 0)
        return exchange->refuse({ErrorCode::InvalidArgument, u"total_bytes: expected a whole number of bytes"_s});
    const JobId job(values->value(u"job_id"_s));
    if (const auto good = artifacts::checkUploadTarget(job, values->value(u"name"_s)); !good)
        return exchange->refuse(good.error());
    const std::weak_ptr weak(exchange);
    auto checked = [weak, &context, total](const Result<void> &allowed) {
        const auto alive = weak.lock();
        if (!alive)
            return;
        if (!allowed)
            return alive->refuse(allowed.error());
        if (total > context.settings.uploadLimit)
            return refuseSize(*alive, context.settings.uploadLimit);
        alive->respond(jsonResponse({{u"size_bytes"_s, 0}}));
    };
    context.backend.checkUpload(actingJob(caller, job), job, checked);
}

} // namespace

// One function, because a refused upload says more than its Error: the size so far, or that the quota was the reason.
void refuseUpload(Exchange &exchange, const artifacts::UploadError &refused)
{
    using Kind = artifacts::UploadError::Kind;
    if (refused.kind == Kind::OverQuota)
        return exchange.refuse(413, refused.error.message);
    QJsonObject extensions;
    if (refused.kind == Kind::WrongOffset)
        extensions.insert(u"size_bytes"_s, qint64(toInt(refused.size)));
    exchange.refuse(refused.error, protocol::Exhausted::Storage, extensions);
}

void startUpload(HandlerContext &context, const Caller &caller, const std::shared_ptr<Exchange> &exchange)
{
    const auto length = exchange->head().contentLength.value_or(0);
    if (length > context.settings.uploadLimit)
        return refuseSize(*exchange, context.settings.uploadLimit);
    const auto request = parseUpload(exchange->query(), uploadParameters);
    if (!request)
        return exchange->refuse(request.error());
    auto body = std::make_unique<UploadBody>(context, exchange);
    UploadBody &opened = *body;
    exchange->setBodyHandler(std::move(body));
    opened.start(actingJob(caller, request->key.job), request->key, request->offset);
}

void startUploadQuery(HandlerContext &context, const Caller &caller, const std::shared_ptr<Exchange> &exchange)
{
    const auto parameters = QByteArrayView(exchange->query());
    if (parameters.startsWith("total_bytes=") || parameters.contains("&total_bytes="))
        return startRoomQuery(context, caller, exchange);
    const auto request = parseUpload(exchange->query(), queryParameters);
    if (!request)
        return exchange->refuse(request.error());
    const JobId job = request->key.job;
    const std::weak_ptr weak(exchange);
    auto answer = [weak](const artifacts::UploadResult<ByteCount> &size) {
        const auto alive = weak.lock();
        if (alive && size)
            alive->respond(jsonResponse({{u"size_bytes"_s, qint64(toInt(*size))}}));
        else if (alive)
            refuseUpload(*alive, size.error());
    };
    auto checked = [weak, answer, &context, key = request->key](const Result<void> &allowed) {
        const auto alive = weak.lock();
        if (alive && !allowed)
            alive->refuse(allowed.error());
        else if (alive)
            context.artifacts.query(key, context.home, answer);
    };
    context.backend.checkUpload(actingJob(caller, job), job, checked);
}

} // namespace danube::rpc
