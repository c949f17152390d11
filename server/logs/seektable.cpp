// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/logs/seektable.h"

#include <QtEndian>

using namespace Qt::StringLiterals;

namespace danube::logs {
namespace {

constexpr quint32 checksMagic = 0x184D2A50; // a skippable frame (RFC 8878, 3.1.2), free for private use
constexpr quint32 tableMagic = 0x184D2A5E;
constexpr quint32 footerMagic = 0x8F92EAB1;
constexpr qint64 frameHead = 8;
constexpr qint64 checkSize = 4;
constexpr qint64 entrySize = 8;
constexpr qint64 mostBlocks = 1 << 26; // 16 TiB of log

void put(QByteArray &bytes, qint64 value)
{
    const auto number = qToLittleEndian(static_cast<quint32>(value));
    bytes.append(reinterpret_cast<const char *>(&number), sizeof number);
}

quint32 get(QByteArrayView bytes, qint64 at)
{
    return qFromLittleEndian<quint32>(bytes.data() + at);
}

std::unexpected<Error> damaged()
{
    return fail(ErrorCode::DataLoss, u"the seek table is damaged"_s);
}

} // namespace

qint64 SeekTable::contentSize() const
{
    return blocks.isEmpty() ? 0 : (blocks.size() - 1) * blockSize + blocks.last().size;
}

qint64 SeekTable::framesEnd() const
{
    return blocks.isEmpty() ? 0 : blocks.last().begin + blocks.last().length;
}

qint64 seekTableSize(qint64 blocks)
{
    return frameHead + blocks * checkSize + frameHead + blocks * entrySize + seekFooterSize;
}

QByteArray encodeSeekTable(const SeekTable &table)
{
    const qint64 count = table.blocks.size();
    QByteArray bytes;
    bytes.reserve(seekTableSize(count));
    put(bytes, checksMagic);
    put(bytes, count * checkSize);
    for (const SeekTable::Block &block : table.blocks)
        put(bytes, block.check);
    put(bytes, tableMagic);
    put(bytes, count * entrySize + seekFooterSize);
    for (const SeekTable::Block &block : table.blocks) {
        put(bytes, block.length);
        put(bytes, block.size);
    }
    put(bytes, count);
    bytes.append('\0'); // no checksums in the table: the format's are XXH64
    put(bytes, footerMagic);
    return bytes;
}

Result<qint64> blocksOfFooter(QByteArrayView footer)
{
    if (footer.size() != seekFooterSize || get(footer, 5) != footerMagic || footer[4] != '\0')
        return damaged();
    const qint64 count = get(footer, 0);
    return count <= mostBlocks ? Result<qint64>(count) : damaged();
}

Result<SeekTable> decodeSeekTable(QByteArrayView bytes, qint64 fileSize)
{
    const auto count = bytes.size() < seekFooterSize ? damaged() : blocksOfFooter(bytes.last(seekFooterSize));
    if (!count)
        return std::unexpected(count.error());
    const qint64 tableAt = frameHead + *count * checkSize;
    const bool isFramed = bytes.size() == seekTableSize(*count) && get(bytes, 0) == checksMagic &&
                          get(bytes, 4) == *count * checkSize && get(bytes, tableAt) == tableMagic &&
                          get(bytes, tableAt + 4) == *count * entrySize + seekFooterSize;
    if (!isFramed)
        return damaged();
    SeekTable table;
    table.blocks.reserve(*count);
    qint64 begin = 0;
    for (qint64 i = 0; i < *count; ++i) {
        const qint64 entry = tableAt + frameHead + i * entrySize;
        const SeekTable::Block block{begin, get(bytes, entry), get(bytes, entry + 4),
                                     get(bytes, frameHead + i * checkSize)};
        const bool isLast = i + 1 == *count;
        if (block.length == 0 || block.size == 0 || block.size > SeekTable::blockSize ||
            (!isLast && block.size != SeekTable::blockSize))
            return damaged();
        begin += block.length;
        table.blocks.append(block);
    }
    if (begin + bytes.size() != fileSize)
        return damaged();
    return table;
}

} // namespace danube::logs
