// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "shared/core/result.h"

#include <QByteArray>
#include <QList>

namespace danube::logs {

/// Where the blocks of a compressed log are. As bytes it is the end of the file: a skippable frame of ours with a
/// CRC-32C per block, then the seek table of the zstd seekable format (docs/formats/log.md); to other zstd programs the
/// file is an ordinary one.
struct SeekTable
{
    struct Block
    {
        qint64 begin = 0;  ///< of the frame in the file
        qint64 length = 0; ///< of the frame
        qint64 size = 0;   ///< of its content: blockSize, less in the last one
        quint32 check = 0; ///< crc32c of its content
        bool operator==(const Block &) const = default;
    };
    static constexpr qint64 blockSize = 256 * 1024;
    QList<Block> blocks;

    qint64 contentSize() const;
    qint64 framesEnd() const; ///< where the frames end and the bytes of this begin
    bool operator==(const SeekTable &) const = default;
};

QByteArray encodeSeekTable(const SeekTable &table);
/// Bytes at the end of a file of so many blocks.
qint64 seekTableSize(qint64 blocks);
inline constexpr qint64 seekFooterSize = 9;
/// Number of blocks the last seekFooterSize bytes of a file tell of; DataLoss when they are no footer of ours.
Result<qint64> blocksOfFooter(QByteArrayView footer);
/// `bytes` are what follows the frames, to the end of a file of `fileSize`. DataLoss for what is not exactly as
/// encodeSeekTable() writes it.
Result<SeekTable> decodeSeekTable(QByteArrayView bytes, qint64 fileSize);

} // namespace danube::logs
