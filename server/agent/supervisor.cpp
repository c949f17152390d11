// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/agent/supervisor.h"

#include "server/agent/control.h"
#include "server/agent/descriptor.h"
#include "server/agent/processtree.h"

#include <fcntl.h>
#include <poll.h>
#include <sys/prctl.h>
#include <sys/signalfd.h>
#include <sys/wait.h>

#include <algorithm>
#include <csignal>
#include <cstdio>

namespace danube::agent {
namespace {

constexpr SteadyMs killLimitMs = 10'000; // how long KILL is repeated until the rest is reported as unkillable

class Supervisor
{
public:
    explicit Supervisor(const SupervisorTask &task) : m_task(task) {}
    [[noreturn]] void run();

private:
    void settle();
    void launch();
    void readFailure(int pipe);
    void reap();
    void onControl();
    void onKill(SteadyMs graceMs);
    void onTime();
    void reportGone(int left);
    int waitMs() const;

    const SupervisorTask &m_task;
    Descriptor m_children; // signalfd of SIGCHLD; without one (the machine has no file left) they are looked at in turn
    pid_t m_main = 0;
    bool m_isChildless = false;
    bool m_isGoneReported = false;
    bool m_isKillReceived = false;
    SteadyMs m_killAt = never;
    SteadyMs m_giveUpAt = never;
};

void Supervisor::settle()
{
    prctl(PR_SET_NAME, "danube-step");
    prctl(PR_SET_DUMPABLE, 0);
    prctl(PR_SET_CHILD_SUBREAPER, 1);
    sigset_t all;
    sigfillset(&all);
    sigprocmask(SIG_SETMASK, &all, nullptr);
    setsid();
    const int null = open("/dev/null", O_RDWR | O_CLOEXEC);
    for (const int fd : {STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO})
        dup2(null, fd);
    int kept[] = {m_task.control, m_task.standardOutput, m_task.standardError, m_task.directory,
                  m_task.defaults.passed};
    std::ranges::sort(kept);
    closeDescriptorsFrom(3, {kept[0], kept[1], kept[2], kept[3], kept[4]});
    sigset_t child;
    sigemptyset(&child);
    sigaddset(&child, SIGCHLD);
    m_children = Descriptor(signalfd(-1, &child, SFD_CLOEXEC | SFD_NONBLOCK));
}

void Supervisor::launch()
{
    int failure[2];
    if (pipe2(failure, O_CLOEXEC) != 0)
        failure[0] = failure[1] = -1;
    const pid_t self = getpid();
    m_main = failure[0] < 0 ? -1 : fork();
    if (m_main == 0)
        becomeStep(m_task.spec, {m_task.standardOutput, m_task.standardError, failure[1]}, m_task.defaults, self);
    const int error = errno;
    close(failure[1]);
    close(m_task.standardOutput);
    close(m_task.standardError);
    if (m_main < 0)
        sendControl(m_task.control,
                    {ControlKind::NotStarted, static_cast<int>(LaunchStage::Fork), error, steadyMs(), {}});
    else
        readFailure(failure[0]);
    close(failure[0]);
}

void Supervisor::readFailure(int pipe)
{
    std::uint8_t bytes[5];
    ssize_t count = 0;
    do {
        count = read(pipe, bytes, sizeof bytes);
    } while (count < 0 && errno == EINTR);
    if (count != sizeof bytes) {
        sendControl(m_task.control, {ControlKind::Started, m_main, 0, steadyMs(), {}});
        return;
    }
    ByteReader in(bytes);
    const int stage = in.u8();
    sendControl(m_task.control, {ControlKind::NotStarted, stage, static_cast<int>(in.u32()), steadyMs(), {}});
    m_main = -1; // its exit status means nothing
}

void Supervisor::reap()
{
    signalfd_siginfo info;
    while (read(m_children.get(), &info, sizeof info) == sizeof info) {
    }
    int status = 0;
    pid_t ended = 0;
    while ((ended = waitpid(-1, &status, WNOHANG | __WALL)) > 0) {
        if (ended != m_main)
            continue;
        m_main = -1; // its number may be given to an orphan of the step, which is our child then
        sendControl(m_task.control, {ControlKind::MainEnded, status, m_isKillReceived ? 1 : 0, steadyMs(), {}});
    }
    m_isChildless = ended < 0 && errno == ECHILD;
    if (m_isChildless)
        reportGone(0);
}

void Supervisor::reportGone(int left)
{
    m_killAt = m_giveUpAt = never;
    if (!m_isGoneReported)
        sendControl(m_task.control, {ControlKind::TreeGone, left, 0, steadyMs(), {}});
    m_isGoneReported = true;
}

void Supervisor::onKill(SteadyMs graceMs)
{
    if (m_isGoneReported)
        return;
    const SteadyMs now = steadyMs();
    const bool isFirst = !m_isKillReceived;
    m_isKillReceived = true;
    m_killAt = std::min(m_killAt, now + graceMs);
    m_giveUpAt = m_killAt + killLimitMs;
    if (isFirst && graceMs > 0) {
        signalTree(SIGTERM);
        signalTree(SIGCONT); // a stopped process handles TERM only when it goes on
    }
}

void Supervisor::onControl()
{
    ControlMessage message;
    for (;;) {
        const ControlStatus status = receiveControl(m_task.control, message);
        if (status == ControlStatus::Nothing)
            return;
        if (status == ControlStatus::Message && message.kind == ControlKind::Record) {
            writeRecord(m_task.directory, message.extra);
            _exit(0);
        }
        if (status == ControlStatus::Message && message.kind == ControlKind::Kill) {
            onKill(message.first);
            continue;
        }
        // The daemon is gone, and with it everybody who could want this step.
        if (m_isGoneReported)
            _exit(0);
        onKill(0);
        return;
    }
}

void Supervisor::onTime()
{
    const SteadyMs now = steadyMs();
    if (now < m_killAt)
        return;
    if (now >= m_giveUpAt) {
        reportGone(static_cast<int>(std::max<std::size_t>(descendantsOf(getpid()).size(), 1)));
        return;
    }
    killTreeOnce();
}

int Supervisor::waitMs() const
{
    if (m_killAt == never)
        return m_children.isOpen() ? -1 : 100;
    const SteadyMs left = m_killAt - steadyMs();
    return static_cast<int>(left > 0 ? std::min<SteadyMs>(left, 60'000) : 5);
}

void Supervisor::run()
{
    settle();
    launch();
    reap();
    for (;;) {
        pollfd ready[] = {{m_task.control, POLLIN, 0}, {m_children.get(), POLLIN, 0}};
        poll(ready, 2, waitMs());
        if (ready[1].revents != 0 || m_killAt != never || !m_children.isOpen())
            reap();
        if (ready[0].revents != 0)
            onControl();
        onTime();
    }
}

} // namespace

void runSupervisor(const SupervisorTask &task)
{
    Supervisor(task).run();
}

bool writeRecord(int directory, ByteView record)
{
    unlinkat(directory, "exit.new", 0);
    const Descriptor file(openat(directory, "exit.new", O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600));
    const bool isWritten =
        file.isOpen() && write(file.get(), record.data(), record.size()) == static_cast<ssize_t>(record.size());
    return isWritten && fsync(file.get()) == 0 && renameat(directory, "exit.new", directory, "exit") == 0 &&
           fsync(directory) == 0;
}

} // namespace danube::agent
