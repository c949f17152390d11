// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/logs/logseal.h"

#include "server/logs/appendfile.h"
#include "server/logs/logformat.h"
#include "shared/core/jsonreader.h"

#include <QFile>
#include <QJsonDocument>

#include <cerrno>
#include <limits>

using namespace Qt::StringLiterals;

namespace danube::logs {

Result<void> writeSeal(const QString &directory, const JobId &job, const LogSeal &seal)
{
    const QString path = logPaths(directory, job).seal;
    const QString temporary = path + u".new"_s;
    QJsonObject object{{u"size"_s, seal.size}, {u"sha256"_s, QString::fromLatin1(seal.sha256)}};
    if (seal.removedAt)
        object.insert(u"removed_at"_s, toRfc3339(*seal.removedAt));
    auto file = AppendFile::open(temporary, AppendFile::Mode::Create, FileCalls::system());
    if (!file)
        return std::unexpected(file.error());
    auto written = file->truncate(0)
                       .and_then([&] { return file->writeAt(0, QJsonDocument(object).toJson(QJsonDocument::Compact)); })
                       .and_then([&] { return file->sync(); });
    if (!written)
        return written;
    if (rename(QFile::encodeName(temporary).constData(), QFile::encodeName(path).constData()) != 0)
        return failErrno(u"rename %1"_s.arg(temporary), errno);
    return syncDirectory(directory);
}

Result<std::optional<LogSeal>> readSeal(const QString &directory, const JobId &job)
{
    QFile file(logPaths(directory, job).seal);
    if (!file.exists())
        return std::nullopt;
    if (!file.open(QIODevice::ReadOnly))
        return fail(ErrorCode::Io, u"read %1: %2"_s.arg(file.fileName(), file.errorString()));
    const auto object = parseJsonObject(file.read(4096));
    if (!object)
        return fail(ErrorCode::DataLoss, u"read %1: %2"_s.arg(file.fileName(), object.error().message));
    JsonReader reader(*object);
    const auto size = reader.integer("size"_L1, 0, std::numeric_limits<int64_t>::max());
    const QString sha256 = reader.requiredString("sha256"_L1);
    const QString removedAt = reader.string("removed_at"_L1).value_or(QString());
    if (auto read = reader.finish(UnknownFields::Ignore); !read || !size || sha256.size() != 64)
        return fail(ErrorCode::DataLoss, u"read %1: it is damaged"_s.arg(file.fileName()));
    LogSeal seal{*size, sha256.toLatin1()};
    if (!removedAt.isEmpty())
        seal.removedAt = fromRfc3339(removedAt);
    return seal;
}

} // namespace danube::logs
