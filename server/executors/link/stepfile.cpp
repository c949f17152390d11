// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/executors/link/stepfile.h"

#include "shared/core/filedescriptor.h"

#include <QFile>

#include <fcntl.h>
#include <sys/stat.h>

namespace danube::link {

QByteArray readStepFile(const QString &folder, const char *name, qsizetype most, FilePart part)
{
    const FileDescriptor place(
        ::open(QFile::encodeName(folder).constData(), O_PATH | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC));
    if (!place)
        return {};
    const FileDescriptor file(::openat(place.get(), name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY | O_CLOEXEC));
    struct stat status{};
    if (!file || ::fstat(file.get(), &status) != 0 || !S_ISREG(status.st_mode) || status.st_nlink != 1)
        return {};
    const off_t from = part == FilePart::Beginning ? 0 : std::max<off_t>(0, status.st_size - off_t(most));
    QByteArray bytes(most, Qt::Uninitialized);
    bytes.truncate(std::max<ssize_t>(0, ::pread(file.get(), bytes.data(), static_cast<size_t>(most), from)));
    return bytes;
}

} // namespace danube::link
