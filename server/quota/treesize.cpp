// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/quota/treesize.h"

#include "shared/core/filedescriptor.h"

#include <QFile>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstddef>
#include <cstring>
#include <dirent.h>
#include <fcntl.h>
#include <memory>
#include <sys/stat.h>
#include <vector>

namespace danube::quota {
namespace {

constexpr qint64 blockSize = 512;     // of st_blocks, always
constexpr size_t mostOpen = 32;       // folders on the way down; those above are opened again by ".."
constexpr size_t deepest = 1'000'000; // who nests deeper hides something

/// A folder that is open, with names that were read and not yet looked at.
struct OpenFolder
{
    FileDescriptor descriptor;
    alignas(dirent64) std::array<std::byte, 4096> names;
    size_t end = 0;
    size_t at = 0;
};

/// A folder on the way down.
struct Folder
{
    dev_t device = 0;
    ino_t number = 0;
    off64_t next = 0; ///< where its names go on
    std::unique_ptr<OpenFolder> open;
};

bool isNoFolderAnyMore(int error)
{
    return error == ENOENT || error == ENOTDIR || error == ELOOP;
}

class TreeWalk
{
public:
    TreeWalk(const TreeSize &enough, const std::atomic<bool> &stop) : m_enough(enough), m_stop(stop) {}

    TreeSize measure(const QString &path)
    {
        const QByteArray name = QFile::encodeName(path);
        struct stat64 status{};
        if (::fstatat64(AT_FDCWD, name.constData(), &status, AT_SYMLINK_NOFOLLOW) != 0)
            return m_size;
        m_device = status.st_dev;
        add(status);
        if (S_ISDIR(status.st_mode))
            enter(AT_FDCWD, name.constData());
        while (!m_way.empty() && !m_stop.load() && m_size.bytes <= m_enough.bytes && m_size.files <= m_enough.files) {
            if (const char *next = nextName())
                lookAt(next);
            else
                leave();
        }
        return m_size;
    }

private:
    void add(const struct stat64 &status)
    {
        // A share for each of its names: a file with several of them in the tree counts once.
        const auto names = S_ISDIR(status.st_mode) ? 1 : std::max<nlink_t>(1, status.st_nlink);
        m_size.bytes += static_cast<qint64>(status.st_blocks) * blockSize / static_cast<qint64>(names);
        ++m_size.files;
    }

    void lookAt(const char *name)
    {
        struct stat64 status{};
        const int folder = m_way.back().open->descriptor.get();
        if (::fstatat64(folder, name, &status, AT_SYMLINK_NOFOLLOW) != 0) {
            m_size.isPartial = m_size.isPartial || errno != ENOENT;
            return;
        }
        add(status);
        if (S_ISDIR(status.st_mode))
            enter(folder, name);
    }

    void enter(int parent, const char *name)
    {
        FileDescriptor descriptor(::openat64(parent, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC));
        struct stat64 status{};
        if (!descriptor || ::fstat64(descriptor.get(), &status) != 0) {
            m_size.isPartial = m_size.isPartial || !isNoFolderAnyMore(errno);
            return;
        }
        if (status.st_dev != m_device)
            return;
        if (m_way.size() >= deepest) {
            m_size.isPartial = true;
            return;
        }
        m_way.push_back({.device = status.st_dev, .number = status.st_ino, .open = std::make_unique<OpenFolder>()});
        m_way.back().open->descriptor = std::move(descriptor);
        if (m_way.size() > mostOpen)
            m_way[m_way.size() - mostOpen - 1].open.reset();
    }

    /// Of the folder that the walk is in; nullptr at its end.
    const char *nextName()
    {
        Folder &folder = m_way.back();
        for (;;) {
            OpenFolder &open = *folder.open;
            if (open.at >= open.end && !readNames(folder))
                return nullptr;
            const std::byte *entry = open.names.data() + open.at;
            unsigned short length = 0;
            memcpy(&length, entry + offsetof(dirent64, d_reclen), sizeof length);
            memcpy(&folder.next, entry + offsetof(dirent64, d_off), sizeof folder.next);
            open.at += length;
            const auto *name = reinterpret_cast<const char *>(entry + offsetof(dirent64, d_name));
            if (strcmp(name, ".") != 0 && strcmp(name, "..") != 0)
                return name;
        }
    }

    bool readNames(Folder &folder)
    {
        OpenFolder &open = *folder.open;
        const ssize_t size = ::getdents64(open.descriptor.get(), open.names.data(), open.names.size());
        m_size.isPartial = m_size.isPartial || (size < 0 && errno != ENOENT); // ENOENT: removed meanwhile
        open.at = 0;
        open.end = static_cast<size_t>(std::max<ssize_t>(size, 0));
        return size > 0;
    }

    void leave()
    {
        const std::unique_ptr<OpenFolder> left = std::move(m_way.back().open);
        m_way.pop_back();
        if (m_way.empty() || m_way.back().open)
            return;
        // A folder that was moved meanwhile has another parent, which is none of ours.
        Folder &parent = m_way.back();
        FileDescriptor descriptor(::openat64(left->descriptor.get(), "..", O_RDONLY | O_DIRECTORY | O_CLOEXEC));
        struct stat64 status{};
        const bool isParent = descriptor && ::fstat64(descriptor.get(), &status) == 0 &&
                              status.st_dev == parent.device && status.st_ino == parent.number &&
                              ::lseek64(descriptor.get(), parent.next, SEEK_SET) == parent.next;
        if (!isParent) {
            m_size.isPartial = true;
            m_way.clear();
            return;
        }
        parent.open = std::make_unique<OpenFolder>();
        parent.open->descriptor = std::move(descriptor);
    }

    const TreeSize m_enough;
    const std::atomic<bool> &m_stop;
    dev_t m_device = 0;
    TreeSize m_size;
    std::vector<Folder> m_way;
};

} // namespace

TreeSize measureTree(const QString &path, const TreeSize &enough, const std::atomic<bool> &stop)
{
    return TreeWalk(enough, stop).measure(path);
}

} // namespace danube::quota
