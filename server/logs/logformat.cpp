// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/logs/logformat.h"

#include "server/logs/crc32c.h"

#include <QtEndian>

#include <limits>

using namespace Qt::StringLiterals;

namespace danube::logs {
namespace {

constexpr char magic[] = "DANUBELX"; // eight characters
constexpr qsizetype jobSize = 64;
enum HeaderField : quint8 {
    MagicAt = 0,
    VersionAt = 8,
    GenerationAt = 12,
    JobAt = 16,
    BootAt = 80,
    HeaderCheckAt = 92
};
enum RecordField : quint8 {
    OffsetAt = 0,
    RawEndAt = 8,
    TimeAt = 16,
    LengthAt = 24,
    StepAt = 28,
    DataCheckAt = 32,
    MaskedAheadAt = 36,
    StreamAt = 40,
    FlagsAt = 41,
    RecordCheckAt = 44
};
enum Flag : quint8 { SyntheticNewline = 1, EndsMasked = 2 };
constexpr quint64 largestOffset = std::numeric_limits<qint64>::max() / 2;

template <class T> void put(QByteArray &bytes, int at, T value)
{
    qToLittleEndian(value, bytes.data() + at);
}
template <class T> T get(QByteArrayView bytes, int at)
{
    return qFromLittleEndian<T>(bytes.data() + at);
}

} // namespace

QByteArray encodeHeader(const IndexHeader &header)
{
    QByteArray bytes(indexHeaderSize, '\0');
    bytes.replace(MagicAt, 8, magic, 8);
    put(bytes, VersionAt, indexVersion);
    put(bytes, GenerationAt, header.generation);
    const QByteArray job = header.job.value().toLatin1().left(jobSize); // isSafeId() holds
    bytes.replace(JobAt, job.size(), job);
    const QByteArray boot = header.boot.leftJustified(8, '\0', true);
    bytes.replace(BootAt, boot.size(), boot);
    put(bytes, HeaderCheckAt, crc32c(QByteArrayView(bytes).first(HeaderCheckAt)));
    return bytes;
}

Result<IndexHeader> decodeHeader(QByteArrayView bytes)
{
    if (bytes.size() != indexHeaderSize || bytes.first(8) != QByteArrayView(magic, 8) ||
        get<quint32>(bytes, HeaderCheckAt) != crc32c(bytes.first(HeaderCheckAt)))
        return fail(ErrorCode::DataLoss, u"the header is damaged"_s);
    if (const auto version = get<quint32>(bytes, VersionAt); version != indexVersion)
        return fail(ErrorCode::Conflict,
                    u"it has version %1, this danube-master knows %2"_s.arg(version).arg(indexVersion));
    const QByteArrayView job = bytes.sliced(JobAt, jobSize);
    const qsizetype end = job.indexOf('\0');
    return IndexHeader{get<quint32>(bytes, GenerationAt), JobId(QString::fromUtf8(end < 0 ? job : job.first(end))),
                       bytes.sliced(BootAt, 8).toByteArray()};
}

QByteArray encodeRecord(const IndexRecord &record)
{
    QByteArray bytes(indexRecordSize, '\0');
    put(bytes, OffsetAt, record.offset);
    put(bytes, RawEndAt, record.rawEnd);
    put(bytes, TimeAt, static_cast<qint64>(record.time.time_since_epoch().count()));
    put(bytes, LengthAt, record.length);
    put(bytes, StepAt, toInt(record.step));
    put(bytes, DataCheckAt, record.dataCheck);
    put(bytes, MaskedAheadAt, record.maskedAhead);
    put(bytes, StreamAt, static_cast<quint8>(record.stream));
    const int flags = (record.syntheticNewline ? SyntheticNewline : 0) | (record.endsMasked ? EndsMasked : 0);
    put(bytes, FlagsAt, static_cast<quint8>(flags));
    put(bytes, RecordCheckAt, crc32c(QByteArrayView(bytes).first(RecordCheckAt)));
    return bytes;
}

std::optional<IndexRecord> decodeRecord(QByteArrayView bytes)
{
    if (bytes.size() != indexRecordSize || get<quint32>(bytes, RecordCheckAt) != crc32c(bytes.first(RecordCheckAt)))
        return std::nullopt;
    const auto stream = get<quint8>(bytes, StreamAt);
    const auto flags = get<quint8>(bytes, FlagsAt);
    IndexRecord record;
    record.offset = get<quint64>(bytes, OffsetAt);
    record.rawEnd = get<quint64>(bytes, RawEndAt);
    record.time = WallTime(milliseconds(get<qint64>(bytes, TimeAt)));
    record.length = get<quint32>(bytes, LengthAt);
    record.step = StepNumber(get<quint32>(bytes, StepAt));
    record.dataCheck = get<quint32>(bytes, DataCheckAt);
    record.maskedAhead = get<quint32>(bytes, MaskedAheadAt);
    record.syntheticNewline = (flags & SyntheticNewline) != 0;
    record.endsMasked = (flags & EndsMasked) != 0;
    // An all-zero page after a power cut has a valid-looking emptiness; its stream 0 exists nowhere.
    const bool isPossible = stream >= 1 && stream <= 3 && record.offset <= largestOffset &&
                            record.length <= 2 * longestRun && (record.length > 0 || !record.syntheticNewline);
    if (!isPossible)
        return std::nullopt;
    record.stream = static_cast<LogStream>(stream);
    return record;
}

LogPaths logPaths(const QString &directory, const JobId &job)
{
    const QString base = directory + u'/' + job.value();
    return {base + u".log"_s, base + u".log.zst"_s, base + u".idx"_s, base + u".seal"_s};
}

} // namespace danube::logs
