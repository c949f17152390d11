// SPDX-License-Identifier: GPL-3.0-or-later
// danube-cell makes one container of the stand-in cluster, or starts one more process in it. This process stays outside
// as the parent: it passes SIGTERM on, waits, and exits as the command did (128 + number for a signal, 125 when it
// never ran). It dies with its own parent, and the command (with a container's PID 1 the whole container) dies with it.
#include "tests/support/kube/cell/credentials.h"
#include "tests/support/kube/cell/program.h"
#include "tests/support/kube/cell/rootfilesystem.h"

#include <fcntl.h>
#include <poll.h>
#include <sched.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <cstdio>
#include <tuple>

using namespace danube::cell;

namespace {

constexpr int notStarted = 125;
constexpr int ownNamespaces = CLONE_NEWNS | CLONE_NEWUTS | CLONE_NEWIPC;

void report(const Options &options, const std::string &line)
{
    const int descriptor = options.report >= 0 ? options.report : STDERR_FILENO;
    std::ignore = write(descriptor, line.data(), line.size());
}

[[noreturn]] void giveUp(const Options &options, const Failure &failure)
{
    report(options, "failed " + failure + '\n');
    _exit(notStarted);
}

Result<void> joinContainer(pid_t target)
{
    const int process = static_cast<int>(syscall(SYS_pidfd_open, target, 0));
    if (process < 0 || setns(process, ownNamespaces | CLONE_NEWPID) != 0)
        return failed("join the container of process " + std::to_string(target));
    close(process);
    return {};
}

Result<void> furnish(const Options &options)
{
    if (unshare(ownNamespaces) != 0)
        return failed("make namespaces");
    if (!options.hostname.empty() && sethostname(options.hostname.data(), options.hostname.size()) != 0)
        return failed("set the host name");
    return enterRootFileSystem(options);
}

/// The child. `lifeline` is the read end of a pipe that only the parent writes to, which it never does.
[[noreturn]] void live(const Options &options, int lifeline)
{
    if (options.verb == Options::Verb::Run)
        if (auto furnished = furnish(options); !furnished)
            giveUp(options, furnished.error());
    if (auto taken = takeCredentials(options); !taken)
        giveUp(options, taken.error());
    prctl(PR_SET_PDEATHSIG, SIGKILL); // a change of credentials would have cleared it
    pollfd parent{lifeline, POLLIN, 0};
    if (poll(&parent, 1, 0) != 0)
        _exit(notStarted);
    giveUp(options, becomeCommand(options));
}

void releaseDescriptors(const Options &options)
{
    if (options.report >= 0)
        close(options.report);
    const int null = open("/dev/null", O_RDWR | O_CLOEXEC);
    for (const int standard : {STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO})
        dup2(null, standard); // else the command's readers would wait for us too
    close(null);
}

int waitFor(pid_t child, const sigset_t &signals)
{
    while (true) {
        int status = 0;
        if (waitpid(child, &status, WNOHANG) == child)
            return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
        const int signal = sigwaitinfo(&signals, nullptr);
        if (signal == SIGTERM || signal == SIGUSR1)
            kill(child, signal == SIGTERM ? SIGTERM : SIGKILL);
    }
}

int start(const Options &options)
{
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (options.parent > 0 && getppid() != options.parent)
        return notStarted;
    if (options.report >= 0)
        fcntl(options.report, F_SETFD, FD_CLOEXEC);
    sigset_t signals;
    sigemptyset(&signals);
    sigaddset(&signals, SIGCHLD);
    sigaddset(&signals, SIGTERM);
    sigaddset(&signals, SIGUSR1);
    sigprocmask(SIG_BLOCK, &signals, nullptr);
    int lifeline[2];
    if (pipe2(lifeline, O_CLOEXEC) != 0)
        giveUp(options, failed("make a pipe").error());
    const bool isRun = options.verb == Options::Verb::Run;
    const auto joined = isRun ? Result<void>() : joinContainer(options.target);
    if (!joined)
        giveUp(options, joined.error());
    if (isRun && unshare(CLONE_NEWPID) != 0)
        giveUp(options, failed("make a PID namespace").error());
    const pid_t child = fork();
    if (child < 0)
        giveUp(options, failed("make a process").error());
    if (child == 0) {
        close(lifeline[1]);
        live(options, lifeline[0]);
    }
    report(options, "pid " + std::to_string(child) + '\n');
    releaseDescriptors(options);
    return waitFor(child, signals);
}

/// Whether containers can be made here at all.
int check()
{
    if (geteuid() != 0)
        return std::fputs("danube-cell: containers need root\n", stderr), 1;
    if (unshare(ownNamespaces | CLONE_NEWPID) != 0)
        return std::fprintf(stderr, "danube-cell: %s\n", failed("the kernel refuses namespaces").error().c_str()), 1;
    return 0;
}

} // namespace

int main(int argc, char **argv)
{
    const auto options = readOptions(argc, argv);
    if (!options) {
        std::fprintf(stderr, "danube-cell: %s\n%s", options.error().c_str(), usage());
        return 2;
    }
    return options->verb == Options::Verb::Check ? check() : start(*options);
}
