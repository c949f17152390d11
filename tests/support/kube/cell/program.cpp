// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/support/kube/cell/program.h"

#include <sys/ioctl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <csignal>
#include <optional>
#include <string_view>

namespace danube::cell {
namespace {

std::vector<char *> pointersTo(std::vector<std::string> texts, std::vector<std::string> &keep)
{
    keep = std::move(texts);
    std::vector<char *> pointers;
    for (auto &text : keep)
        pointers.push_back(text.data());
    pointers.push_back(nullptr);
    return pointers;
}

/// 0, or why this file cannot be executed.
int judgeFile(const std::string &path)
{
    struct stat status{};
    if (stat(path.c_str(), &status) != 0)
        return errno;
    return S_ISREG(status.st_mode) && access(path.c_str(), X_OK) == 0 ? 0 : EACCES;
}

std::string_view searchPath(const std::vector<std::string> &environment)
{
    for (const std::string_view entry : environment)
        if (entry.starts_with("PATH="))
            return entry.substr(5);
    return {};
}

std::optional<std::string> findInPath(const std::string &name, std::string_view path)
{
    while (!path.empty()) {
        const auto colon = path.find(':');
        std::string candidate(path.substr(0, colon));
        candidate += '/' + name;
        if (judgeFile(candidate) == 0)
            return candidate;
        path = colon == std::string_view::npos ? "" : path.substr(colon + 1);
    }
    return std::nullopt;
}

Result<std::string> findProgram(const Options &options)
{
    const std::string &name = options.command.front();
    const std::string object = "exec: \"" + name + '"';
    if (!name.contains('/')) {
        const auto found = findInPath(name, searchPath(options.environment));
        return found ? Result<std::string>(*found) : std::unexpected(object + ": executable file not found in $PATH");
    }
    const int error = judgeFile(name);
    if (error == 0)
        return name;
    return failed(error == EACCES ? object : object + ": stat " + name, error);
}

void resetSignals()
{
    for (int number = 1; number < NSIG; ++number)
        std::signal(number, SIG_DFL);
    sigset_t none;
    sigemptyset(&none);
    sigprocmask(SIG_SETMASK, &none, nullptr);
}

} // namespace

Failure becomeCommand(const Options &options)
{
    if (options.command.empty())
        return "args must not be empty";
    setsid();
    if (options.hasTerminal)
        ioctl(STDIN_FILENO, TIOCSCTTY, 0);
    umask(022);
    if (chdir(options.directory.c_str()) != 0)
        return failed("chdir to cwd (\"" + options.directory + "\") set in config.json failed").error();
    const auto program = findProgram(options);
    if (!program)
        return program.error();
    std::vector<std::string> arguments;
    std::vector<std::string> environment;
    const auto argumentPointers = pointersTo(options.command, arguments);
    const auto environmentPointers = pointersTo(options.environment, environment);
    resetSignals();
    execve(program->c_str(), argumentPointers.data(), environmentPointers.data());
    return failed("exec " + *program).error();
}

} // namespace danube::cell
