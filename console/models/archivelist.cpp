// SPDX-License-Identifier: GPL-3.0-or-later
#include "console/models/archivelist.h"

#include <KArchiveDirectory>
#include <KArchiveFile>
#include <KCompressionDevice>
#include <KTar>
#include <KZip>

#include <QCoreApplication>
#include <QFile>
#include <QLocale>

#include <algorithm>
#include <memory>

using namespace Qt::StringLiterals;

namespace danube::console {

namespace {

constexpr int maxDepth = 64;
constexpr qint64 tarBlock = 512; // bytes; even an empty tar file has two

class ArchiveText
{
    Q_DECLARE_TR_FUNCTIONS(ArchiveList)
};

/// The archive reads the device for as long as it lives.
struct OpenArchive
{
    std::unique_ptr<BoundedDevice> device;
    std::unique_ptr<KArchive> archive;
};

KCompressionDevice::CompressionType compressionOf(QByteArrayView head)
{
    if (head.startsWith("\x1f\x8b"))
        return KCompressionDevice::GZip;
    if (head.startsWith("BZh"))
        return KCompressionDevice::BZip2;
    if (head.startsWith("\xfd"
                        "7zXZ"))
        return KCompressionDevice::Xz;
    if (head.startsWith("\x28\xb5\x2f\xfd"))
        return KCompressionDevice::Zstd;
    return KCompressionDevice::None;
}

Error limitError(BoundedDevice::End end, const ArchiveLimits &limits)
{
    switch (end) {
    case BoundedDevice::End::TooManyReads:
        return {ErrorCode::ResourceExhausted,
                ArchiveText::tr("This archive has more than %1 entries; it is not looked into.")
                    .arg(QLocale().toString(limits.entries))};
    case BoundedDevice::End::TooManyBytes:
        return {ErrorCode::ResourceExhausted,
                ArchiveText::tr("This archive unpacks to more than %1; it is not looked into.")
                    .arg(QLocale().formattedDataSize(limits.unpackedBytes, 1, QLocale::DataSizeIecFormat))};
    case BoundedDevice::End::ReadTooLong:
        return {ErrorCode::ResourceExhausted,
                ArchiveText::tr("This archive has an entry whose name is too long; it is not looked into.")};
    case BoundedDevice::End::Stopped:
        return {ErrorCode::Cancelled, ArchiveText::tr("Looking into the archive was stopped.")};
    case BoundedDevice::End::None:
        break;
    }
    return {ErrorCode::InvalidArgument,
            ArchiveText::tr("This is no archive that can be looked into, or a damaged one: ZIP and tar files can, the "
                            "latter also compressed by gzip, bzip2, xz or zstd.")};
}

Result<OpenArchive> openArchive(std::unique_ptr<QIODevice> source, const ArchiveLimits &limits, std::stop_token stop)
{
    if (!source->isOpen() && !source->open(QIODevice::ReadOnly))
        return fail(ErrorCode::Io, ArchiveText::tr("Read the archive: %1").arg(source->errorString()));
    const QByteArray head = source->peek(8);
    const bool isZip = head.startsWith("PK\x03\x04") || head.startsWith("PK\x05\x06");
    const auto compression = compressionOf(head);
    const bool isStream = compression != KCompressionDevice::None;
    if (isStream)
        source = std::make_unique<KCompressionDevice>(source.release(), true, compression);
    OpenArchive open;
    open.device = std::make_unique<BoundedDevice>(std::move(source), isStream, limits, std::move(stop));
    // Given a device, KTar reads it as it is; given a name, it would unpack the whole file to the disk first.
    if (isZip)
        open.archive = std::make_unique<KZip>(open.device.get());
    else
        open.archive = std::make_unique<KTar>(open.device.get());
    bool isOpen = open.device->open(QIODevice::ReadOnly) && open.archive->open(QIODevice::ReadOnly);
    if (!isZip && open.device->passed() < tarBlock)
        isOpen = false; // KTar takes a file without a header for one without entries
    if (!isOpen || open.device->end() != BoundedDevice::End::None)
        return std::unexpected(limitError(open.device->end(), limits));
    return open;
}

bool leadsOut(QStringView path)
{
    int depth = 0;
    for (const QStringView part : path.split(u'/')) {
        depth += part == u".." ? -1 : part.isEmpty() || part == u"." ? 0 : 1;
        if (depth < 0)
            return true;
    }
    return path.startsWith(u'/');
}

void collect(ArchiveList &list, const KArchiveDirectory &folder, const QString &prefix, int depth, qint64 most)
{
    QStringList names = folder.entries();
    names.sort();
    for (const QString &name : std::as_const(names)) {
        if (list.entries.size() >= most || depth > maxDepth) {
            list.isWhole = false;
            return;
        }
        const KArchiveEntry *entry = folder.entry(name);
        if (!entry || name.isEmpty()) { // KArchive makes such of a path of slashes only; nobody could ask for it
            list.isWhole = false;
            continue;
        }
        const QString path = prefix + name;
        const QString target = entry->symLinkTarget();
        const bool linksOut = !target.isEmpty() && (target.startsWith(u'/') || leadsOut(prefix + target));
        const qint64 size = entry->isFile() ? static_cast<const KArchiveFile *>(entry)->size() : 0;
        list.entries.append(
            {path, std::max<qint64>(0, size), entry->isDirectory(), leadsOut(path) || linksOut, target});
        if (entry->isDirectory())
            collect(list, static_cast<const KArchiveDirectory &>(*entry), path + u'/', depth + 1, most);
    }
}

} // namespace

Result<ArchiveList> listArchive(std::unique_ptr<QIODevice> source, const ArchiveLimits &limits, std::stop_token stop)
{
    const auto open = openArchive(std::move(source), limits, std::move(stop));
    if (!open)
        return std::unexpected(open.error());
    ArchiveList list;
    if (const KArchiveDirectory *root = open->archive->directory())
        collect(list, *root, {}, 0, limits.entries);
    return list;
}

Result<ArchiveList> listArchive(const QString &file, std::stop_token stop)
{
    return listArchive(std::make_unique<QFile>(file), {}, std::move(stop));
}

Result<QByteArray> readArchiveEntry(std::unique_ptr<QIODevice> source, const QString &path, qint64 limit,
                                    const ArchiveLimits &limits, std::stop_token stop)
{
    const auto open = openArchive(std::move(source), limits, std::move(stop));
    if (!open)
        return std::unexpected(open.error());
    open->device->renew();
    const KArchiveEntry *entry = open->archive->directory()->entry(path);
    const std::unique_ptr<QIODevice> content(
        entry && entry->isFile() ? static_cast<const KArchiveFile *>(entry)->createDevice() : nullptr);
    if (!content)
        return fail(ErrorCode::NotFound, ArchiveText::tr("%1 is no file in this archive.").arg(path));
    QByteArray bytes;
    while (bytes.size() < limit) { // in pieces that the bounds allow
        const QByteArray piece = content->read(std::min(limit - bytes.size(), limits.readBytes));
        if (piece.isEmpty())
            break;
        bytes += piece;
    }
    if (open->device->end() != BoundedDevice::End::None)
        return std::unexpected(limitError(open->device->end(), limits));
    return bytes;
}

Result<QByteArray> readArchiveEntry(const QString &file, const QString &path, qint64 limit, std::stop_token stop)
{
    return readArchiveEntry(std::make_unique<QFile>(file), path, limit, {}, std::move(stop));
}

} // namespace danube::console
