// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/logs/filelogreader.h"

#include "server/logs/appendfile.h"
#include "server/logs/logseal.h"

#include <QFile>

#include <cerrno>
#include <fcntl.h>
#include <unistd.h>

using namespace Qt::StringLiterals;

namespace danube::logs {
namespace {

constexpr qint64 recordBlock = 512;
constexpr qint64 lineBlock = 256 * 1024;
constexpr qint64 largestRead = 64 * 1024 * 1024; ///< of one read(): a caller's number must not choose our memory

int openForReading(const QString &path)
{
    return ::open(QFile::encodeName(path).constData(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
}

LogRun runOf(const IndexRecord &record)
{
    return {static_cast<qint64>(record.offset),
            record.length,
            record.time,
            record.step,
            record.stream,
            record.syntheticNewline,
            record.rawEnd};
}

bool isSelected(const LogRun &run, const LogSelection &selection)
{
    return (!selection.step || *selection.step == run.step) && (!selection.stream || *selection.stream == run.stream);
}

/// Shows the lines of one run from `from` on; gives the end of the last one shown, and false when the visitor has
/// enough.
std::pair<qint64, bool> showLines(const LogRun &run, QByteArrayView bytes, qint64 from, qint64 until,
                                  const std::function<bool(const LogLine &)> &visit)
{
    const qint64 end = run.offset + run.length;
    while (from < end) {
        if (from >= until)
            return {from, false};
        const QByteArrayView rest = bytes.sliced(from - run.offset);
        const qsizetype newline = rest.indexOf('\n');
        const qint64 lineEnd = newline < 0 ? end : from + newline + 1;
        const QByteArrayView text = newline < 0 ? rest : rest.first(newline);
        const bool synthetic = run.syntheticNewline && lineEnd == end;
        const bool more = visit({from, lineEnd, run.time, run.step, run.stream, synthetic, text});
        from = lineEnd;
        if (!more)
            return {from, false};
    }
    return {from, true};
}

/// NotFound where one of the files is not there.
Result<std::unique_ptr<LogReader>> openFiles(const QString &directory, const JobId &job)
{
    const LogPaths paths = logPaths(directory, job);
    auto content = LogContent::open(paths);
    if (!content)
        return std::unexpected(content.error());
    const int index = openForReading(paths.index);
    if (index < 0)
        return failErrno(u"open the log of job %1"_s.arg(job.value()), errno);
    auto reader = std::make_unique<FileLogReader>(directory, job, std::move(*content), index);
    if (auto ready = reader->refresh(); !ready)
        return std::unexpected(ready.error());
    return reader;
}

} // namespace

Result<std::unique_ptr<LogReader>> LogReader::open(const QString &directory, const JobId &job)
{
    const auto noLog = fail(ErrorCode::NotFound, u"job %1 has no log"_s.arg(job.value()));
    if (!isSafeId(job.value()))
        return noLog;
    if (const auto seal = readSeal(directory, job); seal && *seal && (*seal)->removedAt)
        return std::make_unique<FileLogReader>(directory, job, **seal);
    auto reader = openFiles(directory, job);
    if (reader || reader.error().code != ErrorCode::NotFound)
        return reader;
    // Removed just now, or lost: to say that a job printed nothing that has a seal would be a false answer.
    const auto seal = readSeal(directory, job);
    if (!seal)
        return std::unexpected(seal.error());
    if (!*seal || (*seal)->size == 0)
        return noLog;
    if ((*seal)->removedAt)
        return std::make_unique<FileLogReader>(directory, job, **seal);
    reader = openFiles(directory, job); // sealed between the two looks, it is there now
    if (reader || reader.error().code != ErrorCode::NotFound)
        return reader;
    return fail(ErrorCode::DataLoss,
                u"the log of job %1 is gone, its seal says %2 bytes"_s.arg(job.value()).arg((*seal)->size));
}

FileLogReader::FileLogReader(QString directory, JobId job, std::unique_ptr<LogContent> content, int index)
    : m_directory(std::move(directory)),
      m_job(std::move(job)),
      m_content(std::move(content)),
      m_indexFile(index),
      m_index(index, logPaths(m_directory, m_job).index)
{}

FileLogReader::FileLogReader(QString directory, JobId job, LogSeal seal)
    : m_directory(std::move(directory)), m_job(std::move(job)), m_index(-1, {}), m_seal(std::move(seal))
{}

FileLogReader::~FileLogReader()
{
    if (m_indexFile >= 0)
        ::close(m_indexFile);
}

Result<void> FileLogReader::refresh()
{
    if (!m_seal) { // looked for first: what is sealed when we look is whole when we read it
        auto seal = readSeal(m_directory, m_job);
        if (!seal)
            return std::unexpected(seal.error());
        m_seal = *seal;
    }
    if (!m_content)
        return {};
    const auto records = m_index.recordsInFile();
    if (!records)
        return std::unexpected(records.error());
    auto seen = m_content->size().and_then([&](qint64 size) { return m_index.refresh(*records, size); });
    // A living writer's end may be torn and is passed over; that of a finished log is damage.
    if (seen && m_seal && m_index.end() != m_seal->size)
        return fail(ErrorCode::DataLoss, u"the log of job %1 has %2 bytes, its seal says %3"_s.arg(m_job.value())
                                             .arg(m_index.end())
                                             .arg(m_seal->size));
    return seen;
}

Result<QByteArray> FileLogReader::read(qint64 offset, qint64 maxLength) const
{
    if (offset < 0 || maxLength < 0)
        return fail(ErrorCode::InvalidArgument,
                    u"read the log of job %1: negative offset or length"_s.arg(m_job.value()));
    QByteArray bytes(std::clamp<qint64>(size() - offset, 0, std::min(maxLength, largestRead)), Qt::Uninitialized);
    if (bytes.isEmpty())
        return bytes;
    const auto got = m_content->readAt(offset, bytes.data(), bytes.size());
    if (!got)
        return std::unexpected(got.error());
    if (*got < bytes.size())
        return fail(ErrorCode::DataLoss, u"the log of job %1 is shorter than its index says"_s.arg(m_job.value()));
    return bytes;
}

/// Calls `visit(run)` (a Result<bool>) for the runs that end after `offset`, until it gives false or an error.
template <class Visit> Result<void> FileLogReader::walk(qint64 offset, Visit visit) const
{
    const auto first = m_index.find(offset);
    if (!first)
        return std::unexpected(first.error());
    for (qint64 position = *first; position < m_index.count();) {
        const auto records = m_index.block(position, recordBlock);
        if (!records)
            return std::unexpected(records.error());
        if (records->isEmpty())
            return fail(ErrorCode::DataLoss, u"the log index of job %1 became shorter"_s.arg(m_job.value()));
        for (const IndexRecord &record : *records) {
            if (record.length == 0)
                continue;
            const Result<bool> more = visit(runOf(record));
            if (!more)
                return std::unexpected(more.error());
            if (!*more)
                return {};
        }
        position += records->size();
    }
    return {};
}

Result<QList<LogRun>> FileLogReader::runs(qint64 offset, qint64 maxBytes) const
{
    QList<LogRun> runs;
    auto walked = walk(offset, [&](const LogRun &run) -> Result<bool> {
        runs.append(run);
        return run.offset + run.length - std::max<qint64>(0, offset) < maxBytes;
    });
    return walked.transform([&runs] { return std::move(runs); });
}

Result<qint64> FileLogReader::forEachLine(qint64 offset, qint64 maxBytes,
                                          const std::function<bool(const LogLine &)> &visit) const
{
    offset = std::max<qint64>(0, offset);
    const qint64 until = size() - offset <= maxBytes ? size() : offset + std::max<qint64>(1, maxBytes);
    bool more = true;
    while (more && offset < until) {
        const auto found = runs(offset, std::min(lineBlock, until - offset));
        if (!found)
            return std::unexpected(found.error());
        if (found->isEmpty())
            break;
        const qint64 first = found->first().offset;
        const auto bytes = read(first, found->last().offset + found->last().length - first);
        if (!bytes)
            return std::unexpected(bytes.error());
        for (const LogRun &run : *found) {
            const QByteArrayView content = QByteArrayView(*bytes).sliced(run.offset - first, run.length);
            std::tie(offset, more) = showLines(run, content, std::max(offset, run.offset), until, visit);
            if (!more)
                break;
        }
    }
    return offset;
}

Result<LogReader::Extract> FileLogReader::extract(const LogSelection &selection, qint64 maxBytes,
                                                  qint64 fromOffset) const
{
    Extract extract;
    extract.nextOffset = std::max<qint64>(0, fromOffset);
    auto walked = walk(fromOffset, [&](const LogRun &run) -> Result<bool> {
        if (!isSelected(run, selection))
            return true;
        return extractRun(run, maxBytes, fromOffset, extract).transform([&extract] { return !extract.truncated; });
    });
    if (!walked)
        return std::unexpected(walked.error());
    if (!extract.truncated)
        extract.nextOffset = std::max(extract.nextOffset, size());
    return extract;
}

Result<void> FileLogReader::extractRun(const LogRun &run, qint64 maxBytes, qint64 fromOffset, Extract &extract) const
{
    const qint64 end = run.offset + run.length - (run.syntheticNewline ? 1 : 0);
    const qint64 from = std::max(run.offset, fromOffset);
    if (from >= end)
        return {};
    const qint64 length = std::min(end - from, maxBytes - extract.bytes.size());
    if (length > 0) {
        const auto bytes = read(from, length);
        if (!bytes)
            return std::unexpected(bytes.error());
        extract.bytes += *bytes;
    }
    extract.truncated = length < end - from;
    extract.nextOffset = from + std::max<qint64>(0, length);
    return {};
}

} // namespace danube::logs
