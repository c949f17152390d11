// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/logs/logcompressor.h"

#include "server/logs/compressedlog.h"
#include "server/logs/crc32c.h"
#include "server/logs/logseal.h"
#include "server/logs/zstdblock.h"
#include "shared/core/sha256.h"

#include <QFile>

#include <cerrno>
#include <unistd.h>

using namespace Qt::StringLiterals;

namespace danube::logs {
namespace {

std::unexpected<Error> stopped(const LogPaths &paths)
{
    return fail(ErrorCode::Cancelled, u"compress %1: stopped"_s.arg(paths.log));
}

/// `visit(block)` for the content in blocks; gives its SHA-256 and size as a seal.
template <class Visit>
Result<LogSeal> forEachBlock(LogContent &content, const LogPaths &paths, const std::atomic<bool> &stop, Visit visit)
{
    Sha256 digest;
    QByteArray block(SeekTable::blockSize, Qt::Uninitialized);
    for (qint64 at = 0;;) {
        if (stop.load())
            return stopped(paths);
        const auto got = content.readAt(at, block.data(), block.size());
        if (!got)
            return std::unexpected(got.error());
        if (*got == 0)
            return LogSeal{at, digest.finishHex()};
        const auto bytes = QByteArrayView(block).first(*got);
        digest.add(bytes);
        if (Result<void> done = visit(bytes); !done)
            return std::unexpected(done.error());
        at += *got;
    }
}

Result<LogSeal> writeCompressed(LogContent &content, AppendFile &file, const LogPaths &paths,
                                const std::atomic<bool> &stop)
{
    SeekTable table;
    auto written = forEachBlock(content, paths, stop, [&](QByteArrayView bytes) -> Result<void> {
        const auto frame = compressBlock(bytes);
        if (!frame)
            return std::unexpected(frame.error());
        table.blocks.append({table.framesEnd(), frame->size(), bytes.size(), crc32c(bytes)});
        return file.writeAt(table.blocks.last().begin, *frame);
    });
    if (!written)
        return written;
    auto ended = file.writeAt(table.framesEnd(), encodeSeekTable(table)).and_then([&] { return file.sync(); });
    return ended.transform([&] { return *written; });
}

Result<void> checkSeal(const Result<LogSeal> &found, const LogSeal &seal, const QString &path)
{
    if (!found)
        return std::unexpected(found.error());
    if (*found != seal)
        return fail(ErrorCode::DataLoss, u"compress %1: it is not what was sealed"_s.arg(path));
    return {};
}

Result<void> readBack(const QString &path, const LogSeal &seal, const LogPaths &paths, const std::atomic<bool> &stop)
{
    auto log = CompressedLog::open(path);
    if (!log)
        return std::unexpected(log.error());
    return checkSeal(forEachBlock(**log, paths, stop, [](QByteArrayView) { return Result<void>(); }), seal, path);
}

Result<void> makeCompressed(LogContent &content, const LogPaths &paths, const LogSeal &seal,
                            const std::atomic<bool> &stop, FileCalls &calls)
{
    const QString temporary = paths.compressed + u".new"_s;
    auto file = AppendFile::open(temporary, AppendFile::Mode::Create, calls);
    if (!file)
        return std::unexpected(file.error());
    auto made = file->truncate(0)
                    .and_then([&] { return checkSeal(writeCompressed(content, *file, paths, stop), seal, paths.log); })
                    .and_then([&] { return readBack(temporary, seal, paths, stop); });
    if (!made) {
        QFile::remove(temporary);
        return made;
    }
    if (rename(QFile::encodeName(temporary).constData(), QFile::encodeName(paths.compressed).constData()) != 0)
        return failErrno(u"rename %1"_s.arg(temporary), errno);
    return {};
}

} // namespace

Result<Compressed> compressLog(const QString &directory, const JobId &job, const std::atomic<bool> &stop,
                               FileCalls &calls)
{
    const LogPaths paths = logPaths(directory, job);
    const auto seal = readSeal(directory, job);
    if (!seal)
        return std::unexpected(seal.error());
    if (!*seal || (*seal)->removedAt)
        return fail(ErrorCode::Conflict, u"compress %1: it is not a finished log"_s.arg(paths.log));
    if (!QFile::exists(paths.log))
        return Compressed::Before;
    if ((*seal)->size < smallestCompressed)
        return Compressed::Small;
    // Who was killed before removing the plain file left a compressed one; it is not trusted unseen.
    Result<void> made = QFile::exists(paths.compressed) ? readBack(paths.compressed, **seal, paths, stop)
                                                        : Result<void>(fail(ErrorCode::DataLoss, u"there is none"_s));
    const bool isMade = made.has_value();
    if (!made && made.error().code == ErrorCode::DataLoss)
        made = LogContent::open(paths).and_then([&](const std::unique_ptr<LogContent> &content) {
            return makeCompressed(*content, paths, **seal, stop, calls);
        });
    made = made.and_then([&] { return syncDirectory(directory); }); // its name, before the other one goes
    if (!made)
        return std::unexpected(made.error());
    if (::unlink(QFile::encodeName(paths.log).constData()) != 0 && errno != ENOENT)
        return failErrno(u"remove %1"_s.arg(paths.log), errno);
    return isMade ? Compressed::Before : Compressed::Done;
}

} // namespace danube::logs
