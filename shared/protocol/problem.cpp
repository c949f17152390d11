// SPDX-License-Identifier: GPL-3.0-or-later
#include "shared/protocol/problem.h"

#include <QJsonDocument>

#include <algorithm>
#include <array>

using namespace Qt::StringLiterals;

namespace danube::protocol {
namespace {

constexpr auto typePrefix = "urn:danube:problem:"_L1;

struct Row
{
    ErrorCode code;
    int status;
    QLatin1StringView title;
};

// The first row of a status is what a client takes it for when the body tells no type.
constexpr std::array rows{
    Row{ErrorCode::InvalidArgument, 400, "The request is wrong"_L1},
    Row{ErrorCode::Unauthenticated, 401, "Sign in first"_L1},
    Row{ErrorCode::PermissionDenied, 403, "Not allowed"_L1},
    Row{ErrorCode::NotFound, 404, "Not found"_L1},
    Row{ErrorCode::Conflict, 409, "Not possible in the present state"_L1},
    Row{ErrorCode::AlreadyExists, 409, "Exists already"_L1},
    Row{ErrorCode::Cancelled, 409, "Cancelled"_L1},
    Row{ErrorCode::ResourceExhausted, 429, "A limit was reached"_L1},
    Row{ErrorCode::Internal, 500, "Internal error"_L1},
    Row{ErrorCode::Io, 500, "The operating system refused"_L1},
    Row{ErrorCode::DataLoss, 500, "Stored data is damaged"_L1},
    Row{ErrorCode::Protocol, 502, "A peer broke its protocol"_L1},
    Row{ErrorCode::Unavailable, 503, "Not available now"_L1},
    Row{ErrorCode::Timeout, 504, "Took too long"_L1},
};

struct Phrase
{
    int status;
    QLatin1StringView text;
};

constexpr std::array phrases{
    Phrase{200, "OK"_L1},
    Phrase{201, "Created"_L1},
    Phrase{202, "Accepted"_L1},
    Phrase{204, "No Content"_L1},
    Phrase{206, "Partial Content"_L1},
    Phrase{304, "Not Modified"_L1},
    Phrase{400, "Bad Request"_L1},
    Phrase{401, "Unauthorized"_L1},
    Phrase{403, "Forbidden"_L1},
    Phrase{404, "Not Found"_L1},
    Phrase{405, "Method Not Allowed"_L1},
    Phrase{406, "Not Acceptable"_L1},
    Phrase{408, "Request Timeout"_L1},
    Phrase{409, "Conflict"_L1},
    Phrase{410, "Gone"_L1},
    Phrase{411, "Length Required"_L1},
    Phrase{413, "Content Too Large"_L1},
    Phrase{414, "URI Too Long"_L1},
    Phrase{415, "Unsupported Media Type"_L1},
    Phrase{416, "Range Not Satisfiable"_L1},
    Phrase{417, "Expectation Failed"_L1},
    Phrase{422, "Unprocessable Content"_L1},
    Phrase{426, "Upgrade Required"_L1},
    Phrase{429, "Too Many Requests"_L1},
    Phrase{431, "Request Header Fields Too Large"_L1},
    Phrase{500, "Internal Server Error"_L1},
    Phrase{501, "Not Implemented"_L1},
    Phrase{502, "Bad Gateway"_L1},
    Phrase{503, "Service Unavailable"_L1},
    Phrase{504, "Gateway Timeout"_L1},
    Phrase{505, "HTTP Version Not Supported"_L1},
    Phrase{507, "Insufficient Storage"_L1},
};

ErrorCode codeOfStatus(int status)
{
    if (status == 507)
        return ErrorCode::ResourceExhausted;
    if (const auto *row = std::ranges::find(rows, status, &Row::status); row != rows.end())
        return row->code;
    if (status == 408)
        return ErrorCode::Timeout;
    return status >= 400 && status < 500 ? ErrorCode::InvalidArgument : ErrorCode::Protocol;
}

std::optional<ErrorCode> codeOfType(const QString &type)
{
    if (!type.startsWith(typePrefix))
        return std::nullopt;
    const auto slug = type.sliced(typePrefix.size());
    const auto *row = std::ranges::find_if(rows, [&](const Row &r) { return errorCodeName(r.code) == slug; });
    return row == rows.end() ? std::nullopt : std::optional(row->code);
}

} // namespace

QString titleOf(int status)
{
    const auto *found = std::ranges::find(phrases, status, &Phrase::status);
    return found == phrases.end() ? u"Status %1"_s.arg(status) : QString(found->text);
}

Problem problemOf(const Error &error, const QString &instance, Exhausted exhausted)
{
    const Row &row = *std::ranges::find(rows, error.code, &Row::code);
    Problem problem{typePrefix + errorCodeName(error.code), row.title, row.status, error.message, instance, {}};
    if (error.code == ErrorCode::ResourceExhausted && exhausted == Exhausted::Storage) {
        problem.status = 507;
        problem.extensions.insert(u"resource"_s, u"storage"_s);
    }
    return problem;
}

Problem problemOfStatus(int status, const QString &detail, const QString &instance)
{
    const QString title = titleOf(status);
    return {typePrefix + title.toLower().replace(u' ', u'-'), title, status, detail, instance, {}};
}

QJsonObject toJson(const Problem &problem)
{
    QJsonObject object = problem.extensions;
    object.insert(u"type"_s, problem.type);
    object.insert(u"title"_s, problem.title);
    object.insert(u"status"_s, problem.status);
    object.insert(u"detail"_s, problem.detail);
    if (!problem.instance.isEmpty())
        object.insert(u"instance"_s, problem.instance);
    return object;
}

QByteArray toBytes(const Problem &problem)
{
    return QJsonDocument(toJson(problem)).toJson(QJsonDocument::Compact) + '\n';
}

Problem problemFromJson(const QJsonObject &object)
{
    Problem problem{object.value("type"_L1).toString(u"about:blank"_s),
                    object.value("title"_L1).toString(),
                    object.value("status"_L1).toInt(500),
                    object.value("detail"_L1).toString(),
                    object.value("instance"_L1).toString(),
                    object};
    for (const auto key : {"type"_L1, "title"_L1, "status"_L1, "detail"_L1, "instance"_L1})
        problem.extensions.remove(key);
    return problem;
}

Error errorOf(const Problem &problem)
{
    QString message = problem.detail.isEmpty() ? problem.title : problem.detail;
    if (message.isEmpty())
        message = u"answered %1 %2"_s.arg(problem.status).arg(titleOf(problem.status));
    return {codeOfType(problem.type).value_or(codeOfStatus(problem.status)), message};
}

Error errorOfAnswer(int status, const QByteArray &body)
{
    Problem problem;
    if (const auto document = QJsonDocument::fromJson(body); document.isObject())
        problem = problemFromJson(document.object());
    problem.status = status;
    return errorOf(problem);
}

} // namespace danube::protocol
