// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/app/childrenend.h"

#include <csignal>
#include <pthread.h>
#include <sys/prctl.h>
#include <unistd.h>

namespace danube::app {
namespace {

pid_t parent = 0; ///< us; 0 in a child

/// Async-signal-safe, as all that runs between fork and exec.
void inChild()
{
    constexpr int notStarted = 127;
    if (parent == 0)
        return;
    ::prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (::getppid() != parent) // gone before the signal was asked for
        ::_exit(notStarted);
    parent = 0;
}

} // namespace

void endChildrenWithUs()
{
    if (parent == 0)
        ::pthread_atfork(nullptr, nullptr, inChild);
    parent = ::getpid();
}

} // namespace danube::app
