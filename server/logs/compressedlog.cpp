// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/logs/compressedlog.h"

#include "server/logs/appendfile.h"
#include "server/logs/crc32c.h"
#include "server/logs/zstdblock.h"

#include <QFile>

#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

using namespace Qt::StringLiterals;

namespace danube::logs {

Result<std::unique_ptr<CompressedLog>> CompressedLog::open(const QString &path)
{
    const int file = ::open(QFile::encodeName(path).constData(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
    if (file < 0)
        return failErrno(u"open %1"_s.arg(path), errno);
    std::unique_ptr<CompressedLog> log(new CompressedLog(file, path));
    if (auto read = log->readTable(); !read)
        return std::unexpected(read.error().in(u"open %1"_s.arg(path)));
    return log;
}

CompressedLog::~CompressedLog()
{
    ::close(m_file);
}

Result<void> CompressedLog::readTable()
{
    struct stat status{};
    if (fstat(m_file, &status) != 0)
        return failErrno(u"look at %1"_s.arg(m_path), errno);
    const auto tail = [&](qint64 size) -> Result<QByteArray> {
        if (size > status.st_size)
            return fail(ErrorCode::DataLoss, u"it is too short"_s);
        QByteArray bytes(size, '\0');
        return readFully(m_file, bytes.data(), size, status.st_size - size, m_path).transform([&bytes](qint64 got) {
            bytes.truncate(got);
            return std::move(bytes);
        });
    };
    auto table = tail(seekFooterSize)
                     .and_then([](const QByteArray &footer) { return blocksOfFooter(footer); })
                     .and_then([&](qint64 blocks) { return tail(seekTableSize(blocks)); })
                     .and_then([&](const QByteArray &bytes) { return decodeSeekTable(bytes, status.st_size); });
    if (!table)
        return std::unexpected(table.error());
    m_table = std::move(*table);
    return {};
}

Result<void> CompressedLog::load(qint64 block)
{
    if (block == m_loaded)
        return {};
    const SeekTable::Block &place = m_table.blocks[block];
    m_loaded = -1;
    QByteArray frame(place.length, Qt::Uninitialized);
    auto content = readFully(m_file, frame.data(), place.length, place.begin, m_path).and_then([&](qint64 got) {
        return decompressBlock(QByteArrayView(frame).first(got), place.size);
    });
    const QString attempt = u"read %1: block %2"_s.arg(m_path).arg(block);
    if (!content && content.error().code == ErrorCode::DataLoss)
        return std::unexpected(content.error().in(attempt + u" is damaged"_s));
    if (!content)
        return std::unexpected(content.error().in(attempt));
    if (crc32c(*content) != place.check)
        return fail(ErrorCode::DataLoss, attempt + u" is damaged"_s);
    m_content = std::move(*content);
    m_loaded = block;
    return {};
}

Result<qint64> CompressedLog::readAt(qint64 offset, char *data, qint64 size)
{
    const qint64 end = std::min(offset + size, m_table.contentSize());
    for (qint64 at = offset; at < end;) {
        const qint64 block = at / SeekTable::blockSize;
        if (auto loaded = load(block); !loaded)
            return std::unexpected(loaded.error());
        const qint64 from = at - block * SeekTable::blockSize;
        const qint64 length = std::min(end - at, m_content.size() - from);
        memcpy(data + (at - offset), m_content.constData() + from, static_cast<size_t>(length));
        at += length;
    }
    return std::max<qint64>(0, end - offset);
}

} // namespace danube::logs
