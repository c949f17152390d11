// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/executors/local/removetree.h"

#include "shared/core/filedescriptor.h"

#include <QFile>

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <dirent.h>
#include <fcntl.h>
#include <memory>
#include <sys/stat.h>

using namespace Qt::StringLiterals;

namespace danube::local {
namespace {

FileDescriptor openFolder(int parent, const char *name)
{
    // A job may have taken its own folders' permissions away.
    ::fchmodat(parent, name, S_IRWXU, AT_SYMLINK_NOFOLLOW);
    return FileDescriptor(::openat(parent, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC));
}

/// Folders may be nested without an end, and their paths be longer than any call takes. So nobody goes down: what lies
/// in a folder of the root is removed, and the folders in it are moved up into the root, under numbers, to be next.
class FlatRemoval
{
public:
    /// `root` is open.
    explicit FlatRemoval(FileDescriptor root) : m_root(std::move(root)) {}

    /// Whether the root is empty; otherwise why not.
    Result<void> run(const QString &path)
    {
        for (;;) {
            const quint64 before = m_removed;
            m_error = 0;
            forEach(m_root.get(), [this](const char *name) { removeOrEmpty(name); });
            for (char name[24]; m_next < m_numbers; ++m_next)
                removeOrEmpty(numbered(name, m_next));
            // Some file systems pass over entries while others of the same folder go.
            if (m_removed == before)
                return m_error == 0 ? Result<void>() : failErrno(u"remove what is in "_s + path, m_error);
        }
    }

private:
    static const char *numbered(char (&name)[24], quint64 number)
    {
        std::snprintf(name, sizeof name, "r%llu", static_cast<unsigned long long>(number));
        return name;
    }

    template <class Visit> void forEach(int folder, Visit visit)
    {
        const int descriptor = ::openat(folder, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
        const std::unique_ptr<DIR, int (*)(DIR *)> entries(descriptor < 0 ? nullptr : ::fdopendir(descriptor),
                                                           ::closedir);
        if (!entries) {
            m_error = errno;
            if (descriptor >= 0)
                ::close(descriptor);
            return;
        }
        while (const dirent *entry = ::readdir(entries.get())) {
            if (std::strcmp(entry->d_name, ".") != 0 && std::strcmp(entry->d_name, "..") != 0)
                visit(entry->d_name);
        }
    }

    /// True when the name is gone. A folder goes only when it is empty.
    bool remove(int parent, const char *name)
    {
        bool isGone = ::unlinkat(parent, name, 0) == 0;
        if (!isGone && errno == EISDIR)
            isGone = ::unlinkat(parent, name, AT_REMOVEDIR) == 0;
        if (isGone)
            ++m_removed;
        else if (errno != ENOENT && errno != ENOTEMPTY && errno != EEXIST)
            m_error = errno;
        return isGone || errno == ENOENT;
    }

    void removeOrEmpty(const char *name)
    {
        if (remove(m_root.get(), name))
            return;
        const FileDescriptor folder = openFolder(m_root.get(), name);
        if (!folder) {
            if (m_error == 0)
                m_error = errno;
            return;
        }
        forEach(folder.get(), [&](const char *inner) {
            if (!remove(folder.get(), inner))
                moveUp(folder.get(), inner);
        });
        remove(m_root.get(), name);
    }

    void moveUp(int folder, const char *name)
    {
        // Without the right to write to it a folder cannot get another parent.
        ::fchmodat(folder, name, S_IRWXU, AT_SYMLINK_NOFOLLOW);
        for (char target[24];;) {
            // Over an empty folder it may go. No flags, which not every file system has.
            if (::renameat(folder, name, m_root.get(), numbered(target, m_numbers++)) == 0) {
                ++m_removed;
                return;
            }
            if (errno != EEXIST && errno != ENOTEMPTY && errno != ENOTDIR) {
                m_error = errno;
                return;
            }
        }
    }

    FileDescriptor m_root;
    quint64 m_numbers = 0; ///< given to folders that were moved up
    quint64 m_next = 0;    ///< of those the next to be emptied
    quint64 m_removed = 0; ///< entries removed, or moved up
    int m_error = 0;       ///< of the present round, the last
};

} // namespace

Result<void> removeTree(const QString &path)
{
    const QByteArray name = QFile::encodeName(path);
    FileDescriptor root = openFolder(AT_FDCWD, name.constData());
    if (!root && (errno == ENOTDIR || errno == ELOOP))
        return ::unlink(name.constData()) == 0 ? Result<void>() : failErrno(u"remove "_s + path, errno);
    if (!root)
        return errno == ENOENT ? Result<void>() : failErrno(u"remove "_s + path, errno);
    if (auto emptied = FlatRemoval(std::move(root)).run(path); !emptied)
        return emptied;
    return ::rmdir(name.constData()) == 0 || errno == ENOENT ? Result<void>() : failErrno(u"remove "_s + path, errno);
}

} // namespace danube::local
