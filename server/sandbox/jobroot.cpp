// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/sandbox/jobroot.h"

#include "server/sandbox/hostmounts.h"
#include "server/sandbox/network.h"

#include <fcntl.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>
#include <climits>
#include <cstdlib>
#include <fstream>
#include <sstream>

namespace danube::sandbox {
namespace {

using agent::refused;

// Below a file system of our own over /tmp, which every system has.
const std::string staging = "/tmp";
const std::string root = "/tmp/root";
const std::string nothing = "/tmp/nothing";
const std::string ownEtc = "/tmp/etc";

SystemResult<void> mountAt(const std::string &place, const char *type, const char *options, unsigned long flags)
{
    if (::mount(type, place.c_str(), type, flags, options) != 0)
        return refused(std::string("mount ") + type + " for " + place);
    return {};
}

SystemResult<void> makeFolder(const std::string &path)
{
    for (std::size_t at = path.find('/', 1);; at = path.find('/', at + 1)) {
        const std::string part = path.substr(0, at);
        if (::mkdir(part.c_str(), 0755) != 0 && errno != EEXIST)
            return refused("make folder " + part);
        if (at == std::string::npos)
            return {};
    }
}

SystemResult<void> overlay(const std::string &above, const std::string &below, const std::string &place)
{
    return mountAt(place, "overlay", ("lowerdir=" + above + ':' + below).c_str(), MS_RDONLY | MS_NODEV | MS_NOSUID);
}

SystemResult<void> bind(const std::string &source, const std::string &place)
{
    if (::mount(source.c_str(), place.c_str(), nullptr, MS_BIND, nullptr) != 0)
        return refused("show " + source);
    return {};
}

SystemResult<void> restrict(const std::string &place, unsigned long long attributes, unsigned flags)
{
    mount_attr change{};
    change.attr_set = attributes;
    if (::mount_setattr(AT_FDCWD, place.c_str(), flags, &change, sizeof change) != 0)
        return refused("make read-only: " + place);
    return {};
}

void write(const std::string &path, const std::string &text)
{
    std::ofstream(path) << text;
}

std::string hostName()
{
    char name[HOST_NAME_MAX + 1]{};
    return ::gethostname(name, sizeof name - 1) == 0 ? name : "localhost";
}

// What names mean is the guard's to say, not the host's files or daemons.
void writeEtc()
{
    write(ownEtc + "/resolv.conf", std::string("nameserver ") + resolverAddress + "\noptions ndots:1\n");
    write(ownEtc + "/hosts", "127.0.0.1 localhost\n::1 localhost ip6-localhost\n127.0.0.1 " + hostName() + '\n');
    write(ownEtc + "/nsswitch.conf", "passwd: files\ngroup: files\nshadow: files\nhosts: files dns\nnetworks: files\n"
                                     "protocols: files\nservices: files\nethers: files\nrpc: files\n");
}

std::string readText(const char *path)
{
    std::ostringstream text;
    text << std::ifstream(path).rdbuf();
    return text.str();
}

/// Without links; the path itself when that cannot be told.
std::string realPath(const std::string &path)
{
    char real[PATH_MAX];
    return ::realpath(path.c_str(), real) ? real : path;
}

bool isFolder(const std::string &path)
{
    struct stat status{};
    return ::lstat(path.c_str(), &status) == 0 && S_ISDIR(status.st_mode);
}

// "/bin" and its like: a folder, or a link into /usr.
SystemResult<void> showFolder(const std::string &path)
{
    struct stat status{};
    if (::lstat(path.c_str(), &status) != 0)
        return {};
    char target[PATH_MAX]{};
    if (S_ISLNK(status.st_mode) && ::readlink(path.c_str(), target, sizeof target - 1) > 0) {
        if (::symlink(target, (root + path).c_str()) != 0)
            return refused("make link " + path);
        return {};
    }
    if (!S_ISDIR(status.st_mode))
        return {};
    if (auto made = makeFolder(root + path); !made)
        return made;
    return overlay(path == "/etc" ? ownEtc : nothing, path, root + path);
}

} // namespace

SystemResult<void> JobRoot::open(std::vector<Folder> &folders, const std::string &path)
{
    Descriptor tree(::open_tree(AT_FDCWD, path.c_str(), OPEN_TREE_CLONE | OPEN_TREE_CLOEXEC));
    struct stat status{};
    if (!tree.isOpen() || ::fstat(tree.get(), &status) != 0)
        return refused("show " + path);
    if (!S_ISDIR(status.st_mode))
        return refused("show " + path, ENOTDIR);
    folders.push_back({path, std::move(tree)});
    return {};
}

SystemResult<void> JobRoot::openFolders()
{
    const auto folders = systemFolders();
    const auto isSystem = [&](const std::string &path) {
        return std::ranges::any_of(folders, [&](const auto &folder) { return isAtOrBelow(path, folder); });
    };
    const std::string &job = m_options.directory;
    const std::string real = realPath(job);
    const auto holdsJob = [&](const std::string &path) { return isAtOrBelow(job, path); };
    const auto holdsReal = [&](const std::string &path) { return isAtOrBelow(real, realPath(path)); };
    const bool isSeen = isSystem(job) || isSystem(real) || std::ranges::any_of(m_options.visible, holdsJob) ||
                        std::ranges::any_of(m_options.visible, holdsReal);
    if (!job.empty() && isSeen)
        return refused("the master's data directory lies where every job can look (" + job + ")", EPERM);
    SystemResult<void> opened;
    for (const std::string &path : m_options.visible) {
        if (opened && !isSystem(path))
            opened = open(m_visible, path);
    }
    if (job.empty())
        return opened;
    const auto take = [&](std::vector<Folder> &target, const char *name) {
        if (opened)
            opened = open(target, job + name);
    };
    for (const char *name : {"/workspace", "/home", "/tmp"})
        take(m_shared, name);
    for (const char *name : {"/coordinator", "/private"})
        take(m_coordinator, name);
    take(m_worker, "/worker");
    return opened;
}

SystemResult<void> JobRoot::attach(const Folder &folder, const std::string &place)
{
    if (auto made = makeFolder(place); !made)
        return made;
    if (::move_mount(folder.tree.get(), "", AT_FDCWD, place.c_str(), MOVE_MOUNT_F_EMPTY_PATH) != 0)
        return refused("show " + folder.path);
    return {};
}

SystemResult<void> JobRoot::showSystem()
{
    const auto folders = systemFolders();
    const auto inside = mountsBelow(readText("/proc/self/mountinfo"), folders);
    for (const std::string &folder : folders) {
        if (auto shown = showFolder(folder); !shown)
            return shown;
    }
    // What is mounted below them is no part of an overlay. A place that cannot be shown stays as empty as it is.
    for (const std::string &place : inside) {
        if (isFolder(place) && isFolder(root + place)) [[maybe_unused]]
            const auto shown = overlay(nothing, place, root + place);
    }
    return {};
}

// An overlay names its layers by paths, so they come first to one without colons and within reach.
SystemResult<void> JobRoot::showVisible()
{
    for (std::size_t index = 0; index < m_visible.size(); ++index) {
        const std::string source = staging + "/seen/" + std::to_string(index);
        auto shown = attach(m_visible[index], source);
        if (shown)
            shown = makeFolder(root + m_visible[index].path);
        if (shown)
            shown = overlay(nothing, source, root + m_visible[index].path);
        if (!shown)
            return shown;
    }
    return {};
}

SystemResult<void> JobRoot::makeDevices()
{
    const std::string devices = root + "/dev";
    auto made = makeFolder(devices);
    if (made)
        made = mountAt(devices, "tmpfs", "mode=755,size=1m", MS_NOSUID | MS_NOEXEC);
    for (const char *name : {"/null", "/zero", "/full", "/random", "/urandom", "/tty"}) {
        write(devices + name, "");
        if (made)
            made = bind(std::string("/dev") + name, devices + name);
    }
    for (const char *name : {"/pts", "/shm"}) {
        if (made)
            made = makeFolder(devices + name);
    }
    if (made)
        made = mountAt(devices + "/pts", "devpts", "newinstance,ptmxmode=0666,mode=620", MS_NOSUID | MS_NOEXEC);
    if (made)
        made = mountAt(devices + "/shm", "tmpfs", "mode=1777,size=50%", MS_NOSUID | MS_NODEV);
    const std::pair<const char *, const char *> links[] = {{"pts/ptmx", "/ptmx"},
                                                           {"/proc/self/fd", "/fd"},
                                                           {"/proc/self/fd/0", "/stdin"},
                                                           {"/proc/self/fd/1", "/stdout"},
                                                           {"/proc/self/fd/2", "/stderr"}};
    for (const auto &[target, name] : links) {
        if (made && ::symlink(target, (devices + name).c_str()) != 0)
            made = refused("make link /dev" + std::string(name));
    }
    return made;
}

// The job's folder for temporary files lies on a disk, unlike a tmpfs.
SystemResult<void> JobRoot::makeTemporary()
{
    const auto own = std::ranges::find_if(m_shared, [](const Folder &folder) { return folder.path.ends_with("/tmp"); });
    for (const char *name : {"/tmp", "/var/tmp"}) {
        if (name == std::string_view("/tmp") && needsOwnTmp())
            continue;
        auto made = makeFolder(root + name);
        if (made)
            made = own == m_shared.end() ? mountAt(root + name, "tmpfs", "mode=1777", MS_NOSUID | MS_NODEV)
                                         : bind(root + own->path, root + name);
        if (!made)
            return made;
    }
    return {};
}

bool JobRoot::needsOwnTmp() const
{
    const auto isBelow = [](const std::string &path) { return isAtOrBelow(path, "/tmp"); };
    return isBelow(m_options.directory) || std::ranges::any_of(m_options.visible, isBelow);
}

SystemResult<void> JobRoot::build()
{
    // Slave: what the host unmounts must not stay in use here.
    if (::mount(nullptr, "/", nullptr, MS_REC | MS_SLAVE, nullptr) != 0)
        return refused("take the mounts apart");
    auto made = mountAt(staging, "tmpfs", "mode=755,size=8m", MS_NOSUID | MS_NODEV);
    for (const std::string &folder : {root, nothing, ownEtc}) {
        if (made)
            made = makeFolder(folder);
    }
    writeEtc();
    if (made)
        made = mountAt(root, "tmpfs", "mode=755,size=8m", MS_NOSUID | MS_NODEV);
    if (made)
        made = showSystem();
    for (const char *name : {"/proc", "/sys", "/run", "/var/lib", "/var/cache", "/var/log", "/root", "/mnt", "/srv"}) {
        if (made)
            made = makeFolder(root + name);
    }
    if (made)
        made = mountAt(root + "/run", "tmpfs", "mode=755,size=64m", MS_NOSUID | MS_NODEV);
    if (made && (::symlink("/run", (root + "/var/run").c_str()) != 0))
        made = refused("make link /var/run");
    if (made && ::mount("/sys", (root + "/sys").c_str(), nullptr, MS_BIND | MS_REC, nullptr) == 0)
        made = restrict(root + "/sys", MOUNT_ATTR_RDONLY, AT_RECURSIVE);
    if (made)
        made = makeDevices();
    if (made && needsOwnTmp())
        made = makeFolder(root + "/tmp").and_then([] {
            return mountAt(root + "/tmp", "tmpfs", "mode=1777", MS_NOSUID | MS_NODEV);
        });
    for (const Folder &folder : m_shared) {
        if (made)
            made = attach(folder, root + folder.path);
    }
    if (made)
        made = showVisible();
    return made ? makeTemporary() : made;
}

SystemResult<void> JobRoot::enter(Container container)
{
    for (const Folder &folder : container == Container::Coordinator ? m_coordinator : m_worker) {
        if (auto attached = attach(folder, root + folder.path); !attached)
            return attached;
    }
    auto entered = mountAt(root + "/proc", "proc", nullptr, MS_NOSUID | MS_NODEV | MS_NOEXEC);
    if (!entered)
        return entered;
    // pivot_root(2), "pivot_root(".", ".")": the old root lies over the new one until it is taken off.
    const bool isDone = ::chdir(root.c_str()) == 0 && ::syscall(SYS_pivot_root, ".", ".") == 0 &&
                        ::umount2(".", MNT_DETACH) == 0 && ::chdir("/") == 0;
    if (!isDone)
        return refused("change the root");
    return restrict("/", MOUNT_ATTR_RDONLY, 0);
}

} // namespace danube::sandbox
