// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/agent/daemon.h"
#include "server/agent/isolate.h"
#include "server/agent/pump.h"

#include <fcntl.h>

#include <charconv>
#include <cstdio>
#include <cstdlib>
#include <optional>
#include <string_view>

using namespace danube::agent;

namespace {

pid_t readSelf()
{
    char text[32]{};
    return readlink("/proc/self", text, sizeof text - 1) > 0 ? static_cast<pid_t>(strtol(text, nullptr, 10)) : 0;
}

int runDaemon(const char *directory, int passed)
{
    // Whatever the caller left open is not ours, and must not reach a step.
    while (true) {
        const int fd = open("/dev/null", O_RDWR);
        if (fd < 0 || fd > STDERR_FILENO)
            break;
    }
    closeDescriptorsFrom(3, {passed});
    if (passed >= 0 && fcntl(passed, F_SETFD, FD_CLOEXEC) != 0) {
        fprintf(stderr, "danube-agent: descriptor %d is not open\n", passed);
        return 1;
    }
    // Trees of processes are walked by /proc; one of another PID namespace would lead to other processes.
    if (readSelf() != getpid()) {
        fputs("danube-agent: /proc is not mounted, or belongs to another PID namespace\n", stderr);
        return 1;
    }
    auto daemon = Daemon::create(directory, passed);
    if (!daemon) {
        fprintf(stderr, "danube-agent: %s\n", daemon.error().text().c_str());
        return 1;
    }
    return (*daemon)->run();
}

std::optional<int> readDescriptor(std::string_view text)
{
    int number = 0;
    const auto read = std::from_chars(text.data(), text.data() + text.size(), number);
    const bool isNumber = read.ec == std::errc() && read.ptr == text.data() + text.size() && number > STDERR_FILENO;
    return isNumber ? std::optional(number) : std::nullopt;
}

int usage()
{
    fputs("danube-agent: usage: danube-agent daemon --dir DIR [--isolate | --pass-fd N] | link --dir DIR | install "
          "DEST | --version\n",
          stderr);
    return 2;
}

} // namespace

int main(int argc, char **argv)
{
    const std::string_view mode = argc > 1 ? argv[1] : "";
    if (mode == "--version" && argc == 2) {
        puts("danube-agent " DANUBE_VERSION);
        return 0;
    }
    if (mode == "install" && argc == 3)
        return installTo(argv[2]);
    const bool hasDirectory = argc >= 4 && std::string_view(argv[2]) == "--dir" && *argv[3] != '\0';
    const bool wantsIsolation = argc == 5 && std::string_view(argv[4]) == "--isolate";
    const bool passesOne = argc == 6 && std::string_view(argv[4]) == "--pass-fd";
    const auto passed = passesOne ? readDescriptor(argv[5]) : std::optional(-1);
    if (mode == "daemon" && hasDirectory && (argc == 4 || wantsIsolation || (passesOne && passed))) {
        if (wantsIsolation)
            isolate(); // where the kernel refuses, the daemon is a subreaper
        return runDaemon(argv[3], *passed);
    }
    if (mode == "link" && hasDirectory && argc == 4)
        return pumpLink(argv[3]);
    return usage();
}
