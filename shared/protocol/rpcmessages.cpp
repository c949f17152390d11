// SPDX-License-Identifier: GPL-3.0-or-later
#include "shared/protocol/rpcmessages.h"

#include "shared/core/jsonreader.h"
#include "shared/model/lifecycle.h"
#include "shared/protocol/text.h"

#include <QCryptographicHash>
#include <QDir>
#include <QJsonDocument>

#include <algorithm>

using namespace Qt::StringLiterals;

namespace danube::protocol {
namespace {

constexpr qsizetype maxCommandBytes = 1 << 20;
constexpr qsizetype maxValueBytes = 128 << 10;
constexpr qsizetype maxVariables = 4096;
constexpr int64_t maxTimeoutSeconds = 7 * 86400;

bool hasControl(const QString &text)
{
    return std::ranges::any_of(text, [](QChar c) { return c.unicode() < 0x20 || c.unicode() == 0x7f; });
}

/// Bytes that can be handed to execve: within the limit and without NUL, which would cut them short unseen.
bool isArgument(const QString &text, qsizetype limit)
{
    return !text.contains(QChar(0)) && text.toUtf8().size() <= limit;
}

void checkText(JsonReader &reader, QLatin1StringView key, const QString &text)
{
    if (hasControl(text) || text.toUtf8().size() > maxTextBytes)
        reader.refuse(key, u"at most 4096 bytes without control characters"_s);
}

JobId readJob(JsonReader &reader)
{
    const QString id = reader.requiredString("job_id"_L1);
    checkText(reader, "job_id"_L1, id);
    return JobId(id);
}

QStringList readArgv(JsonReader &reader, const QJsonArray &array)
{
    QStringList argv;
    qsizetype bytes = 0;
    for (const auto &entry : array) {
        argv.append(entry.toString());
        bytes += argv.last().toUtf8().size() + 1;
        if (!entry.isString() || !isArgument(argv.last(), maxCommandBytes)) {
            reader.refuse("command"_L1, u"an array of strings without NUL"_s);
            return argv;
        }
    }
    if (argv.isEmpty() || argv.first().isEmpty() || bytes > maxCommandBytes)
        reader.refuse("command"_L1, u"an array that starts with a program, 1 MiB at most"_s);
    return argv;
}

std::variant<QString, QStringList> readCommand(JsonReader &reader)
{
    const QJsonValue value = reader.value("command"_L1);
    if (value.isArray())
        return readArgv(reader, value.toArray());
    const QString command = value.toString();
    if (!value.isString())
        reader.refuse("command"_L1, u"a string or an array of strings"_s);
    else if (command.trimmed().isEmpty() || !isArgument(command, maxCommandBytes))
        reader.refuse("command"_L1, u"a non-empty string without NUL, 1 MiB at most"_s);
    return command;
}

QList<std::pair<QString, QString>> readEnvironment(JsonReader &reader)
{
    auto env = reader.stringMap("env"_L1).value_or(QList<std::pair<QString, QString>>());
    const auto isUsable = [](const std::pair<QString, QString> &variable) {
        const auto &[name, value] = variable;
        const bool nameFits = !name.isEmpty() && !name.contains(u'=') && isArgument(name, maxTextBytes);
        return nameFits && isArgument(value, maxValueBytes);
    };
    if (env.size() > maxVariables || !std::ranges::all_of(env, isUsable))
        reader.refuse("env"_L1, u"at most 4096 names without '=' or NUL, values of at most 128 KiB without NUL"_s);
    return env;
}

QString readWorkingDirectory(JsonReader &reader)
{
    const QString given = reader.string("working_dir"_L1).value_or(QString());
    if (given.isEmpty())
        return {};
    checkText(reader, "working_dir"_L1, given);
    const QString path = QDir::cleanPath(given.startsWith(u'/') ? given : u"/workspace/"_s + given);
    if (path != "/workspace"_L1 && !path.startsWith("/workspace/"_L1))
        reader.refuse("working_dir"_L1, u"a path below /workspace"_s);
    return path;
}

RequestId readRequestId(JsonReader &reader)
{
    const auto id = reader.string("request_id"_L1);
    if (!id)
        return {};
    const auto isPrintable = [](QChar c) { return c.unicode() >= 0x20 && c.unicode() < 0x7f; };
    if (id->isEmpty() || id->size() > 128 || !std::ranges::all_of(*id, isPrintable))
        reader.refuse("request_id"_L1, u"1 to 128 printable ASCII characters"_s);
    return RequestId(*id);
}

std::optional<double> readProgress(JsonReader &reader)
{
    const QJsonValue value = reader.value("progress"_L1);
    if (value.isUndefined() || value.isNull())
        return std::nullopt;
    const double progress = value.toDouble(-1);
    if (progress < 0 || progress > 1)
        reader.refuse("progress"_L1, u"a number from 0 to 1"_s);
    return progress;
}

QJsonValue commandJson(const std::variant<QString, QStringList> &command)
{
    if (const auto *text = std::get_if<QString>(&command))
        return *text;
    return QJsonArray::fromStringList(std::get<QStringList>(command));
}

} // namespace

Result<RunStepRequest> runStepFromJson(const QJsonObject &body)
{
    JsonReader reader(body);
    RunStepRequest request;
    request.job = readJob(reader);
    request.stepName = reader.requiredString("step_name"_L1).simplified();
    checkText(reader, "step_name"_L1, request.stepName);
    if (request.stepName.isEmpty())
        reader.refuse("step_name"_L1, u"a name that is not blank"_s);
    request.command = readCommand(reader);
    request.image = reader.string("image"_L1).value_or(QString());
    checkText(reader, "image"_L1, request.image);
    request.env = readEnvironment(reader);
    if (const auto timeout = reader.integer("timeout_seconds"_L1, 1, maxTimeoutSeconds))
        request.timeout = seconds(*timeout);
    request.workingDirectory = readWorkingDirectory(reader);
    request.captureOutput = reader.boolean("capture_output"_L1).value_or(false);
    request.request = readRequestId(reader);
    if (auto read = reader.finish(UnknownFields::Refuse); !read)
        return std::unexpected(read.error());
    return request;
}

Result<GetSecretRequest> getSecretFromJson(const QJsonObject &body)
{
    JsonReader reader(body);
    GetSecretRequest request;
    request.job = readJob(reader);
    request.key = reader.requiredString("key"_L1);
    checkText(reader, "key"_L1, request.key);
    if (auto read = reader.finish(UnknownFields::Refuse); !read)
        return std::unexpected(read.error());
    return request;
}

Result<ReportStatusRequest> reportStatusFromJson(const QJsonObject &body)
{
    JsonReader reader(body);
    ReportStatusRequest request;
    request.job = readJob(reader);
    request.state = reader.string("state"_L1);
    if (request.state && !jobStateFromText(*request.state))
        reader.refuse("state"_L1, u"a job state such as \"running\""_s);
    request.message = reader.string("message"_L1);
    if (request.message && request.message->size() > maxMessageCharacters)
        reader.refuse("message"_L1, u"at most 1000 characters"_s);
    request.progress = readProgress(reader);
    if (auto read = reader.finish(UnknownFields::Refuse); !read)
        return std::unexpected(read.error());
    return request;
}

QJsonObject toJson(const RunStepRequest &request)
{
    QJsonObject object{{u"job_id"_s, request.job.value()},
                       {u"step_name"_s, request.stepName},
                       {u"command"_s, commandJson(request.command)}};
    if (!request.image.isEmpty())
        object.insert(u"image"_s, request.image);
    QJsonObject env;
    for (const auto &[name, value] : request.env)
        env.insert(name, value);
    if (!env.isEmpty())
        object.insert(u"env"_s, env);
    if (request.timeout)
        object.insert(u"timeout_seconds"_s, static_cast<qint64>(request.timeout->count()));
    if (!request.workingDirectory.isEmpty())
        object.insert(u"working_dir"_s, request.workingDirectory);
    if (request.captureOutput)
        object.insert(u"capture_output"_s, true);
    if (!request.request.isEmpty())
        object.insert(u"request_id"_s, request.request.value());
    return object;
}

QJsonObject toJson(const RunStepAnswer &answer)
{
    QJsonObject object{{u"exit_code"_s, answer.outcome.exitCode},
                       {u"duration_ms"_s, static_cast<qint64>(answer.outcome.duration.count())},
                       {u"outcome"_s, toText(answer.outcome.kind)}};
    if (answer.outcome.signal != 0)
        object.insert(u"signal"_s, answer.outcome.signal);
    if (!answer.outcome.message.isEmpty())
        object.insert(u"message"_s, answer.outcome.message);
    if (answer.stdoutText) {
        object.insert(u"stdout"_s, textOf(*answer.stdoutText));
        if (!isExactText(*answer.stdoutText))
            object.insert(u"stdout_b64"_s, QString::fromLatin1(answer.stdoutText->toBase64()));
    }
    if (answer.truncated)
        object.insert(u"truncated"_s, true);
    return object;
}

QByteArray bodyHash(const RunStepRequest &request)
{
    QJsonObject object = toJson(request);
    object.remove("request_id"_L1);
    // QJsonObject keeps its members sorted, so equal requests give equal bytes whatever order they came in.
    return QCryptographicHash::hash(QJsonDocument(object).toJson(QJsonDocument::Compact), QCryptographicHash::Sha256);
}

} // namespace danube::protocol
