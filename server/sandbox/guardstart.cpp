// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/sandbox/guardstart.h"

#include "server/agent/launch.h"

#include <fcntl.h>
#include <grp.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/time.h>
#include <unistd.h>

#include <array>
#include <csignal>
#include <cstdlib>
#include <cstring>

namespace danube::sandbox {
namespace {

using agent::refused;

constexpr int controlNumber = 3;
constexpr std::size_t maxMessage = 64 << 10;
constexpr std::size_t maxDescriptors = 64;
constexpr timeval patience{.tv_sec = 20, .tv_usec = 0};

std::vector<std::string> guardEnvironment()
{
    std::vector<std::string> environment{"PATH=/usr/sbin:/usr/bin:/sbin:/bin", "LANG=C.UTF-8"};
    if (const char *marker = std::getenv("DANUBE_JOB_MARKER"))
        environment.push_back(std::string("DANUBE_JOB_MARKER=") + marker);
    return environment;
}

[[noreturn]] void becomeGuard(const Options &options, const Identity &identity, int control, int log, pid_t parent)
{
    // By descriptor: the guard's user may not reach the program's folder.
    const int program = ::open(options.guard.c_str(), O_PATH | O_CLOEXEC);
    agent::resetSignals();
    ::setsid();
    ::umask(077);
    ::dup2(log, STDOUT_FILENO);
    ::dup2(log, STDERR_FILENO);
    const uid_t id = identity.guard;
    const bool isDone = identity.isOwn ||
                        (::setgroups(0, nullptr) == 0 && ::setresgid(id, id, id) == 0 && ::setresuid(id, id, id) == 0);
    ::prctl(PR_SET_PDEATHSIG, SIGTERM);
    if (program < 0 || !isDone || ::chdir("/") != 0 || ::getppid() != parent)
        ::_exit(127);
    const int kept = ::fcntl(program, F_DUPFD_CLOEXEC, controlNumber + 1);
    ::dup2(control, controlNumber);
    if (control == controlNumber)
        ::fcntl(control, F_SETFD, 0);
    agent::closeDescriptorsFrom(controlNumber + 1, {kept});
    char name[] = "danube-guard";
    char verb[] = "serve";
    char option[] = "--control-fd";
    std::string number = std::to_string(controlNumber);
    char *const arguments[] = {name, verb, option, number.data(), nullptr};
    auto environment = guardEnvironment();
    std::vector<char *> pointers;
    pointers.reserve(environment.size() + 1);
    for (auto &entry : environment)
        pointers.push_back(entry.data());
    pointers.push_back(nullptr);
    ::execveat(kept, "", arguments, pointers.data(), AT_EMPTY_PATH);
    ::_exit(127);
}

} // namespace

SystemResult<pid_t> startGuard(const Options &options, const Identity &identity, int control, int log)
{
    const pid_t self = ::getpid();
    const pid_t child = ::fork();
    if (child == 0)
        becomeGuard(options, identity, control, log, self);
    if (child < 0)
        return refused("start the egress guard");
    return child;
}

SystemResult<std::string> firstMessage(std::string_view config, const std::vector<Listener> &listeners)
{
    const auto end = config.find_last_not_of(" \t\r\n");
    if (end == std::string_view::npos || config[end] != '}')
        return refused("read the egress guard's configuration", EINVAL);
    std::string message(config.substr(0, end));
    message.erase(message.find_last_not_of(" \t\r\n") + 1);
    message += message.ends_with('{') ? "\"listeners\":[" : ",\"listeners\":[";
    for (const Listener &listener : listeners) {
        message += message.ends_with('[') ? "" : ",";
        message += "{\"kind\":\"" + listener.kind + '"';
        if (listener.port != 0)
            message += ",\"port\":" + std::to_string(listener.port);
        message += '}';
    }
    message += "]}";
    if (message.size() > maxMessage)
        return refused("hand the allowlist to the egress guard", E2BIG);
    return message;
}

SystemResult<void> configureGuard(int control, const std::string &message, const std::vector<Listener> &listeners)
{
    std::array<int, maxDescriptors> descriptors{};
    if (listeners.size() > descriptors.size())
        return refused("hand sockets to the egress guard", E2BIG);
    for (std::size_t index = 0; index < listeners.size(); ++index)
        descriptors[index] = listeners[index].socket.get();
    const std::size_t bytes = listeners.size() * sizeof(int);
    alignas(cmsghdr) std::array<char, CMSG_SPACE(sizeof(int) * maxDescriptors)> ancillary{};
    iovec text{.iov_base = const_cast<char *>(message.data()), .iov_len = message.size()}; // sendmsg only reads it
    msghdr header{};
    header.msg_iov = &text;
    header.msg_iovlen = 1;
    header.msg_control = ancillary.data();
    header.msg_controllen = CMSG_SPACE(bytes);
    cmsghdr *part = CMSG_FIRSTHDR(&header);
    part->cmsg_level = SOL_SOCKET;
    part->cmsg_type = SCM_RIGHTS;
    part->cmsg_len = CMSG_LEN(bytes);
    std::memcpy(CMSG_DATA(part), descriptors.data(), bytes);
    const int room = static_cast<int>(4 * maxMessage);
    ::setsockopt(control, SOL_SOCKET, SO_SNDBUF, &room, sizeof room);
    ::setsockopt(control, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
    ::setsockopt(control, SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof patience);
    if (::sendmsg(control, &header, MSG_NOSIGNAL) < 0)
        return refused("configure the egress guard");
    std::array<char, 1'024> answer{};
    const ssize_t size = ::recv(control, answer.data(), answer.size(), 0);
    if (size < 0)
        return refused("wait for the egress guard");
    const std::string_view said(answer.data(), static_cast<std::size_t>(size));
    if (!said.starts_with("ready"))
        return refused("the egress guard did not start: " + std::string(said), ECONNABORTED);
    return {};
}

} // namespace danube::sandbox
