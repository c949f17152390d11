// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/agent/agentdirectory.h"

#include <dirent.h>
#include <fcntl.h>
#include <sys/file.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/un.h>

#include <charconv>
#include <cstdio>
#include <cstring>

namespace danube::agent {
namespace {

bool isSame(const struct stat &left, const struct stat &right)
{
    return left.st_dev == right.st_dev && left.st_ino == right.st_ino;
}

// sun_path holds 107 bytes; the way through /proc is always short enough.
sockaddr_un addressIn(int directory, const char *name)
{
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    snprintf(address.sun_path, sizeof address.sun_path, "/proc/self/fd/%d/%s", directory, name);
    return address;
}

std::string stepPath(std::uint32_t step)
{
    return "steps/" + std::to_string(step);
}

} // namespace

SystemResult<AgentDirectory> AgentDirectory::open(const std::string &path)
{
    AgentDirectory directory;
    directory.m_path = path;
    if (auto adopted = directory.adopt(); !adopted)
        return std::unexpected(adopted.error());
    directory.rememberClaims();
    return directory;
}

SystemResult<void> AgentDirectory::adopt()
{
    if (mkdir(m_path.c_str(), 0700) != 0 && errno != EEXIST)
        return refused("make directory " + m_path);
    Descriptor directory(::open(m_path.c_str(), O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC));
    struct stat identity{};
    if (!directory.isOpen() || fstat(directory.get(), &identity) != 0)
        return refused("open directory " + m_path);
    if (identity.st_uid != geteuid())
        return refused("use directory " + m_path + " of another user", EPERM);
    if (fchmod(directory.get(), 0700) != 0)
        return refused("close directory " + m_path + " to others");
    if (flock(directory.get(), LOCK_EX | LOCK_NB) != 0)
        return refused("lock directory " + m_path + ": another agent uses it");
    if (mkdirat(directory.get(), "steps", 0700) != 0 && errno != EEXIST)
        return refused("make directory " + m_path + "/steps");
    m_directory = std::move(directory);
    m_identity = identity; // not before: isIntact() looks for the directory that is ours
    return {};
}

void AgentDirectory::rememberClaims()
{
    const int fd = openat(m_directory.get(), "steps", O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
    DIR *steps = fd < 0 ? nullptr : fdopendir(fd);
    if (!steps)
        return;
    while (const dirent *entry = readdir(steps)) {
        std::uint32_t step = 0;
        const char *end = entry->d_name + std::strlen(entry->d_name);
        if (std::from_chars(entry->d_name, end, step).ptr == end)
            m_earlierClaims.insert(step);
    }
    closedir(steps);
}

SystemResult<Descriptor> AgentDirectory::listen()
{
    Descriptor socket(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
    // Bound under another name first: whoever finds agent.sock finds it listening.
    unlinkat(m_directory.get(), "agent.new", 0);
    const sockaddr_un address = addressIn(m_directory.get(), "agent.new");
    if (!socket.isOpen() || bind(socket.get(), reinterpret_cast<const sockaddr *>(&address), sizeof address) != 0)
        return refused("bind " + m_path + "/agent.sock");
    if (::listen(socket.get(), 64) != 0)
        return refused("listen on " + m_path + "/agent.sock");
    if (fstatat(m_directory.get(), "agent.new", &m_socketIdentity, AT_SYMLINK_NOFOLLOW) != 0 ||
        renameat(m_directory.get(), "agent.new", m_directory.get(), "agent.sock") != 0)
        return refused("rename " + m_path + "/agent.sock");
    return socket;
}

bool AgentDirectory::isIntact() const
{
    struct stat now{};
    if (lstat(m_path.c_str(), &now) != 0 || !isSame(now, m_identity))
        return false;
    return fstatat(m_directory.get(), "agent.sock", &now, AT_SYMLINK_NOFOLLOW) == 0 && isSame(now, m_socketIdentity);
}

SystemResult<void> AgentDirectory::repair()
{
    struct stat now{};
    const bool exists = lstat(m_path.c_str(), &now) == 0;
    if (exists && isSame(now, m_identity)) {
        unlinkat(m_directory.get(), "agent.sock", 0);
        unlinkat(m_directory.get(), "agent.sock", AT_REMOVEDIR);
        return {};
    }
    if (exists && !S_ISDIR(now.st_mode))
        unlink(m_path.c_str());
    return adopt();
}

SystemResult<AgentDirectory::Claim> AgentDirectory::claim(std::uint32_t step, Descriptor &directory)
{
    if (m_earlierClaims.contains(step))
        return Claim::ClaimedEarlier;
    // EEXIST: not an earlier agent's, so a step made it to get in the way.
    mkdirat(m_directory.get(), "steps", 0700);
    if (mkdirat(m_directory.get(), stepPath(step).c_str(), 0700) != 0 && errno != EEXIST)
        return refused("claim " + m_path + "/" + stepPath(step));
    directory =
        Descriptor(openat(m_directory.get(), stepPath(step).c_str(), O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC));
    if (!directory.isOpen())
        return refused("open " + m_path + "/" + stepPath(step));
    return Claim::Claimed;
}

void AgentDirectory::unclaim(std::uint32_t step)
{
    unlinkat(m_directory.get(), stepPath(step).c_str(), AT_REMOVEDIR);
}

void AgentDirectory::removeRecord(std::uint32_t step)
{
    unlinkat(m_directory.get(), (stepPath(step) + "/exit").c_str(), 0);
}

SystemResult<Descriptor> AgentDirectory::makeSegment() const
{
    Descriptor file(openat(m_directory.get(), ".", O_TMPFILE | O_RDWR | O_CLOEXEC | O_EXCL, 0600));
    if (file.isOpen())
        return file;
    if (errno == ENOSPC || errno == EDQUOT || errno == EIO || errno == EMFILE || errno == ENFILE)
        return refused("make a spool segment in " + m_path);
    // Mode 0: between creation and unlink the name opens for nobody but root.
    file = Descriptor(openat(m_directory.get(), "segment", O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0));
    unlinkat(m_directory.get(), "segment", 0);
    if (file.isOpen())
        return file;
    file = Descriptor(memfd_create("danube-spool", MFD_CLOEXEC));
    if (!file.isOpen())
        return refused("make a spool segment in " + m_path);
    return file;
}

SystemResult<Descriptor> connectToAgent(const std::string &path)
{
    const Descriptor directory(::open(path.c_str(), O_PATH | O_DIRECTORY | O_CLOEXEC));
    if (!directory.isOpen())
        return refused("open directory " + path);
    Descriptor socket(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0));
    const sockaddr_un address = addressIn(directory.get(), "agent.sock");
    if (!socket.isOpen() || connect(socket.get(), reinterpret_cast<const sockaddr *>(&address), sizeof address) != 0)
        return refused("connect to " + path + "/agent.sock");
    return socket;
}

} // namespace danube::agent
