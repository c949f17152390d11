// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/coordinator/treecopy.h"

#include "server/coordinator/openbeneath.h"

#include <QFile>

#include <cerrno>
#include <climits>
#include <dirent.h>
#include <fcntl.h>
#include <sys/sendfile.h>
#include <sys/stat.h>

using namespace Qt::StringLiterals;

namespace danube::coordinator {
namespace {

constexpr int maxDepth = 200; ///< directories; each level holds descriptors open

struct DirCloser
{
    void operator()(DIR *dir) const { ::closedir(dir); }
};

/// One walk; `m_path` names where it is, for messages.
class TreeCopy
{
public:
    Result<CopiedTree> run(int source, int target)
    {
        if (auto copied = copyDirectory(source, target); !copied)
            return std::unexpected(copied.error());
        return m_copied;
    }

private:
    QString at(const QByteArray &name) const { return QFile::decodeName((m_path + name)); }
    Result<void> copyDirectory(int source, int target);
    Result<void> copyEntry(int source, int target, const QByteArray &name);
    Result<void> enter(int source, int target, const QByteArray &name, mode_t mode);
    Result<void> copyFile(int source, int target, const QByteArray &name, const struct stat &info);
    Result<void> copyBytes(int from, int to, const QByteArray &name);
    Result<void> copyLink(int source, int target, const QByteArray &name);
    Result<void> clear(int target, const QByteArray &name);

    QByteArray m_path;
    int m_depth = 0;
    CopiedTree m_copied;
};

Result<void> TreeCopy::copyDirectory(int source, int target)
{
    if (++m_depth > maxDepth)
        return fail(ErrorCode::ResourceExhausted, at({}) + u": more than %1 directories deep"_s.arg(maxDepth));
    const std::unique_ptr<DIR, DirCloser> dir(::fdopendir(::openat(source, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC)));
    if (!dir)
        return failErrno(u"read "_s + at("."), errno);
    for (errno = 0; const dirent *entry = ::readdir(dir.get()); errno = 0) {
        const QByteArray name(entry->d_name);
        if (name == "." || name == "..")
            continue;
        if (auto copied = copyEntry(source, target, name); !copied)
            return copied;
    }
    if (errno != 0)
        return failErrno(u"read "_s + at("."), errno);
    --m_depth;
    return {};
}

Result<void> TreeCopy::copyEntry(int source, int target, const QByteArray &name)
{
    struct stat info{};
    if (::fstatat(source, name.constData(), &info, AT_SYMLINK_NOFOLLOW) != 0)
        return failErrno(u"read "_s + at(name), errno);
    if (S_ISDIR(info.st_mode))
        return enter(source, target, name, info.st_mode);
    if (S_ISREG(info.st_mode))
        return copyFile(source, target, name, info);
    if (S_ISLNK(info.st_mode))
        return copyLink(source, target, name);
    return fail(ErrorCode::InvalidArgument, at(name) + u": neither file, directory nor symbolic link"_s);
}

Result<void> TreeCopy::enter(int source, int target, const QByteArray &name, mode_t mode)
{
    const auto from = openBeneath(source, name, O_RDONLY | O_DIRECTORY);
    if (!from)
        return std::unexpected(from.error().in(u"read "_s + at({})));
    struct stat there{};
    const bool exists = ::fstatat(target, name.constData(), &there, AT_SYMLINK_NOFOLLOW) == 0;
    if (exists && !S_ISDIR(there.st_mode)) {
        if (auto cleared = clear(target, name); !cleared)
            return cleared;
    }
    if (::mkdirat(target, name.constData(), 0700) != 0 && errno != EEXIST)
        return failErrno(u"make directory "_s + at(name), errno);
    const auto to = openBeneath(target, name, O_RDONLY | O_DIRECTORY);
    if (!to)
        return std::unexpected(to.error().in(u"enter the workspace's "_s + at({})));
    const auto here = m_path;
    m_path += name + '/';
    if (auto copied = copyDirectory(from->get(), to->get()); !copied)
        return copied;
    m_path = here;
    if (::fchmod(to->get(), mode & 0777) != 0)
        return failErrno(u"set the mode of "_s + at(name), errno);
    return {};
}

Result<void> TreeCopy::clear(int target, const QByteArray &name)
{
    if (::unlinkat(target, name.constData(), 0) != 0 && errno != ENOENT)
        return failErrno(u"replace "_s + at(name), errno);
    return {};
}

Result<void> TreeCopy::copyFile(int source, int target, const QByteArray &name, const struct stat &info)
{
    const auto from = openBeneath(source, name, O_RDONLY);
    if (!from)
        return std::unexpected(from.error().in(u"read "_s + at({})));
    if (auto cleared = clear(target, name); !cleared)
        return cleared;
    const auto to = openBeneath(target, name, O_WRONLY | O_CREAT | O_EXCL, 0600);
    if (!to)
        return std::unexpected(to.error().in(u"write the workspace's "_s + at({})));
    if (auto copied = copyBytes(from->get(), to->get(), name); !copied)
        return copied;
    if (::fchmod(to->get(), info.st_mode & 0777) != 0)
        return failErrno(u"set the mode of "_s + at(name), errno);
    ++m_copied.files;
    return {};
}

Result<void> TreeCopy::copyBytes(int from, int to, const QByteArray &name)
{
    for (;;) {
        const auto count = ::sendfile(to, from, nullptr, size_t(1) << 30);
        if (count == 0)
            return {};
        if (count < 0 && errno != EINTR)
            return failErrno(u"copy "_s + at(name), errno);
        m_copied.bytes += std::max<ssize_t>(count, 0);
    }
}

Result<void> TreeCopy::copyLink(int source, int target, const QByteArray &name)
{
    QByteArray text(PATH_MAX, '\0');
    const auto length = ::readlinkat(source, name.constData(), text.data(), static_cast<size_t>(text.size()));
    if (length < 0 || length == text.size())
        return failErrno(u"read link "_s + at(name), length < 0 ? errno : ENAMETOOLONG);
    text.truncate(length);
    if (auto cleared = clear(target, name); !cleared)
        return cleared;
    if (::symlinkat(text.constData(), target, name.constData()) != 0)
        return failErrno(u"make link "_s + at(name), errno);
    ++m_copied.files;
    return {};
}

} // namespace

Result<CopiedTree> copyTree(const QString &source, const QString &target)
{
    const auto from = openDirectory(source);
    if (!from)
        return std::unexpected(from.error());
    const auto to = openDirectory(target);
    if (!to)
        return std::unexpected(to.error());
    return TreeCopy().run(from->get(), to->get());
}

} // namespace danube::coordinator
