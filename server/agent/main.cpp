// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/agent/daemon.h"
#include "server/agent/isolate.h"
#include "server/agent/pump.h"

#include <fcntl.h>

#include <charconv>
#include <cstdio>
#include <cstdlib>
#include <optional>
#include <span>
#include <string_view>

using namespace danube::agent;

namespace {

pid_t readSelf()
{
    char text[32]{};
    return readlink("/proc/self", text, sizeof text - 1) > 0 ? static_cast<pid_t>(strtol(text, nullptr, 10)) : 0;
}

int runDaemon(const char *directory, const DaemonOptions &options)
{
    // Whatever the caller left open is not ours, and must not reach a step.
    while (true) {
        const int fd = open("/dev/null", O_RDWR);
        if (fd < 0 || fd > STDERR_FILENO)
            break;
    }
    closeDescriptorsFrom(3, {options.passed});
    if (options.passed >= 0 && fcntl(options.passed, F_SETFD, FD_CLOEXEC) != 0) {
        fprintf(stderr, "danube-agent: descriptor %d is not open\n", options.passed);
        return 1;
    }
    // Trees of processes are walked by /proc; one of another PID namespace would lead to other processes.
    if (readSelf() != getpid()) {
        fputs("danube-agent: /proc is not mounted, or belongs to another PID namespace\n", stderr);
        return 1;
    }
    auto daemon = Daemon::create(directory, options);
    if (!daemon) {
        fprintf(stderr, "danube-agent: %s\n", daemon.error().text().c_str());
        return 1;
    }
    return (*daemon)->run();
}

std::optional<int> readNumber(std::string_view text, int least)
{
    int number = 0;
    const auto read = std::from_chars(text.data(), text.data() + text.size(), number);
    const bool isNumber = read.ec == std::errc() && read.ptr == text.data() + text.size() && number >= least;
    return isNumber ? std::optional(number) : std::nullopt;
}

struct Wishes
{
    DaemonOptions daemon;
    bool isIsolated = false;
};

/// What follows "daemon --dir DIR".
std::optional<Wishes> readWishes(std::span<char *const> words)
{
    Wishes wishes;
    for (std::size_t at = 0; at < words.size(); ++at) {
        const std::string_view word = words[at];
        if (word == "--isolate") {
            wishes.isIsolated = true;
            continue;
        }
        const bool isDescriptor = word == "--pass-fd";
        if ((!isDescriptor && word != "--orphan-limit") || ++at == words.size())
            return std::nullopt;
        const auto number = readNumber(words[at], isDescriptor ? STDERR_FILENO + 1 : 1);
        if (!number)
            return std::nullopt;
        if (isDescriptor)
            wishes.daemon.passed = *number;
        else
            wishes.daemon.orphanLimit = SteadyMs(*number) * 1'000;
    }
    return wishes;
}

int usage()
{
    fputs("danube-agent: usage: danube-agent daemon --dir DIR [--isolate | --pass-fd N] [--orphan-limit SECONDS] | "
          "link --dir DIR | install DEST | --version\n",
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
    const auto wishes =
        hasDirectory ? readWishes(std::span(argv, static_cast<std::size_t>(argc)).subspan(4)) : std::nullopt;
    if (mode == "daemon" && wishes && !(wishes->isIsolated && wishes->daemon.passed >= 0)) {
        if (wishes->isIsolated)
            isolate(); // where the kernel refuses, the daemon is a subreaper
        return runDaemon(argv[3], wishes->daemon);
    }
    if (mode == "link" && hasDirectory && argc == 4)
        return pumpLink(argv[3]);
    return usage();
}
