// SPDX-License-Identifier: GPL-3.0-or-later
// The end of a hostile compressed log: what decodes encodes to the same bytes, and its blocks lie within the file.
// Bytes given as a zstd frame give what was asked for, or an error.
#include "server/logs/seektable.h"
#include "server/logs/zstdblock.h"

using namespace danube::logs;

extern "C" int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const QByteArrayView bytes(data, static_cast<qsizetype>(size));
    if (bytes.isEmpty())
        return 0;
    // The first byte says how much of the file lies before the table.
    const qint64 frames = static_cast<unsigned char>(bytes[0]) * qint64(16);
    const QByteArrayView rest = bytes.sliced(1);
    if (const auto table = decodeSeekTable(rest, frames + rest.size())) {
        if (encodeSeekTable(*table) != rest || table->framesEnd() != frames)
            abort();
        for (const SeekTable::Block &block : table->blocks) {
            if (block.begin < 0 || block.begin + block.length > frames || block.size > SeekTable::blockSize)
                abort();
        }
    }
    if (const auto block = decompressBlock(rest, 4096); block && block->size() != 4096)
        abort();
    return 0;
}
