// SPDX-License-Identifier: GPL-3.0-or-later
#include "shared/protocol/rpcbodies.h"

#include "shared/core/jsonreader.h"
#include "shared/model/lifecycle.h"
#include "shared/protocol/text.h"

#include <simdjson.h>

#include <limits>

namespace danube::protocol {
namespace {

using simdjson::dom::element;

constexpr qsizetype largestPlain = 16 << 10; // bytes: the parser keeps buffers of several times that

std::optional<QString> plainText(element value)
{
    std::string_view text;
    if (value.get(text) || text.starts_with("\xEF\xBB\xBF")) // which QString drops
        return std::nullopt;
    return QString::fromUtf8(text.data(), static_cast<qsizetype>(text.size()));
}

/// A text as an id or a key may be.
std::optional<QString> plainName(element value)
{
    const auto isControl = [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; };
    std::string_view text;
    if (value.get(text) || text.empty() || std::ssize(text) > maxTextBytes || std::ranges::any_of(text, isControl))
        return std::nullopt;
    return plainText(value);
}

bool readJob(JobId &into, element value)
{
    into = JobId(plainName(value).value_or(QString()));
    return !into.isEmpty();
}

// False: not plain. Which member a second one of its name is, QJson decides.

bool read(GetSecretRequest &request, std::string_view key, element value)
{
    if (key == "key" && request.key.isEmpty()) {
        request.key = plainName(value).value_or(QString());
        return !request.key.isEmpty();
    }
    return key == "job_id" && request.job.isEmpty() && readJob(request.job, value);
}

bool read(ReportStatusRequest &request, std::string_view key, element value)
{
    if (key == "message" && !request.message) {
        request.message = plainText(value);
        return request.message && request.message->size() <= maxMessageCharacters;
    }
    if (key == "state" && !request.state) {
        request.state = plainText(value);
        return request.state && jobStateFromText(*request.state);
    }
    if (key == "progress" && !request.progress) {
        double progress = -1;
        const bool isNumber = !value.get(progress);
        request.progress = progress;
        // QJson refuses what is too small for a double.
        const bool isTiny = value.is_double() && progress < std::numeric_limits<double>::min();
        return isNumber && progress >= 0 && progress <= 1 && !isTiny;
    }
    return key == "job_id" && request.job.isEmpty() && readJob(request.job, value);
}

template <class Request> std::optional<Request> readPlain(const QByteArray &body)
{
    static thread_local simdjson::dom::parser parser; // keeps its buffers for the next one
    simdjson::dom::object object;
    if (body.size() > largestPlain || parser.parse(body.constData(), static_cast<size_t>(body.size())).get(object))
        return std::nullopt;
    Request request;
    for (const auto &[key, value] : object) {
        if (!read(request, key, value))
            return std::nullopt;
    }
    return request;
}

bool isWhole(const GetSecretRequest &request)
{
    return !request.job.isEmpty() && !request.key.isEmpty();
}

bool isWhole(const ReportStatusRequest &request)
{
    return !request.job.isEmpty();
}

template <class Request>
Result<Request> fromBytes(const QByteArray &body, Result<Request> (*readJson)(const QJsonObject &))
{
    if (auto plain = readPlain<Request>(body); plain && isWhole(*plain))
        return *std::move(plain);
    return parseJsonObject(body).and_then(readJson);
}

void appendText(QByteArray &out, QByteArrayView utf8)
{
    out.append('"');
    appendJsonEscaped(out, utf8);
    out.append('"');
}

} // namespace

Result<RunStepRequest> runStepFromBytes(const QByteArray &body)
{
    return parseJsonObject(body).and_then(runStepFromJson);
}

Result<GetSecretRequest> getSecretFromBytes(const QByteArray &body)
{
    return fromBytes(body, getSecretFromJson);
}

Result<ReportStatusRequest> reportStatusFromBytes(const QByteArray &body)
{
    return fromBytes(body, reportStatusFromJson);
}

QByteArray getSecretAnswer(const QString &key, const QByteArray &value)
{
    QByteArray out;
    out.reserve(key.size() + value.size() + 32);
    out.append("{\"key\":");
    appendText(out, key.toUtf8());
    out.append(",\"value\":");
    appendText(out, isExactText(value) ? value : textOf(value).toUtf8());
    return out.append('}');
}

QByteArray reportStatusAnswer(const QString &status)
{
    QByteArray out("{\"status\":");
    appendText(out, status.toUtf8());
    return out.append('}');
}

} // namespace danube::protocol
