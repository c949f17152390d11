// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/coordinator/openbeneath.h"

#include <QFile>

#include <cerrno>
#include <fcntl.h>
#include <linux/openat2.h>
#include <sys/syscall.h>

using namespace Qt::StringLiterals;

namespace danube::coordinator {

Result<FileDescriptor> openBeneath(int directory, const QByteArray &path, int flags, int mode)
{
    open_how how{};
    how.flags = static_cast<uint64_t>(flags | O_CLOEXEC | O_NOFOLLOW);
    how.mode = static_cast<uint64_t>(mode);
    how.resolve = RESOLVE_BENEATH | RESOLVE_NO_SYMLINKS | RESOLVE_NO_MAGICLINKS;
    const auto fd = static_cast<int>(syscall(SYS_openat2, directory, path.constData(), &how, sizeof how));
    if (fd >= 0)
        return FileDescriptor(fd);
    const int error = errno;
    const auto name = QFile::decodeName(path);
    if (error == ELOOP)
        return fail(ErrorCode::InvalidArgument, name + u": is or passes through a symbolic link"_s);
    if (error == EXDEV)
        return fail(ErrorCode::InvalidArgument, name + u": leads out of the workspace"_s);
    if (error == ENOSYS)
        return fail(ErrorCode::Io, name + u": this kernel has no openat2 (Linux 5.6 or newer is needed)"_s);
    return failErrno(name, error);
}

Result<FileDescriptor> openDirectory(const QString &path)
{
    const int fd = ::open(QFile::encodeName(path).constData(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (fd < 0)
        return failErrno(path, errno);
    return FileDescriptor(fd);
}

} // namespace danube::coordinator
