// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/agent/launch.h"

#include <fcntl.h>
#include <linux/capability.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>
#include <csignal>
#include <system_error>

namespace danube::agent {
namespace {

// Each of these opens the memory or descriptors of a process of the same user, or the whole machine. What a container
// runtime grants by default is not among them.
constexpr int droppedCapabilities[] = {CAP_SYS_PTRACE, CAP_SYS_ADMIN,         CAP_SYS_MODULE, CAP_SYS_RAWIO,
                                       CAP_SYS_BOOT,   CAP_SYS_TIME,          CAP_BPF,        CAP_PERFMON,
                                       CAP_MAC_ADMIN,  CAP_MAC_OVERRIDE,      CAP_SYSLOG,     CAP_DAC_READ_SEARCH,
                                       CAP_SYS_PACCT,  CAP_CHECKPOINT_RESTORE};

void dropCapabilities()
{
    __user_cap_header_struct header{_LINUX_CAPABILITY_VERSION_3, 0};
    __user_cap_data_struct data[2]{};
    prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_CLEAR_ALL, 0, 0, 0);
    for (const int capability : droppedCapabilities)
        prctl(PR_CAPBSET_DROP, capability, 0, 0, 0); // refused without CAP_SETPCAP, where there is nothing to drop
    if (syscall(SYS_capget, &header, data) != 0)
        return;
    for (const int capability : droppedCapabilities) {
        auto &word = data[CAP_TO_INDEX(capability)];
        const std::uint32_t mask = ~static_cast<std::uint32_t>(CAP_TO_MASK(capability));
        word.effective &= mask;
        word.permitted &= mask;
        word.inheritable &= mask;
    }
    syscall(SYS_capset, &header, data);
}

int resourceOf(LimitKind kind)
{
    switch (kind) {
    case LimitKind::CpuSeconds:
        return RLIMIT_CPU;
    case LimitKind::AddressSpace:
        return RLIMIT_AS;
    case LimitKind::FileSize:
        return RLIMIT_FSIZE;
    case LimitKind::OpenFiles:
        return RLIMIT_NOFILE;
    case LimitKind::Processes:
        return RLIMIT_NPROC;
    case LimitKind::Core:
        return RLIMIT_CORE;
    }
    return -1;
}

bool applyLimits(const StepSpec &spec, const ProcessDefaults &defaults)
{
    rlimit files{};
    getrlimit(RLIMIT_NOFILE, &files);
    files.rlim_cur = std::min<rlim_t>(defaults.openFilesSoft, files.rlim_max);
    setrlimit(RLIMIT_NOFILE, &files);
    return std::ranges::all_of(spec.limits, [](const ResourceLimit &limit) {
        const rlimit value{limit.soft == UINT64_MAX ? RLIM_INFINITY : limit.soft,
                           limit.hard == UINT64_MAX ? RLIM_INFINITY : limit.hard};
        return setrlimit(static_cast<__rlimit_resource>(resourceOf(limit.kind)), &value) == 0;
    });
}

std::vector<char *> pointersTo(std::vector<std::string> &texts)
{
    std::vector<char *> pointers;
    pointers.reserve(texts.size() + 1);
    for (auto &text : texts)
        pointers.push_back(text.data());
    pointers.push_back(nullptr);
    return pointers;
}

[[noreturn]] void giveUp(int pipe, LaunchStage stage)
{
    const int error = errno;
    Bytes bytes;
    ByteWriter out(bytes);
    out.u8(static_cast<std::uint8_t>(stage));
    out.u32(static_cast<std::uint32_t>(error));
    [[maybe_unused]] const ssize_t written = write(pipe, bytes.data(), bytes.size());
    _exit(127);
}

// A command given as text is run by a shell, which small images do not have.
std::string adviceFor(int error, const StepSpec &spec)
{
    if (error != ENOENT || spec.argv.front() != "/bin/sh")
        return {};
    return " (the image has no shell: give the command as a list of arguments, or choose an image with a shell)";
}

/// "KIND'NAME'" when the name is short: what is cut later may have held a secret, and would not be known as one.
std::string named(const char *kind, const char *unnamed, const std::string &name)
{
    constexpr std::size_t longestTold = 256;
    return name.size() <= longestTold ? kind + ("'" + name + "'")
                                      : unnamed + (" with a name of " + std::to_string(name.size()) + " bytes");
}

} // namespace

