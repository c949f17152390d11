// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <sys/types.h>

#include <set>
#include <vector>

/// Walks and kills trees of processes by /proc.
namespace danube::agent {

/// Direct children of a process, of all its threads.
std::vector<pid_t> childrenOf(pid_t process);

struct TreeEntry
{
    pid_t process;
    pid_t parent;
};
/// Everything below `root`, parents first. `except` and what is below them are left out.
std::vector<TreeEntry> descendantsOf(pid_t root, const std::set<pid_t> &except = {});

/// 0 when there is no such process.
pid_t parentOf(pid_t process);
/// `process` is alive and below `ancestor`, or `ancestor` itself.
bool isAtOrBelow(pid_t process, pid_t ancestor);

/// Signals everything below the caller; processes that ended and whose number was given away again are spared.
void signalTree(int signal, const std::set<pid_t> &except = {});
/// One round against everything below the caller: stops until no new process turns up, then kills. The caller reaps,
/// and calls again until nothing is left; also a fork bomb ends, because a stopped process forks no more.
void killTreeOnce(const std::set<pid_t> &except = {});

} // namespace danube::agent
