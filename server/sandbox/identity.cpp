// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/sandbox/identity.h"

#include <fcntl.h>
#include <grp.h>
#include <linux/capability.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <array>
#include <cstdio>

namespace danube::sandbox {
namespace {

using agent::refused;

constexpr uid_t ownRange = 1'900'000'000;
constexpr uid_t guardRange = 1'910'000'000;
constexpr uid_t smallRange = 60'000; // of a container with the usual 65536 ids
constexpr uid_t smallGuard = 62'000;
constexpr uid_t smallCount = 2'000;

bool isMapped(std::string_view map, uid_t id)
{
    std::string text(map);
    const char *line = text.c_str();
    while (*line != '\0') {
        unsigned inside = 0;
        unsigned outside = 0;
        unsigned count = 0;
        int read = 0;
        if (std::sscanf(line, " %u %u %u%n", &inside, &outside, &count, &read) != 3)
            return false;
        if (id >= inside && id - inside < count)
            return true;
        line += read;
        while (*line == '\n')
            ++line;
    }
    return false;
}

SystemResult<void> writeTo(pid_t child, const char *name, const std::string &text)
{
    const std::string path = "/proc/" + std::to_string(child) + '/' + name;
    const int file = ::open(path.c_str(), O_WRONLY | O_CLOEXEC);
    const bool isWritten = file >= 0 && ::write(file, text.data(), text.size()) == static_cast<ssize_t>(text.size());
    const int error = errno;
    if (file >= 0)
        ::close(file);
    return isWritten ? SystemResult<void>() : refused("map users of a namespace (" + std::string(name) + ")", error);
}

std::string mapping(uid_t inside, uid_t outside)
{
    return std::to_string(inside) + ' ' + std::to_string(outside) + " 1\n";
}

} // namespace

Identity chooseIdentity(uid_t caller, std::string_view map, pid_t unique)
{
    const auto number = static_cast<uid_t>(unique);
    if (caller == 0 && isMapped(map, ownRange + number) && isMapped(map, guardRange + number))
        return {.inside = 0, .outside = ownRange + number, .guard = guardRange + number, .isOwn = false};
    if (caller == 0 && isMapped(map, smallGuard + smallCount)) {
        const uid_t small = number % smallCount;
        return {.inside = 0, .outside = smallRange + small, .guard = smallGuard + small, .isOwn = false};
    }
    return {.inside = caller, .outside = caller, .guard = caller, .isOwn = true};
}

Identity chooseIdentity()
{
    std::array<char, 4096> map{};
    const int file = ::open("/proc/self/uid_map", O_RDONLY | O_CLOEXEC);
    const ssize_t size = file < 0 ? 0 : ::read(file, map.data(), map.size());
    if (file >= 0)
        ::close(file);
    return chooseIdentity(::geteuid(), {map.data(), static_cast<std::size_t>(std::max<ssize_t>(size, 0))}, ::getpid());
}

SystemResult<void> writeMaps(pid_t child, const Identity &identity)
{
    // user_namespaces(7): an unprivileged process may write its gid_map only when setgroups is denied.
    const gid_t group = identity.isOwn ? ::getegid() : identity.outside;
    const gid_t groupInside = identity.isOwn ? group : identity.inside;
    auto written = identity.isOwn ? writeTo(child, "setgroups", "deny") : SystemResult<void>();
    if (written)
        written = writeTo(child, "gid_map", mapping(groupInside, group));
    return written ? writeTo(child, "uid_map", mapping(identity.inside, identity.outside)) : written;
}

SystemResult<void> become(const Identity &identity)
{
    if (identity.isOwn)
        return {};
    const uid_t id = identity.inside;
    const bool isDone = ::setgroups(0, nullptr) == 0 && ::setresgid(id, id, id) == 0 && ::setresuid(id, id, id) == 0;
    return isDone ? SystemResult<void>() : refused("become the job's user");
}

SystemResult<void> dropPrivileges()
{
    ::prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_CLEAR_ALL, 0, 0, 0);
    for (int capability = 0; ::prctl(PR_CAPBSET_READ, capability, 0, 0, 0) >= 0; ++capability) {
        if (::prctl(PR_CAPBSET_DROP, capability, 0, 0, 0) != 0)
            return refused("give up a capability");
    }
    __user_cap_header_struct header{_LINUX_CAPABILITY_VERSION_3, 0};
    const __user_cap_data_struct none[2]{};
    if (::syscall(SYS_capset, &header, none) != 0)
        return refused("give up capabilities");
    if (::prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0)
        return refused("give up new privileges");
    return {};
}

} // namespace danube::sandbox
