// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/agent/processtree.h"

#include "server/agent/descriptor.h"

#include <dirent.h>
#include <fcntl.h>
#include <sys/syscall.h>

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <csignal>
#include <cstring>
#include <memory>
#include <string>

namespace danube::agent {
namespace {

// A tree larger than this is worked through in several rounds.
constexpr std::size_t maxListed = 20'000;
constexpr int maxStopPasses = 20;

std::string readFile(const std::string &path)
{
    const Descriptor file(open(path.c_str(), O_RDONLY | O_CLOEXEC));
    std::string text;
    char buffer[4096];
    for (;;) {
        const ssize_t count = file.isOpen() ? read(file.get(), buffer, sizeof buffer) : 0;
        if (count <= 0)
            return text;
        text.append(buffer, static_cast<std::size_t>(count));
    }
}

std::vector<pid_t> parseNumbers(const std::string &text)
{
    std::vector<pid_t> numbers;
    const char *at = text.data();
    const char *end = at + text.size();
    while (at < end) {
        pid_t number = 0;
        const auto [next, error] = std::from_chars(at, end, number);
        if (error == std::errc())
            numbers.push_back(number);
        at = std::max(next, at) + 1;
    }
    return numbers;
}

struct CloseDirectory
{
    void operator()(DIR *directory) const { closedir(directory); }
};

std::vector<pid_t> numericEntries(const std::string &path)
{
    std::vector<pid_t> numbers;
    const std::unique_ptr<DIR, CloseDirectory> directory(opendir(path.c_str()));
    while (const dirent *entry = directory ? readdir(directory.get()) : nullptr) {
        pid_t number = 0;
        const char *end = entry->d_name + std::strlen(entry->d_name);
        if (std::from_chars(entry->d_name, end, number).ptr == end)
            numbers.push_back(number);
    }
    return numbers;
}

// For kernels without CONFIG_PROC_CHILDREN.
std::vector<pid_t> childrenByScan(pid_t process)
{
    auto all = numericEntries("/proc");
    std::erase_if(all, [process](pid_t other) { return parentOf(other) != process; });
    return all;
}

bool hasChildrenFile()
{
    static const bool has = access("/proc/thread-self/children", R_OK) == 0;
    return has;
}

// The descriptor holds on to the very process; only then its parent is looked at once more.
void signalChecked(const TreeEntry &entry, int signal)
{
    const Descriptor handle(static_cast<int>(syscall(SYS_pidfd_open, entry.process, 0)));
    if (!handle.isOpen()) {
        if (errno == ENOSYS)
            ::kill(entry.process, signal);
        return;
    }
    const pid_t parent = parentOf(entry.process);
    if (parent == entry.parent || parent == getpid())
        syscall(SYS_pidfd_send_signal, handle.get(), signal, nullptr, 0);
}

} // namespace

std::vector<pid_t> childrenOf(pid_t process)
{
    if (!hasChildrenFile())
        return childrenByScan(process);
    const std::string tasks = "/proc/" + std::to_string(process) + "/task";
    std::vector<pid_t> children;
    for (const pid_t thread : numericEntries(tasks)) {
        const auto some = parseNumbers(readFile(tasks + "/" + std::to_string(thread) + "/children"));
        children.insert(children.end(), some.begin(), some.end());
    }
    return children;
}

std::vector<TreeEntry> descendantsOf(pid_t root, const std::set<pid_t> &except)
{
    std::vector<TreeEntry> entries;
    const auto addChildren = [&](pid_t parent) {
        for (const pid_t child : childrenOf(parent)) {
            if (!except.contains(child) && entries.size() < maxListed)
                entries.push_back({child, parent});
        }
    };
    addChildren(root);
    for (std::size_t i = 0; i < entries.size(); ++i)
        addChildren(entries[i].process);
    return entries;
}

pid_t parentOf(pid_t process)
{
    const std::string stat = readFile("/proc/" + std::to_string(process) + "/stat");
    // "pid (name) state ppid …", and the name may hold anything.
    const std::size_t name = stat.rfind(") ");
    if (name == std::string::npos || name + 4 >= stat.size())
        return 0;
    pid_t parent = 0;
    std::from_chars(stat.data() + name + 4, stat.data() + stat.size(), parent);
    return parent;
}

bool isAtOrBelow(pid_t process, pid_t ancestor)
{
    for (int depth = 0; process > 0 && depth < 4096; ++depth) {
        if (process == ancestor)
            return true;
        process = parentOf(process);
    }
    return false;
}

void signalTree(int signal, const std::set<pid_t> &except)
{
    for (const TreeEntry &entry : descendantsOf(getpid(), except))
        signalChecked(entry, signal);
}

void killTreeOnce(const std::set<pid_t> &except)
{
    std::set<pid_t> stopped;
    std::vector<TreeEntry> entries;
    for (int pass = 0; pass < maxStopPasses; ++pass) {
        entries = descendantsOf(getpid(), except);
        bool isNew = false;
        for (const TreeEntry &entry : entries) {
            if (!stopped.insert(entry.process).second)
                continue;
            isNew = true;
            signalChecked(entry, SIGSTOP);
        }
        if (!isNew)
            break;
    }
    for (const TreeEntry &entry : entries)
        signalChecked(entry, SIGKILL);
}

} // namespace danube::agent
