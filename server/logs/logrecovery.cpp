// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/logs/logrecovery.h"

#include "server/logs/crc32c.h"

#include <QFile>

using namespace Qt::StringLiterals;

namespace danube::logs {
namespace {

constexpr qint64 blockRecords = 16 * 1024;

/// Calls `visit(record, position)` for records [from, to) until it gives false.
template <class Visit> Result<void> forEachRecord(const AppendFile &index, qint64 from, qint64 to, Visit visit)
{
    for (qint64 first = from; first < to; first += blockRecords) {
        const qint64 count = std::min(blockRecords, to - first);
        const auto block = index.readAt(indexHeaderSize + first * indexRecordSize, count * indexRecordSize);
        if (!block)
            return std::unexpected(block.error());
        for (qint64 i = 0; i < block->size() / indexRecordSize; ++i) {
            const auto record = decodeRecord(QByteArrayView(*block).sliced(i * indexRecordSize, indexRecordSize));
            if (!record || !visit(*record, first + i))
                return {};
        }
    }
    return {};
}

/// Records that are whole, without gap, and within the log.
Result<qint64> countWellFormed(const AppendFile &index, qint64 inFile, qint64 logSize)
{
    qint64 count = 0;
    quint64 end = 0;
    auto walked = forEachRecord(index, 0, inFile, [&](const IndexRecord &record, qint64) {
        if (record.offset != end || record.end() > static_cast<quint64>(logSize))
            return false;
        end = record.end();
        ++count;
        return true;
    });
    return walked.transform([&count] { return count; });
}

/// Of `count` records, those before the first whose bytes are not what was written.
Result<qint64> countWithRightBytes(const AppendFile &log, const AppendFile &index, qint64 count, quint64 end)
{
    const quint64 from = end > mostUnsynced ? end - mostUnsynced : 0;
    qint64 good = count;
    std::optional<Error> error;
    auto walked = forEachRecord(index, 0, count, [&](const IndexRecord &record, qint64 position) {
        if (record.offset < from)
            return true;
        const auto bytes = log.readAt(static_cast<qint64>(record.offset), record.length);
        if (!bytes)
            error = bytes.error();
        else if (crc32c(*bytes) != record.dataCheck)
            good = position;
        return !error && good == count;
    });
    if (error)
        return std::unexpected(*error);
    return walked.transform([&good] { return good; });
}

struct Found
{
    qint64 records = 0;       ///< good ones
    qint64 recordsInFile = 0; ///< whole ones, good or not
    std::optional<IndexHeader> header;
};

Result<Found> look(const AppendFile &log, const AppendFile &index, qint64 logSize, qint64 indexSize)
{
    Found found;
    if (indexSize < indexHeaderSize)
        return found;
    const auto bytes = index.readAt(0, indexHeaderSize);
    auto header = bytes.and_then([](const QByteArray &text) { return decodeHeader(text); });
    // It is durable before the first record is written: one that is torn and followed by none tells of nothing.
    const bool wasNeverWhole =
        !header && header.error().code == ErrorCode::DataLoss && indexSize < indexHeaderSize + indexRecordSize;
    if (wasNeverWhole)
        return found;
    if (!header)
        return std::unexpected(header.error().in(u"open log index %1"_s.arg(index.path())));
    found.header = *header;
    found.recordsInFile = (indexSize - indexHeaderSize) / indexRecordSize;
    const auto wellFormed = countWellFormed(index, found.recordsInFile, logSize);
    if (!wellFormed)
        return std::unexpected(wellFormed.error());
    const auto good = countWithRightBytes(log, index, *wellFormed, static_cast<quint64>(logSize));
    if (!good)
        return std::unexpected(good.error());
    found.records = *good;
    return found;
}

/// The last mostUnsynced of the first `size` bytes.
Result<void> writeTailAgain(AppendFile &file, qint64 size)
{
    constexpr qint64 block = 1 << 20;
    for (qint64 at = std::max<qint64>(0, size - mostUnsynced); at < size; at += block) {
        auto written = file.readAt(at, std::min(block, size - at)).and_then([&](const QByteArray &bytes) {
            return file.writeAt(at, bytes);
        });
        if (!written)
            return written;
    }
    return {};
}

quint32 nextGeneration(const Found &found, qint64 logSize, const QByteArray &boot, WallTime now)
{
    if (!found.header) // nothing was ever readable, or the header is lost: then any number never used before
        return logSize == 0 ? 1
                            : static_cast<quint32>(std::chrono::duration_cast<seconds>(now.time_since_epoch()).count());
    const bool cut = found.records < found.recordsInFile;
    return found.header->generation + (cut || found.header->boot != boot ? 1 : 0);
}

} // namespace

qint64 countValidRecords(QByteArrayView records, quint64 offset, quint64 logSize)
{
    qint64 count = 0;
    for (; (count + 1) * indexRecordSize <= records.size(); ++count) {
        const auto record = decodeRecord(records.sliced(count * indexRecordSize, indexRecordSize));
        if (!record || record->offset != offset || record->end() > logSize)
            break;
        offset = record->end();
    }
    return count;
}

QByteArray currentBoot()
{
    QFile file(u"/proc/sys/kernel/random/boot_id"_s);
    const QByteArray text = file.open(QIODevice::ReadOnly) ? file.read(64) : QByteArray();
    return QByteArray::fromHex(text.trimmed().replace("-", "")).left(8).leftJustified(8, '\0');
}

Result<RecoveredLog> recoverLog(AppendFile &log, AppendFile &index, const JobId &job, const QByteArray &boot,
                                WallTime now)
{
    const auto logSize = log.size();
    const auto indexSize = index.size();
    if (!logSize || !indexSize)
        return std::unexpected(logSize ? indexSize.error() : logSize.error());
    const auto found = look(log, index, *logSize, *indexSize);
    if (!found)
        return std::unexpected(found.error());
    if (found->header && found->header->job != job)
        return fail(ErrorCode::DataLoss,
                    u"log index %1 belongs to job %2"_s.arg(index.path(), found->header->job.value()));
    RecoveredLog recovered;
    recovered.indexSize = indexHeaderSize + found->records * indexRecordSize;
    recovered.generation = nextGeneration(*found, *logSize, boot, now);
    auto walked = forEachRecord(index, 0, found->records, [&recovered](const IndexRecord &record, qint64) {
        recovered.last[{record.step, record.stream}] = record;
        recovered.size = static_cast<qint64>(record.end());
        return true;
    });
    // The new generation must be durable before anything is cut; the cut before anything is written in its place.
    auto done = walked.and_then([&] { return index.writeAt(0, encodeHeader({recovered.generation, job, boot})); })
                    .and_then([&] { return index.sync(); })
                    .and_then([&] { return index.truncate(recovered.indexSize); })
                    .and_then([&] { return log.truncate(recovered.size); })
                    .and_then([&] { return writeTailAgain(log, recovered.size); })
                    .and_then([&] { return writeTailAgain(index, recovered.indexSize); })
                    .and_then([&] { return log.sync(); })
                    .and_then([&] { return index.sync(); });
    if (!done)
        return std::unexpected(done.error());
    return recovered;
}

} // namespace danube::logs
