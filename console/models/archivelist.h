// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "console/models/boundeddevice.h"
#include "shared/core/result.h"

#include <QList>
#include <QString>

namespace danube::console {

/// One file or folder inside an archive.
struct ArchiveEntry
{
    QString path;    ///< relative, with '/'; as the archive has it, so never a path of this machine
    qint64 size = 0; ///< bytes, as the archive claims
    bool isFolder = false;
    bool leadsOut = false; ///< its path or the target of its link goes above the archive, as an attack would
    QString linkTarget;    ///< of a symbolic link; empty = none
    bool operator==(const ArchiveEntry &) const = default;
};

struct ArchiveList
{
    QList<ArchiveEntry> entries; ///< folders before what is in them
    bool isWhole = true;         ///< false: there are more than the limit, deeper ones, or some without a name
};

/// What is inside of a ZIP or tar file, the latter plain or by gzip, bzip2, xz or zstd; its content tells which.
/// Nothing is written anywhere. Takes its time: not for the GUI thread. InvalidArgument: it is no such archive;
/// ResourceExhausted: it goes beyond the limits; Cancelled: stopped; Io: it cannot be read.
Result<ArchiveList> listArchive(std::unique_ptr<QIODevice> source, const ArchiveLimits &limits = {},
                                std::stop_token stop = {});
Result<ArchiveList> listArchive(const QString &file, std::stop_token stop = {});

/// The content of one file inside, at most `limit` bytes of it. NotFound when there is none.
Result<QByteArray> readArchiveEntry(const QString &file, const QString &path, qint64 limit, std::stop_token stop = {});
Result<QByteArray> readArchiveEntry(std::unique_ptr<QIODevice> source, const QString &path, qint64 limit,
                                    const ArchiveLimits &limits = {}, std::stop_token stop = {});

} // namespace danube::console
