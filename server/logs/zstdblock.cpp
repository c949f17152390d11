// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/logs/zstdblock.h"

#include <QBuffer>

#include <KCompressionDevice>

using namespace Qt::StringLiterals;

namespace danube::logs {
namespace {

/// KCompressionDevice writes what it knows no filter for as it is.
Result<void> openZstd(KCompressionDevice &device, QIODevice::OpenMode mode)
{
    if (device.compressionType() != KCompressionDevice::Zstd)
        return fail(ErrorCode::Internal, u"KArchive was built without zstd"_s);
    if (!device.open(mode))
        return fail(ErrorCode::Internal, u"open zstd: %1"_s.arg(device.errorString()));
    return {};
}

} // namespace

Result<QByteArray> compressBlock(QByteArrayView bytes)
{
    QByteArray frame;
    QBuffer buffer(&frame);
    KCompressionDevice device(&buffer, false, KCompressionDevice::Zstd);
    if (auto opened = openZstd(device, QIODevice::WriteOnly); !opened)
        return std::unexpected(opened.error());
    const qint64 written = device.write(bytes.data(), bytes.size());
    device.close(); // ends the frame
    if (written != bytes.size() || device.error() != QFileDevice::NoError)
        return fail(ErrorCode::Internal, u"compress a block: %1"_s.arg(device.errorString()));
    return frame;
}

Result<QByteArray> decompressBlock(QByteArrayView frame, qint64 size)
{
    QByteArray input = QByteArray::fromRawData(frame.data(), frame.size());
    QBuffer buffer(&input);
    KCompressionDevice device(&buffer, false, KCompressionDevice::Zstd);
    if (auto opened = openZstd(device, QIODevice::ReadOnly); !opened)
        return std::unexpected(opened.error());
    QByteArray bytes(size, Qt::Uninitialized);
    qint64 done = 0;
    while (done < size) {
        const qint64 got = device.read(bytes.data() + done, size - done);
        if (got <= 0)
            return fail(ErrorCode::DataLoss, u"a compressed block ends at %1 of %2 bytes"_s.arg(done).arg(size));
        done += got;
    }
    return bytes;
}

} // namespace danube::logs
