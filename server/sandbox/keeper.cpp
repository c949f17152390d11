// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/sandbox/keeper.h"

#include "server/agent/launch.h"
#include "server/sandbox/attemptsocket.h"
#include "server/sandbox/callfilter.h"
#include "server/sandbox/guardstart.h"

#include <fcntl.h>
#include <linux/keyctl.h>
#include <sched.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <csignal>
#include <fstream>
#include <sstream>

namespace danube::sandbox {
namespace {

using agent::refused;

constexpr int dialerNumber = 3; // DANUBE_RPC_DIALER_FD of the coordinator

SystemResult<void> enterNamespaces(JobRoot &root, const Identity &identity,
                                   const std::function<SystemResult<void>()> &waitForMap)
{
    // Root's own paths may be closed to the job's user; others have no rights over mounts before they have a namespace.
    auto done = identity.isOwn ? SystemResult<void>() : root.openFolders();
    if (done && ::unshare(CLONE_NEWUSER | CLONE_NEWNS | CLONE_NEWNET | CLONE_NEWIPC) != 0)
        done = refused("make namespaces for users, mounts and network");
    if (done)
        done = waitForMap();
    if (done && identity.isOwn)
        done = root.openFolders();
    if (done)
        done = become(identity);
    return done;
}

std::string readFile(const std::string &path)
{
    std::ostringstream text;
    text << std::ifstream(path).rdbuf();
    return text.str();
}

SystemResult<std::pair<Descriptor, Descriptor>> makePair(int type)
{
    int ends[2];
    if (::socketpair(AF_UNIX, type | SOCK_CLOEXEC, 0, ends) != 0)
        return refused("make a pair of sockets");
    return std::pair(Descriptor(ends[0]), Descriptor(ends[1]));
}

pid_t forkInto(int namespaces)
{
    return static_cast<pid_t>(::syscall(SYS_clone, namespaces | SIGCHLD, nullptr, nullptr, nullptr, nullptr));
}

/// Process 1 of a container; returns only what failed.
SystemResult<void> becomeAgent(JobRoot &root, const Options &options, Container container, Descriptor dialer,
                               int report)
{
    if (auto entered = root.enter(container); !entered)
        return entered;
    ::syscall(SYS_keyctl, KEYCTL_JOIN_SESSION_KEYRING, nullptr); // a kernel without keys has none to leak
    const bool isCoordinator = container == Container::Coordinator;
    const std::string folder = options.directory + (isCoordinator ? "/coordinator" : "/worker");
    const int null = ::open("/dev/null", O_RDWR | O_CLOEXEC);
    const int log = ::open((folder + "/agent.log").c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
    ::dup2(null, STDIN_FILENO);
    ::dup2(null, STDOUT_FILENO);
    ::dup2(log, STDERR_FILENO);
    report = ::fcntl(report, F_DUPFD_CLOEXEC, dialerNumber + 1);
    if (isCoordinator && dialer.get() != dialerNumber)
        ::dup2(dialer.get(), dialerNumber);
    else if (isCoordinator)
        ::fcntl(dialer.get(), F_SETFD, 0);
    agent::closeDescriptorsFrom(isCoordinator ? dialerNumber + 1 : dialerNumber, {report});
    auto ready = dropPrivileges();
    if (ready)
        ready = applyCallFilter();
    if (!ready)
        return ready;
    agent::resetSignals();
    const std::string number = std::to_string(dialerNumber);
    const std::string limit = std::to_string(options.orphanLimit);
    std::vector<const char *> arguments{options.agent.c_str(), "daemon", "--dir", folder.c_str()};
    if (isCoordinator)
        arguments.insert(arguments.end(), {"--pass-fd", number.c_str()});
    if (options.orphanLimit != 0)
        arguments.insert(arguments.end(), {"--orphan-limit", limit.c_str()});
    arguments.push_back(nullptr);
    ::execv(options.agent.c_str(), const_cast<char *const *>(arguments.data())); // which only reads them
    return refused("run " + options.agent);
}

/// A child that tells by `report` what failed, and by its end that nothing did. It waits for `go`, so that it cannot
/// miss our death between its start and its wish to be told.
template <class Body> [[noreturn]] void runChild(const Descriptor &go, const Descriptor &report, Body body)
{
    ::prctl(PR_SET_PDEATHSIG, SIGKILL);
    char byte = 0;
    if (::read(go.get(), &byte, 1) != 1)
        ::_exit(1);
    const SystemResult<void> done = body(report.get());
    const std::string text = done ? std::string() : done.error().text();
    [[maybe_unused]] const ssize_t written = ::write(report.get(), text.data(), text.size());
    ::_exit(done ? 0 : 1);
}

/// Starts `body` as process 1 of a PID namespace with a copy of our mounts; waits until it runs another program or
/// ends.
template <class Body> SystemResult<void> startInside(Body body)
{
    auto go = makePair(SOCK_STREAM);
    auto report = makePair(SOCK_STREAM);
    if (!go || !report)
        return refused("start a container");
    const pid_t child = forkInto(CLONE_NEWPID | CLONE_NEWNS);
    if (child == 0) {
        go->second.close();
        report->first.close();
        runChild(go->first, report->second, body);
    }
    if (child < 0)
        return refused("make namespaces for processes and mounts");
    go->first.close();
    report->second.close();
    if (::write(go->second.get(), "+", 1) != 1)
        return refused("start a container");
    std::array<char, 512> text{};
    const ssize_t size = ::read(report->first.get(), text.data(), text.size());
    if (size > 0)
        return refused("start a container (" + std::string(text.data(), static_cast<std::size_t>(size)) + ')', EPERM);
    return {};
}

SystemResult<std::vector<Listener>> makeListeners(const Options &options)
{
    const auto hasSix = openLoopback();
    if (!hasSix)
        return std::unexpected(hasSix.error());
    auto listeners = openListeners(options.ports, *hasSix ? InternetProtocols::FourAndSix : InternetProtocols::Four);
    if (!listeners)
        return listeners;
    auto attempts = openAttemptSocket(options.ports);
    if (attempts)
        listeners->push_back({"attempts", 0, std::move(*attempts)});
    else if (attempts.error().number != EAFNOSUPPORT)
        return std::unexpected(attempts.error());
    return listeners;
}

void waitForChildren()
{
    while (::waitpid(-1, nullptr, 0) > 0 || errno == EINTR) {
    }
}

} // namespace

SystemResult<void> keepJob(KeeperTask task)
{
    const Options &options = task.options;
    const std::string config = readFile(options.guardConfig); // while we may
    const pid_t parent = ::getppid();
    JobRoot root(options);
    if (auto entered = enterNamespaces(root, task.identity, task.waitForMap); !entered)
        return entered;
    ::prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (::getppid() != parent)
        return refused("the sandbox's first process ended", ECHILD);
    auto listeners = makeListeners(options);
    auto dialer = makePair(SOCK_SEQPACKET);
    if (!listeners || !dialer)
        return std::unexpected(listeners ? dialer.error() : listeners.error());
    if (auto built = root.build(); !built)
        return built;
    listeners->push_back({"dialer", 0, std::move(dialer->first)});
    listeners->push_back({"lifeline", 0, std::move(task.lifeline)});
    listeners->push_back({"flows", 0, std::move(task.flows)});
    const auto message = firstMessage(config, *listeners);
    if (!message)
        return std::unexpected(message.error());
    if (auto configured = configureGuard(task.control.get(), *message, *listeners); !configured)
        return configured;
    listeners->clear();
    task.control.close();
    for (const Container container : {Container::Coordinator, Container::Worker}) {
        auto started = startInside(
            [&](int report) { return becomeAgent(root, options, container, std::move(dialer->second), report); });
        if (!started)
            return started;
    }
    dialer->second.close();
    waitForChildren();
    return {};
}

SystemResult<void> tryNamespaces(const Options &options, const Identity &identity,
                                 const std::function<SystemResult<void>()> &waitForMap)
{
    JobRoot root(options);
    auto done = enterNamespaces(root, identity, waitForMap);
    if (done) {
        if (const auto listeners = makeListeners(options); !listeners)
            done = std::unexpected(listeners.error());
    }
    if (done)
        done = root.build();
    if (done)
        done = startInside([&](int) {
            auto entered = root.enter(Container::Worker);
            if (entered)
                entered = dropPrivileges();
            return entered ? applyCallFilter() : entered;
        });
    waitForChildren();
    return done;
}

} // namespace danube::sandbox
