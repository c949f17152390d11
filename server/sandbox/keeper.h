// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "server/sandbox/identity.h"
#include "server/sandbox/jobroot.h"
#include "server/sandbox/options.h"

#include <functional>

namespace danube::sandbox {

/// What the keeper has from its parent.
struct KeeperTask
{
    const Options &options;
    const Identity &identity;
    Descriptor control;                             ///< the launcher's end of the guard's control socket
    Descriptor lifeline;                            ///< read end of a pipe that the parent holds open
    Descriptor flows;                               ///< file of records, opened to append
    std::function<SystemResult<void>()> waitForMap; ///< until the parent has mapped our users
};

/// The process that makes a job's namespaces and stays as the parent of its two agents: users, network, IPC, and for
/// each agent mounts and processes. Runs in a child of the warden; returns when both agents have ended, or what failed.
SystemResult<void> keepJob(KeeperTask task);

/// Only tries: everything that keepJob() asks the kernel for, without guard, agents and job.
SystemResult<void> tryNamespaces(const Options &options, const Identity &identity,
                                 const std::function<SystemResult<void>()> &waitForMap);

} // namespace danube::sandbox
