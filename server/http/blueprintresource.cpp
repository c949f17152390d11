// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/http/resources.h"
#include "shared/blueprint/masking.h"
#include "shared/core/jsonreader.h"
#include "shared/protocol/problem.h"

using namespace Qt::StringLiterals;

namespace danube::http {
namespace {

using blueprint::FileChanges;

/// Nothing, once it has answered that there is no repository.
blueprint::BlueprintService *serviceOf(const ResourceContext &context, Exchange &exchange)
{
    if (!context.blueprint)
        exchange.sendError(
            {ErrorCode::NotFound, u"the configuration comes from a directory: config_repo.url names no repository"_s});
    return context.blueprint;
}

/// {"pipelines/a.json": "text" or null (the file goes)}.
Result<FileChanges> readFiles(JsonReader &body)
{
    FileChanges changes;
    const QJsonObject files = body.object("files"_L1).value_or(QJsonObject());
    for (auto it = files.begin(); it != files.end(); ++it) {
        if (!it->isString() && !it->isNull())
            return fail(ErrorCode::InvalidArgument,
                        u"files.%1: expected the file's text, or null to remove it"_s.arg(it.key().left(80)));
        changes.insert(it.key(), it->isNull() ? std::nullopt : std::optional(it->toString().toUtf8()));
    }
    return changes;
}

template <class T> QJsonArray toArray(const QList<T> &items)
{
    QJsonArray array;
    for (const T &item : items)
        array.append(toJson(item));
    return array;
}

Result<blueprint::Plan> readPlan(const blueprint::BlueprintService &service, const Exchange &exchange)
{
    if (exchange.request().body.trimmed().isEmpty())
        return service.plan({});
    auto object = parseJsonObject(exchange.request().body);
    if (!object)
        return std::unexpected(object.error());
    JsonReader body(*object);
    return readFiles(body).and_then([&](const FileChanges &changes) {
        return body.finish(UnknownFields::Ignore).and_then([&] { return service.plan(changes); });
    });
}

/// Nothing, once it has answered why there is none.
std::optional<blueprint::Plan> planOf(const ResourceContext &context, Exchange &exchange)
{
    const auto *service = serviceOf(context, exchange);
    if (!service)
        return std::nullopt;
    auto plan = readPlan(*service, exchange);
    if (plan)
        return std::move(*plan);
    exchange.sendError(plan.error());
    return std::nullopt;
}

QJsonObject validationToJson(const blueprint::Plan &plan)
{
    return {{u"accepted"_s, plan.validation.isAccepted()},
            {u"base_commit"_s, plan.baseCommit},
            {u"findings"_s, toArray(plan.validation.findings)}};
}

QJsonObject policiesToJson(const egress::EgressService &egress, const blueprint::Snapshot &snapshot)
{
    QJsonObject object = toJson(egress.plan(snapshot));
    object.insert(u"applied"_s, egress.hasCluster());
    return object;
}

blueprint::Author authorOf(const Principal &principal, const blueprint::Snapshot &snapshot)
{
    const auto user = snapshot.users.constFind(principal.name);
    const auto name = principal.name.isEmpty() ? u"danube"_s : principal.name;
    return {name, user == snapshot.users.cend() ? name + u"@users.danube.invalid"_s : user->email};
}

Result<blueprint::CommitRequest> readCommit(const Exchange &exchange, const blueprint::Snapshot &snapshot)
{
    auto object = parseJsonObject(exchange.request().body);
    if (!object)
        return std::unexpected(object.error());
    JsonReader body(*object);
    blueprint::CommitRequest request;
    request.baseCommit = body.requiredString("base_commit"_L1);
    request.message = body.requiredString("message"_L1);
    request.author = authorOf(exchange.principal(), snapshot);
    auto files = readFiles(body);
    if (!files)
        return std::unexpected(files.error());
    request.files = std::move(*files);
    return body.finish(UnknownFields::Ignore).transform([&] { return request; });
}

void send(Exchange &exchange, const protocol::Problem &problem)
{
    Reply reply;
    reply.status = problem.status;
    reply.headers.append(QHttpHeaders::WellKnownHeader::ContentType, protocol::problemContentType);
    reply.body = protocol::toBytes(problem);
    exchange.send(std::move(reply));
}

/// 422: understood, and wrong; nothing was committed.
void sendRefused(Exchange &exchange, const QList<blueprint::Finding> &findings)
{
    const auto first = std::ranges::find(findings, blueprint::Severity::Error, &blueprint::Finding::severity);
    auto problem = protocol::problemOfStatus(
        422, first == findings.end() ? u"the change is refused"_s : describe(*first), exchange.path());
    problem.extensions.insert(u"findings"_s, toArray(findings));
    send(exchange, problem);
}

/// 409: where the branch is by now.
void sendMoved(Exchange &exchange, const Error &error, const blueprint::BlueprintStatus &status)
{
    auto problem = protocol::problemOf(error, exchange.path());
    problem.extensions.insert(u"head_commit"_s, status.headCommit);
    send(exchange, problem);
}

/// Password hashes are for the master only.
void insertText(QJsonObject &file, const QString &path, const QByteArray &text)
{
    const auto masked = blueprint::withoutPasswordHashes(path, text);
    if (masked)
        file.insert(u"text"_s, QString::fromUtf8(*masked));
    else
        file.insert(u"withheld"_s, u"the file is no JSON, so its password hashes cannot be told apart: mend it in the "
                                   "repository"_s);
}

} // namespace

/// ?content=true: with the files' texts; ?of=head: the branch's files, which are not in force when they are refused.
void getBlueprint(const ResourceContext &context, Exchange &exchange)
{
    const auto *service = serviceOf(context, exchange);
    if (!service)
        return;
    QJsonObject object = toJson(service->status());
    object.insert(u"push"_s, service->mayPush());
    const bool isHead = exchange.query("of"_L1) == "head"_L1;
    const auto files = isHead              ? service->headFiles()
                       : service->active() ? service->active()->files
                                           : blueprint::Files();
    const bool withText = exchange.query("content"_L1) == "true"_L1;
    QJsonArray list;
    for (const auto &[path, text] : files.asKeyValueRange()) {
        QJsonObject file{{u"path"_s, path}, {u"size_bytes"_s, text.size()}};
        if (withText)
            insertText(file, path, text);
        list.append(file);
    }
    object.insert(u"files"_s, list);
    exchange.sendJson(object);
}

void validateBlueprint(const ResourceContext &context, Exchange &exchange)
{
    if (const auto plan = planOf(context, exchange))
        exchange.sendJson(validationToJson(*plan));
}

void planBlueprint(const ResourceContext &context, Exchange &exchange)
{
    const auto plan = planOf(context, exchange);
    if (!plan)
        return;
    QJsonObject object = validationToJson(*plan);
    object.insert(u"changes"_s, toArray(plan->changes));
    if (context.egress && plan->validation.snapshot)
        object.insert(u"policies"_s, policiesToJson(*context.egress, *plan->validation.snapshot));
    exchange.sendJson(object);
}

void commitBlueprint(const ResourceContext &context, Exchange &exchange)
{
    auto *service = serviceOf(context, exchange);
    if (!service)
        return;
    auto request = readCommit(exchange, service->snapshot());
    if (!request)
        return exchange.sendError(request.error());
    service->commit(
        std::move(*request), &exchange, [service, &exchange](const Result<blueprint::CommitAnswer> &answer) {
            if (!answer && answer.error().code == ErrorCode::Conflict)
                return sendMoved(exchange, answer.error(), service->status());
            if (!answer)
                return exchange.sendError(answer.error());
            if (answer->commit.isEmpty())
                return sendRefused(exchange, answer->findings);
            exchange.sendJson({{u"commit"_s, answer->commit}, {u"findings"_s, toArray(answer->findings)}}, 201);
        });
}

void syncBlueprint(const ResourceContext &context, Exchange &exchange)
{
    auto *service = serviceOf(context, exchange);
    if (!service)
        return;
    service->sync(&exchange, [&exchange](const Result<blueprint::BlueprintStatus> &status) {
        if (!status)
            return exchange.sendError(status.error());
        exchange.sendJson(toJson(*status));
    });
}

} // namespace danube::http
