// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/logs/indexview.h"

#include "server/logs/appendfile.h"

#include <cerrno>
#include <sys/stat.h>

using namespace Qt::StringLiterals;

namespace danube::logs {
namespace {

constexpr int unfinishedRecords =
    64; ///< how far back to look for a whole one; a living writer leaves at most one behind

} // namespace

Result<qint64> IndexView::recordsInFile() const
{
    struct stat status{};
    if (fstat(m_file, &status) != 0)
        return failErrno(u"look at %1"_s.arg(m_path), errno);
    return std::max<qint64>(0, status.st_size - indexHeaderSize) / indexRecordSize;
}

Result<void> IndexView::refresh(qint64 records, qint64 logSize)
{
    m_count = 0;
    m_end = 0;
    QByteArray bytes(indexHeaderSize, '\0');
    const auto got = readFully(m_file, bytes.data(), bytes.size(), 0, m_path);
    if (got && *got < indexHeaderSize)
        return {}; // just being made
    const auto header = got.and_then([&](qint64) { return decodeHeader(bytes); });
    if (!header)
        return std::unexpected(header.error().in(u"read log index %1"_s.arg(m_path)));
    m_generation = header->generation;
    for (qint64 count = records; count > std::max<qint64>(0, records - unfinishedRecords); --count) {
        const auto last = at(count - 1);
        if (!last || last->end() > static_cast<quint64>(logSize))
            continue;
        m_count = count;
        m_end = static_cast<qint64>(last->end());
        return {};
    }
    if (records > unfinishedRecords)
        return fail(ErrorCode::DataLoss, u"read log index %1: its end is damaged"_s.arg(m_path));
    return {};
}

Result<IndexRecord> IndexView::at(qint64 position) const
{
    QByteArray bytes(indexRecordSize, '\0');
    auto got = readFully(m_file, bytes.data(), bytes.size(), indexHeaderSize + position * indexRecordSize, m_path);
    if (!got)
        return std::unexpected(got.error());
    const auto record = decodeRecord(bytes.first(*got));
    if (!record)
        return fail(ErrorCode::DataLoss, u"read log index %1: record %2 is damaged"_s.arg(m_path).arg(position));
    return *record;
}

Result<QList<IndexRecord>> IndexView::block(qint64 position, qint64 count) const
{
    count = std::clamp<qint64>(m_count - position, 0, count);
    QByteArray bytes(count * indexRecordSize, Qt::Uninitialized);
    auto got = readFully(m_file, bytes.data(), bytes.size(), indexHeaderSize + position * indexRecordSize, m_path);
    if (!got)
        return std::unexpected(got.error());
    QList<IndexRecord> records;
    records.reserve(count);
    for (qint64 i = 0; (i + 1) * indexRecordSize <= *got; ++i) {
        const auto record = decodeRecord(QByteArrayView(bytes).sliced(i * indexRecordSize, indexRecordSize));
        const bool follows = record && record->end() <= static_cast<quint64>(m_end) &&
                             (records.isEmpty() || record->offset == records.last().end());
        if (!follows)
            return fail(ErrorCode::DataLoss,
                        u"read log index %1: record %2 is damaged"_s.arg(m_path).arg(position + i));
        records.append(*record);
    }
    return records;
}

Result<qint64> IndexView::find(qint64 offset) const
{
    qint64 low = 0;
    qint64 high = m_count;
    while (low < high) {
        const qint64 middle = low + (high - low) / 2;
        const auto record = at(middle);
        if (!record)
            return std::unexpected(record.error());
        if (record->end() > static_cast<quint64>(std::max<qint64>(0, offset)))
            high = middle;
        else
            low = middle + 1;
    }
    return low;
}

} // namespace danube::logs
