// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/quota/volume.h"

#include <QFile>

#include <cerrno>
#include <sys/statvfs.h>

using namespace Qt::StringLiterals;

namespace danube::quota {

Result<Volume> lookAtVolume(const QString &path)
{
    struct statvfs status{};
    if (::statvfs(QFile::encodeName(path).constData(), &status) != 0)
        return failErrno(u"look at the volume of %1"_s.arg(path), errno);
    const auto block = static_cast<qint64>(status.f_frsize);
    return Volume{static_cast<qint64>(status.f_blocks) * block, static_cast<qint64>(status.f_bavail) * block,
                  static_cast<qint64>(status.f_files), static_cast<qint64>(status.f_favail)};
}

qint64 Reserve::of(const Volume &volume) const
{
    return std::max<qint64>(toInt(bytes), volume.bytes / 100 * percent);
}

bool Reserve::isKept(const Volume &volume) const
{
    const bool hasFiles = volume.files == 0 || volume.freeFiles >= volume.files / 100 * percent;
    return volume.freeBytes >= of(volume) && hasFiles;
}

} // namespace danube::quota
