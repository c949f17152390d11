// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/logs/filelogwriter.h"

#include "server/logs/logseal.h"
#include "server/logs/secretforms.h"

#include <cstring>

using namespace Qt::StringLiterals;

namespace danube::logs {
namespace {

constexpr seconds oldestFragment{1};
constexpr uint64_t longestUnwritten = 1024 * 1024; ///< raw bytes: one long masked run gives hardly any output

} // namespace

Result<std::unique_ptr<FileLogWriter>> FileLogWriter::open(const QString &directory, const JobId &job,
                                                           const Clock &clock, FileCalls &calls)
{
    if (!isSafeId(job.value()))
        return fail(ErrorCode::InvalidArgument, u"open log: '%1' is no job id"_s.arg(job.value()));
    auto seal = readSeal(directory, job);
    if (!seal)
        return std::unexpected(seal.error());
    if (*seal) {
        auto writer = std::make_unique<FileLogWriter>(directory, job, clock, nullptr);
        writer->m_seal = *seal;
        return writer;
    }
    return LogFiles::open(directory, job, clock.wall(), calls).transform([&](std::unique_ptr<LogFiles> files) {
        return std::make_unique<FileLogWriter>(directory, job, clock, std::move(files));
    });
}

FileLogWriter::FileLogWriter(QString directory, JobId job, const Clock &clock, std::unique_ptr<LogFiles> files)
    : m_directory(std::move(directory)), m_job(std::move(job)), m_clock(clock), m_files(std::move(files))
{
    if (!m_files)
        return;
    for (const auto &[key, record] : m_files->recovered().last) {
        Stream &stream = m_streams[key];
        stream.accepted = stream.written = stream.durable = record.rawEnd;
        stream.mask = MaskStream(record.maskedAhead, record.endsMasked);
    }
}

Result<void> FileLogWriter::refuseSealed() const
{
    if (m_seal)
        return fail(ErrorCode::Conflict, u"write to the log of job %1: it is sealed"_s.arg(m_job.value()));
    return {};
}

Result<void> FileLogWriter::append(StepNumber step, LogStream stream, uint64_t rawOffset, QByteArrayView bytes,
                                   WallTime time)
{
    if (auto open = refuseSealed(); !open)
        return open;
    const StreamKey key{step, stream};
    Stream &state = m_streams[key];
    if (rawOffset > state.accepted) {
        return fail(ErrorCode::DataLoss,
                    u"write to the log of job %1: bytes %2 to %3 of step %4 (%5) are missing"_s.arg(m_job.value())
                        .arg(state.accepted)
                        .arg(rawOffset)
                        .arg(toInt(step))
                        .arg(toText(stream)));
    }
    const uint64_t known = std::min<uint64_t>(state.accepted - rawOffset, static_cast<uint64_t>(bytes.size()));
    bytes = bytes.sliced(static_cast<qsizetype>(known));
    state.time = time;
    while (!bytes.isEmpty()) {
        const qsizetype room = longestRun - state.unwrittenSize();
        QByteArrayView piece = bytes.first(std::min(room, bytes.size()));
        const void *newline = memrchr(piece.data(), '\n', static_cast<size_t>(piece.size()));
        if (newline)
            piece = piece.first(static_cast<const char *>(newline) - piece.data() + 1);
        if (auto taken = take(key, state, piece); !taken)
            return taken;
        bytes = bytes.sliced(piece.size());
    }
    return {};
}

/// `piece` ends with the end of a line or holds none.
Result<void> FileLogWriter::take(const StreamKey &key, Stream &stream, QByteArrayView piece)
{
    const MaskStream maskBefore = stream.mask;
    const qsizetype pendingBefore = stream.pending.size();
    stream.mask.feed(m_automaton, piece, stream.pending);
    stream.accepted += static_cast<uint64_t>(piece.size());

    Result<void> written;
    if (piece.endsWith('\n')) // no pattern holds a newline, so all of it is decided
        written = write(key, stream, false);
    else if (stream.unwrittenSize() >= longestRun || stream.decided() - stream.written >= longestUnwritten)
        written = writeUnfinished(key, stream);
    else if (stream.decided() > stream.written && !stream.unfinishedSince)
        stream.unfinishedSince = m_clock.steady();
    if (!written) {
        stream.accepted -= static_cast<uint64_t>(piece.size());
        stream.pending.truncate(pendingBefore);
        stream.mask = maskBefore;
    }
    return written;
}

/// As a fragment with a newline of ours, or, where masking left nothing to show, as a mere step of rawEnd.
Result<void> FileLogWriter::writeUnfinished(const StreamKey &key, Stream &stream)
{
    if (stream.pending.isEmpty())
        return write(key, stream, false);
    stream.pending.append('\n');
    auto written = write(key, stream, true);
    if (!written)
        stream.pending.chop(1);
    return written;
}

Result<void> FileLogWriter::write(const StreamKey &key, Stream &stream, bool synthetic)
{
    IndexRecord record;
    record.rawEnd = stream.decided();
    record.time = stream.time;
    record.step = key.step;
    record.stream = key.stream;
    record.syntheticNewline = synthetic;
    record.maskedAhead = stream.mask.maskedAhead();
    record.endsMasked = stream.mask.endsMasked();
    if (auto appended = m_files->append(record, stream.pending); !appended)
        return std::unexpected(appended.error().in(u"log of job %1"_s.arg(m_job.value())));
    stream.pending.resize(0); // keeps its memory for the next line
    stream.written = record.rawEnd;
    stream.unfinishedSince.reset();
    if (m_onWritten)
        m_onWritten();
    return {};
}

Result<void> FileLogWriter::note(StepNumber step, const QString &text)
{
    if (auto open = refuseSealed(); !open)
        return open;
    Stream stream; // of its own: notes are whole lines, and count no raw bytes
    stream.time = m_clock.wall();
    stream.mask.feed(m_automaton, text.toUtf8(), stream.pending);
    stream.mask.finish(stream.pending);
    stream.pending.truncate(longestRun - 1);
    stream.pending.append('\n');
    stream.mask = {};
    return write({step, LogStream::System}, stream, false);
}

Result<void> FileLogWriter::finish(const StreamKey &key, Stream &stream)
{
    const MaskStream maskBefore = stream.mask;
    const qsizetype pendingBefore = stream.pending.size();
    stream.mask.finish(stream.pending);
    if (stream.accepted == stream.written)
        return {};
    auto written = writeUnfinished(key, stream);
    if (!written) {
        stream.pending.truncate(pendingBefore);
        stream.mask = maskBefore;
    }
    return written;
}

Result<void> FileLogWriter::endStep(StepNumber step)
{
    if (auto open = refuseSealed(); !open)
        return open;
    for (const LogStream stream : {LogStream::Stdout, LogStream::Stderr}) {
        const auto found = m_streams.find({step, stream});
        if (found == m_streams.end())
            continue;
        if (auto finished = finish(found->first, found->second); !finished)
            return finished;
        found->second.pending = QByteArray(); // and its memory: a job may have thousands of steps
    }
    return {};
}

Result<void> FileLogWriter::flushOldFragments()
{
    if (m_seal)
        return {};
    const SteadyTime now = m_clock.steady();
    for (auto &[key, stream] : m_streams) {
        if (!stream.unfinishedSince || now - *stream.unfinishedSince < oldestFragment)
            continue;
        if (auto written = writeUnfinished(key, stream); !written)
            return written;
    }
    return {};
}

Result<void> FileLogWriter::sync()
{
    if (m_seal)
        return {};
    if (auto synced = m_files->sync(); !synced)
        return std::unexpected(synced.error().in(u"log of job %1"_s.arg(m_job.value())));
    for (auto &[key, stream] : m_streams)
        stream.durable = stream.written;
    return {};
}

template <class Count> StreamOffsets FileLogWriter::offsets(StepNumber step, Count count) const
{
    StreamOffsets offsets;
    if (const auto found = m_streams.find({step, LogStream::Stdout}); found != m_streams.end())
        offsets.standardOutput = count(found->second);
    if (const auto found = m_streams.find({step, LogStream::Stderr}); found != m_streams.end())
        offsets.standardError = count(found->second);
    return offsets;
}

StreamOffsets FileLogWriter::durable(StepNumber step) const
{
    return offsets(step, [](const Stream &stream) { return stream.durable; });
}

StreamOffsets FileLogWriter::accepted(StepNumber step) const
{
    return offsets(step, [](const Stream &stream) { return stream.accepted; });
}

void FileLogWriter::addSecrets(std::span<const Secret> values)
{
    QList<QByteArray> patterns = m_patterns;
    for (const Secret &value : values)
        patterns += secretForms(value.reveal());
    std::ranges::sort(patterns);
    patterns.erase(std::ranges::unique(patterns).begin(), patterns.end());
    if (patterns.size() == m_patterns.size())
        return;
    m_patterns = std::move(patterns);
    m_automaton = MaskAutomaton(m_patterns);
    for (auto &[key, stream] : m_streams)
        stream.mask.restart(m_automaton);
}

qint64 FileLogWriter::size() const
{
    return m_seal ? m_seal->size : m_files->size();
}

Result<LogSeal> FileLogWriter::seal()
{
    if (m_seal)
        return *m_seal;
    for (auto &[key, stream] : m_streams) {
        if (auto finished = finish(key, stream); !finished)
            return std::unexpected(finished.error());
    }
    if (auto synced = sync(); !synced)
        return std::unexpected(synced.error());
    const auto sha256 = m_files->sha256();
    if (!sha256)
        return std::unexpected(sha256.error());
    const LogSeal seal{m_files->size(), *sha256};
    if (auto written = writeSeal(m_directory, m_job, seal); !written)
        return std::unexpected(written.error().in(u"seal the log of job %1"_s.arg(m_job.value())));
    m_seal = seal;
    m_files.reset();
    return seal;
}

} // namespace danube::logs
