// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/support/kube/cell/rootfilesystem.h"

#include <fcntl.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#include <array>
#include <filesystem>
#include <utility>

namespace danube::cell {
namespace {

/// A bind's source, held by a descriptor while the root changes: so its target is looked up inside the container,
/// where symbolic links such as /var/run mean what they mean there.
struct Held
{
    int tree;
    bool isDirectory;
    const Bind *bind;
};

Result<void> mounted(const char *type, const std::string &target, unsigned long flags, const std::string &data = {})
{
    return mount(type, target.c_str(), type, flags, data.c_str()) == 0
               ? Result<void>()
               : failed(std::string("mount ") + type + " at " + target);
}

Result<std::vector<Held>> holdSources(const std::vector<Bind> &binds)
{
    std::vector<Held> held;
    for (const Bind &bind : binds) {
        const int tree = open_tree(AT_FDCWD, bind.source.c_str(), OPEN_TREE_CLONE | OPEN_TREE_CLOEXEC | AT_RECURSIVE);
        struct stat status{};
        if (tree < 0 || fstat(tree, &status) != 0)
            return failed("open volume " + bind.source);
        mount_attr attributes{};
        attributes.attr_set = MOUNT_ATTR_RDONLY;
        if (bind.isReadOnly &&
            mount_setattr(tree, "", AT_EMPTY_PATH | AT_RECURSIVE, &attributes, sizeof attributes) != 0)
            return failed("make volume " + bind.source + " read-only");
        held.push_back({tree, S_ISDIR(status.st_mode), &bind});
    }
    return held;
}

Result<void> makeMountPoint(const std::string &path, bool isDirectory)
{
    std::error_code error;
    const std::filesystem::path point(path);
    std::filesystem::create_directories(isDirectory ? point : point.parent_path(), error);
    if (error)
        return failed("make mount point " + path, error.value());
    if (isDirectory)
        return {};
    const int file = open(path.c_str(), O_WRONLY | O_CREAT | O_CLOEXEC, 0644);
    if (file < 0)
        return failed("make mount point " + path);
    close(file);
    return {};
}

Result<void> attach(const std::vector<Held> &held)
{
    for (const Held &one : held) {
        const std::string &target = one.bind->target;
        if (auto made = makeMountPoint(target, one.isDirectory); !made)
            return made;
        if (move_mount(one.tree, "", AT_FDCWD, target.c_str(), MOVE_MOUNT_F_EMPTY_PATH) != 0)
            return failed("mount volume at " + target);
        close(one.tree);
    }
    return {};
}

Result<void> pivotIntoImage(const Options &options)
{
    const std::string &stage = options.stage;
    if (mount(nullptr, "/", nullptr, MS_REC | MS_PRIVATE, nullptr) != 0)
        return failed("make mounts private");
    if (auto upper = mounted("tmpfs", stage, 0, "mode=755"); !upper)
        return upper;
    for (const char *name : {"/upper", "/work", "/root"})
        if (mkdir((stage + name).c_str(), 0755) != 0)
            return failed("make " + stage + name);
    const std::string root = stage + "/root";
    const std::string layers = "lowerdir=" + options.image + ",upperdir=" + stage + "/upper,workdir=" + stage + "/work";
    if (auto overlay = mounted("overlay", root, 0, layers); !overlay)
        return overlay;
    // The old root is stacked upon the new one by the pivot, and taken off again.
    if (chdir(root.c_str()) != 0 || syscall(SYS_pivot_root, ".", ".") != 0 || umount2(".", MNT_DETACH) != 0 ||
        chdir("/") != 0)
        return failed("enter the image " + options.image);
    return {};
}

Result<void> makeDevices()
{
    constexpr std::array<std::pair<const char *, std::pair<unsigned, unsigned>>, 6> devices{{{"/dev/null", {1, 3}},
                                                                                             {"/dev/zero", {1, 5}},
                                                                                             {"/dev/full", {1, 7}},
                                                                                             {"/dev/random", {1, 8}},
                                                                                             {"/dev/urandom", {1, 9}},
                                                                                             {"/dev/tty", {5, 0}}}};
    constexpr std::array<std::pair<const char *, const char *>, 5> links{{{"/proc/self/fd", "/dev/fd"},
                                                                          {"/proc/self/fd/0", "/dev/stdin"},
                                                                          {"/proc/self/fd/1", "/dev/stdout"},
                                                                          {"/proc/self/fd/2", "/dev/stderr"},
                                                                          {"pts/ptmx", "/dev/ptmx"}}};
    const mode_t old = umask(0);
    for (const auto &[path, number] : devices)
        if (mknod(path, S_IFCHR | 0666, makedev(number.first, number.second)) != 0)
            return failed(std::string("make ") + path);
    umask(old);
    for (const auto &[target, path] : links)
        if (symlink(target, path) != 0)
            return failed(std::string("make ") + path);
    return {};
}

Result<void> mountSystem()
{
    for (const char *path : {"/proc", "/sys", "/dev"})
        if (auto made = makeMountPoint(path, true); !made)
            return made;
    constexpr unsigned long quiet = MS_NOSUID | MS_NODEV | MS_NOEXEC;
    auto done = mounted("proc", "/proc", quiet);
    if (done)
        done = mounted("sysfs", "/sys", quiet | MS_RDONLY);
    if (done)
        done = mounted("tmpfs", "/dev", MS_NOSUID | MS_STRICTATIME, "mode=755,size=64m");
    if (done)
        done = makeMountPoint("/dev/pts", true);
    if (done)
        done = makeMountPoint("/dev/shm", true);
    if (done)
        done = mounted("devpts", "/dev/pts", MS_NOSUID | MS_NOEXEC, "newinstance,ptmxmode=0666,mode=620,gid=5");
    if (done)
        done = mounted("tmpfs", "/dev/shm", quiet, "mode=1777,size=64m");
    return done ? makeDevices() : done;
}

} // namespace

Result<void> enterRootFileSystem(const Options &options)
{
    const auto held = holdSources(options.binds);
    if (!held)
        return std::unexpected(held.error());
    auto done = pivotIntoImage(options);
    if (done)
        done = mountSystem();
    if (done)
        done = attach(*held);
    if (done)
        done = makeMountPoint(options.directory, true); // as container runtimes do for a missing working directory
    if (done && options.hasReadOnlyRoot && mount(nullptr, "/", nullptr, MS_REMOUNT | MS_BIND | MS_RDONLY, nullptr) != 0)
        return failed("make the root read-only");
    return done;
}

} // namespace danube::cell
