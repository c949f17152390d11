// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/rpc/problem.h"

#include <QJsonDocument>
#include <QLoggingCategory>

using namespace Qt::StringLiterals;

namespace danube::rpc {
namespace {

Q_LOGGING_CATEGORY(rpcLog, "danube.rpc")

constexpr char retryAfterSeconds[] = "2";

Response toResponse(const protocol::Problem &problem)
{
    Response response;
    response.status = problem.status;
    response.contentType = protocol::problemContentType;
    response.body = protocol::toBytes(problem);
    if (problem.status == 503 || problem.status == 429)
        response.headers.emplace_back("retry-after", retryAfterSeconds);
    if (problem.status == 401)
        response.headers.emplace_back("www-authenticate", "Bearer");
    return response;
}

bool isOurOwn(ErrorCode code)
{
    return code == ErrorCode::Io || code == ErrorCode::Internal || code == ErrorCode::DataLoss ||
           code == ErrorCode::Protocol;
}

} // namespace

Response refusal(const Error &error, const QString &path, protocol::Exhausted exhausted, const QJsonObject &extensions)
{
    protocol::Problem problem = protocol::problemOf(error, path, exhausted);
    for (auto each = extensions.begin(); each != extensions.end(); ++each)
        problem.extensions.insert(each.key(), each.value());
    if (isOurOwn(error.code)) {
        qCWarning(rpcLog).noquote() << u"call failed path=%1 error=\"%2\""_s.arg(path, error.message);
        problem.detail = u"the master could not do it; its log says why"_s;
    }
    return toResponse(problem);
}

Response refusal(int status, const QString &detail, const QString &path, const Headers &headers)
{
    Response response = toResponse(protocol::problemOfStatus(status, detail, path));
    response.headers.insert(response.headers.end(), headers.begin(), headers.end());
    return response;
}

Response jsonResponse(const QJsonObject &body)
{
    return jsonResponse(QJsonDocument(body).toJson(QJsonDocument::Compact));
}

Response jsonResponse(QByteArray body)
{
    Response response;
    response.body = std::move(body);
    return response;
}

} // namespace danube::rpc
