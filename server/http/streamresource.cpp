// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/http/resources.h"
#include "shared/protocol/logline.h"

using namespace Qt::StringLiterals;

namespace danube::http {
namespace {

using protocol::LogPosition;

const Error noRoom{ErrorCode::Unavailable, u"too many streams are open"_s};

/// Where the client wants to go on: Last-Event-ID wins over ?from=, which is an id or a bare offset.
Result<std::optional<LogPosition>> readPosition(const Exchange &exchange, bool &knowsGeneration)
{
    knowsGeneration = true;
    if (const QByteArray id = exchange.request().header("last-event-id"); !id.isEmpty()) {
        // An id that is none of ours cannot be resumed: from the start, which repeats but loses nothing.
        return protocol::logPositionFromText(id);
    }
    if (!exchange.hasQuery("from"_L1))
        return std::nullopt;
    const QString from = exchange.query("from"_L1);
    if (auto position = protocol::logPositionFromText(from.toLatin1()))
        return position;
    knowsGeneration = false;
    return numberOf(exchange, "from"_L1, 0, std::numeric_limits<qint64>::max(), 0).transform([](qint64 offset) {
        return std::optional(LogPosition{0, offset, false});
    });
}

/// True when the client has the `end` event of this very log.
bool hasAll(const ResourceContext &context, const Job &job, const LogPosition &position)
{
    if (!position.ended || !isFinal(job.state))
        return false;
    const auto reader = context.openLog(job.id);
    if (!reader)
        return reader.error().code == ErrorCode::NotFound && position.offset == 0;
    if (!(*reader)->refresh())
        return false;
    const auto seal = (*reader)->seal();
    return seal && seal->size == position.offset && (*reader)->generation() == position.generation;
}

Result<LogForm> readForm(const Exchange &exchange)
{
    const QString format = exchange.query("format"_L1);
    if (format.isEmpty() || format == "plain"_L1)
        return LogForm::Plain;
    if (format == "json"_L1)
        return LogForm::Json;
    return fail(ErrorCode::InvalidArgument, u"format: expected plain or json, got \"%1\""_s.arg(format.left(40)));
}

/// A HEAD of a stream: what GET would say, and no stream.
void sendStreamHead(Exchange &exchange)
{
    Reply reply;
    reply.headers.append(QHttpHeaders::WellKnownHeader::ContentType, "text/event-stream; charset=utf-8");
    exchange.send(std::move(reply));
}

} // namespace

void streamLogs(const ResourceContext &context, Exchange &exchange)
{
    const auto job = findJob(context, exchange.value());
    if (!job)
        return exchange.sendError(job.error());
    const auto form = readForm(exchange);
    bool knowsGeneration = true;
    const auto resume = readPosition(exchange, knowsGeneration);
    if (!form || !resume)
        return exchange.sendError(form ? resume.error() : form.error());
    const auto selection = selectionOf(exchange);
    if (!selection)
        return exchange.sendError(selection.error());
    SsePosition position{.next = 0, .generation = {}, .isResumed = false, .form = *form, .selection = *selection};
    if (*resume) {
        if (hasAll(context, *job, **resume))
            return exchange.send({204, {}, {}}); // EventSource stops reconnecting
        position.next = (*resume)->offset;
        position.isResumed = true;
        if (knowsGeneration)
            position.generation = (*resume)->generation;
    }
    if (isFinal(job->state)) {
        if (const auto reader = context.openLog(job->id); reader && isRemoved(exchange, **reader))
            return;
    }
    if (exchange.isHead())
        return sendStreamHead(exchange);
    if (!context.hub.hasRoom())
        return exchange.sendError(noRoom);
    const auto descriptor = exchange.takeOver();
    if (!descriptor) // out of descriptors
        return exchange.sendError({ErrorCode::Unavailable, descriptor.error().message});
    context.hub.followLog(*descriptor, job->id, position);
}

void streamEvents(const ResourceContext &context, Exchange &exchange)
{
    if (exchange.isHead())
        return sendStreamHead(exchange);
    if (!context.hub.hasRoom())
        return exchange.sendError(noRoom);
    const QByteArray id = exchange.request().header("last-event-id");
    const auto descriptor = exchange.takeOver();
    if (!descriptor) // out of descriptors
        return exchange.sendError({ErrorCode::Unavailable, descriptor.error().message});
    context.hub.followEvents(*descriptor, id);
}

} // namespace danube::http
