// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "server/agent/systemerror.h"

#include <sys/types.h>

#include <string_view>

namespace danube::sandbox {

using agent::SystemResult;

/// Who a job's processes are. Made by root, they are root inside of their user namespace, and outside a user that
/// nobody else is, one per job; made by anybody else they keep that user's id, the only one the kernel lets them have.
struct Identity
{
    uid_t inside = 0;
    uid_t outside = 0; ///< the group's id is the same number where this is not the caller's own
    uid_t guard = 0;   ///< whom the guard runs as
    bool isOwn = true; ///< the caller's own ids
    bool operator==(const Identity &) const = default;
};

/// For a caller of user `caller` whose /proc/self/uid_map reads `map`. `unique` is below 2^22 and of no other living
/// job (a process id). 1 900 000 000 and up belongs to nobody (systemd's UIDS-GIDS.md); a container's root has fewer
/// ids.
Identity chooseIdentity(uid_t caller, std::string_view map, pid_t unique);

/// Of this process.
Identity chooseIdentity();

/// By the parent: maps `identity` into the new user namespace of `child`.
SystemResult<void> writeMaps(pid_t child, const Identity &identity);

/// By the child, once it is mapped: becomes it, with all rights inside of the namespace and none outside.
SystemResult<void> become(const Identity &identity);

/// Gives up every capability for good, also for programs that are run later, and all ways to get any.
SystemResult<void> dropPrivileges();

} // namespace danube::sandbox
