// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/agent/isolate.h"

#include <cstdio>
#include <cstdlib>
#include <fcntl.h>
#include <sched.h>
#include <string>
#include <sys/mount.h>
#include <sys/wait.h>
#include <unistd.h>

namespace danube::agent {
namespace {

bool writeFile(const char *path, const std::string &text)
{
    const int descriptor = ::open(path, O_WRONLY | O_CLOEXEC);
    if (descriptor < 0)
        return false;
    const bool written = ::write(descriptor, text.data(), text.size()) == static_cast<ssize_t>(text.size());
    ::close(descriptor);
    return written;
}

bool unshareNamespaces()
{
    constexpr int wanted = CLONE_NEWPID | CLONE_NEWNS;
    if (::unshare(wanted) == 0)
        return true;
    const uid_t user = ::geteuid();
    const gid_t group = ::getegid();
    if (::unshare(wanted | CLONE_NEWUSER) != 0)
        return false;
    // user_namespaces(7): setgroups must be denied before an unprivileged process may write its gid_map.
    return writeFile("/proc/self/setgroups", "deny") &&
           writeFile("/proc/self/uid_map", std::to_string(user) + ' ' + std::to_string(user) + " 1") &&
           writeFile("/proc/self/gid_map", std::to_string(group) + ' ' + std::to_string(group) + " 1");
}

bool mountOwnProc()
{
    return ::mount("none", "/", nullptr, MS_REC | MS_PRIVATE, nullptr) == 0 &&
           ::mount("proc", "/proc", "proc", MS_NOSUID | MS_NODEV | MS_NOEXEC, nullptr) == 0;
}

} // namespace

// The first child tries, so that this process is untouched when the kernel refuses: after unshare(CLONE_NEWPID) there
// is no way back. Its child is PID 1, mounts /proc, says so through the pipe, and stays.
Isolation isolate()
{
    int channel[2];
    if (::pipe2(channel, O_CLOEXEC) != 0)
        return Isolation::None;
    const pid_t pioneer = ::fork();
    if (pioneer == 0) {
        ::close(channel[0]);
        const pid_t first = unshareNamespaces() ? ::fork() : -1;
        if (first != 0)
            ::_exit(first > 0 ? 0 : 1);
        if (!mountOwnProc() || ::write(channel[1], "+", 1) != 1)
            ::_exit(1);
        ::close(channel[1]);
        return Isolation::Namespace;
    }
    ::close(channel[1]);
    char answer = 0;
    const bool isolated = pioneer > 0 && ::read(channel[0], &answer, 1) == 1;
    ::close(channel[0]);
    if (pioneer > 0)
        ::waitpid(pioneer, nullptr, 0);
    if (isolated)
        ::_exit(0);
    return Isolation::None;
}

} // namespace danube::agent