int exitCodeOf(LaunchStage stage, int error)
{
    return stage == LaunchStage::Execute && (error == ENOENT || error == ENOTDIR) ? 127 : 126;
}

std::string describeLaunchFailure(LaunchStage stage, int error, const StepSpec &spec)
{
    const std::string reason = ": " + std::generic_category().message(error);
    switch (stage) {
    case LaunchStage::Fork:
        return "cannot make a process" + reason;
    case LaunchStage::Limits:
        return "cannot set the step's resource limits" + reason;
    case LaunchStage::Directory:
        return "cannot enter " + named("directory ", "a directory", spec.workingDirectory) + reason;
    case LaunchStage::Execute:
        return "cannot run " + named("", "a program", spec.argv.front()) + reason + adviceFor(error, spec);
    }
    return "cannot run" + reason;
}

std::vector<std::string> composeEnvironment(const StepSpec &spec, char *const *inherited)
{
    std::vector<std::string> environment;
    const auto put = [&environment](std::string entry) {
        const std::string name = entry.substr(0, entry.find('=') + 1);
        const auto same = [&name](const std::string &other) { return other.starts_with(name); };
        const auto found = std::ranges::find_if(environment, same);
        if (found != environment.end())
            *found = std::move(entry);
        else
            environment.push_back(std::move(entry));
    };
    for (char *const *entry = inherited; spec.inheritEnvironment && entry && *entry; ++entry)
        put(*entry);
    for (const auto &entry : spec.environment)
        put(entry);
    return environment;
}

void closeDescriptorsFrom(int first, std::initializer_list<int> keep)
{
    unsigned from = static_cast<unsigned>(first);
    const auto closeTo = [&from](unsigned last) {
        if (from > last || close_range(from, last, 0) == 0)
            return;
        for (unsigned fd = from; fd <= std::min(last, 65'535U); ++fd) // kernels before 5.9
            close(static_cast<int>(fd));
    };
    for (const int kept : keep) {
        if (kept < static_cast<int>(from))
            continue;
        if (kept > static_cast<int>(from))
            closeTo(static_cast<unsigned>(kept) - 1);
        from = static_cast<unsigned>(kept) + 1;
    }
    closeTo(~0U);
}

void resetSignals()
{
    for (int signal = 1; signal < NSIG; ++signal)
        ::signal(signal, SIG_DFL);
    sigset_t none;
    sigemptyset(&none);
    sigprocmask(SIG_SETMASK, &none, nullptr);
}

void becomeStep(const StepSpec &spec, const LaunchPipes &pipes, const ProcessDefaults &defaults, pid_t supervisor)
{
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (getppid() != supervisor)
        _exit(127);
    setsid();
    dup2(pipes.standardOutput, STDOUT_FILENO);
    dup2(pipes.standardError, STDERR_FILENO);
    fcntl(pipes.failure, F_SETFD, FD_CLOEXEC);
    closeDescriptorsFrom(3, {std::min(pipes.failure, defaults.passed), std::max(pipes.failure, defaults.passed)});
    if (defaults.passed >= 0)
        fcntl(defaults.passed, F_SETFD, 0);
    umask(defaults.umask);
    auto environment = composeEnvironment(spec, environ);
    auto arguments = spec.argv;
    if (!applyLimits(spec, defaults))
        giveUp(pipes.failure, LaunchStage::Limits);
    if (!spec.workingDirectory.empty() && chdir(spec.workingDirectory.c_str()) != 0)
        giveUp(pipes.failure, LaunchStage::Directory);
    dropCapabilities();
    auto environmentPointers = pointersTo(environment);
    auto argumentPointers = pointersTo(arguments);
    environ = environmentPointers.data(); // execvp looks the program up in the step's PATH, not in ours
    resetSignals();
    execvp(argumentPointers[0], argumentPointers.data());
    giveUp(pipes.failure, LaunchStage::Execute);
}

} // namespace danube::agent
